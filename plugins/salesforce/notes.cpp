#include "sync.h"

#include <algorithm>

namespace leadsync::salesforce {
namespace {
/// A task without our key: those of the person are read, and compared by their text, which a query cannot filter by.
sdk::task<> find_written(const collection* work, records ambiguous) {
  if (ambiguous.empty()) co_return;
  std::vector<std::string> people;
  for (const auto* one : ambiguous) people.push_back(one->values.text("WhoId"));
  lookup what{std::string(task_records.type), "Id,WhoId,Description", "WhoId"};
  const auto found = co_await query_each(std::move(what), std::move(people), std::string(phase_names[note_phase]), leads_of(ambiguous));
  for (auto* one : ambiguous) {
    if (found.failed) work->fail(*one, *found.failed, &found.where);
    const auto same = std::find_if(found.rows.begin(), found.rows.end(), [&](const json::object& row) {
      return same_id(row_text(row, "WhoId"), one->values.text("WhoId")) && folded(row_text(row, "Description")) == folded(one->values.text("Description"));
    });
    if (found.failed || same == found.rows.end()) continue;
    one->id = row_text(*same, "Id");
    work->succeed(*one, &found.where);
  }
}

void complete(record& task, const std::string& person) {
  const auto add = [&](std::string_view field, std::string_view value) {
    if (task.values.text(field).empty()) task.values.added.emplace_back(field, value);
  };
  add("Subject", "Notes");
  add("Status", "Completed");
  add("Priority", "Normal");
  task.values.added.emplace_back("WhoId", person);
}
}  // namespace

sdk::task<> write_notes(sync_job* job) {
  auto work = job->begin(note_phase, task_records);
  const bool keyed = job->keyed(task_records);
  records known, fresh, doubtful;
  for (auto& lead : job->leads) {
    if (lead.done[note_phase]) continue;
    auto& task = lead.task;
    if (task.values.text("Description").empty()) {
      work.skip(lead, "the lead has no note");
      continue;
    }
    if (lacks_person(lead, work)) continue;
    if (!task.id.empty()) {
      known.push_back(&task);
      continue;
    }
    complete(task, lead.id);
    fresh.push_back(&task);
    if (!keyed && task.ambiguous) doubtful.push_back(&task);
  }
  known = co_await work.drop_what_is_set("Id", known);
  co_await work.write(write_kind::update, known);
  for (auto& lead : job->leads) {
    if (!lead.task.aside || lead.task.settled) continue;
    complete(lead.task, lead.id);
    fresh.push_back(&lead.task);
  }
  co_await find_written(&work, doubtful);
  std::erase_if(fresh, [](const auto* one) { return one->settled; });
  auto kind = write_kind::create;
  if (keyed) kind = write_kind::upsert;
  co_await work.write(kind, fresh);
}
}  // namespace leadsync::salesforce

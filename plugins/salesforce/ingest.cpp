#include "ingest.h"

#include "collection.h"

#include <leadsync/csv.hpp>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace leadsync::salesforce {
namespace {
using namespace std::chrono_literals;

constexpr std::string_view jobs_path = "/jobs/ingest";
constexpr std::size_t largest_upload = 24u << 20;  // the results repeat it, and may have 32 MiB
constexpr auto upload_deadline = 10min;
constexpr auto first_pause = 500ms, longest_pause = 20'000ms;
constexpr auto longest_job = 2h;
constexpr int most_silent_polls = 5;

std::string url_of(const std::string& job, std::string_view part = {}) { return std::string(api).append(jobs_path) + "/" + job + std::string(part); }

std::size_t column_of(const sdk::csv_row& header, std::string_view name) {
  return std::size_t(std::find(header.cells.begin(), header.cells.end(), name) - header.cells.begin());
}

/// "CODE:message:FIELD --" as a row of a collections answer. The message may hold colons.
json::object failed_row(std::string_view error) {
  const auto code = error.substr(0, error.find(':'));
  error.remove_prefix(std::min(code.size() + 1, error.size()));
  const auto last = error.rfind(':');
  const auto message = error.substr(0, last);
  auto fields = last == error.npos ? std::string_view() : error.substr(last + 1);
  fields = fields.substr(0, fields.find_first_of(", -"));
  json::object one{{"statusCode", code}, {"message", message}};
  if (!fields.empty()) one["fields"] = json::array{json::value(fields)};
  return {{"success", false}, {"errors", json::array{std::move(one)}}};
}

/// Leads that are created without an owner go through the org's active rule, which a job must name. Nothing where that cannot be asked.
sdk::task<std::optional<std::string>> assignment_rule(const sobject* kind, std::string phase, std::vector<std::uint32_t> leads) {
  if (kind->type != lead_records.type) co_return std::string();
  const std::string soql = "SELECT Id FROM AssignmentRule WHERE SobjectType = 'Lead' AND Active = true";
  const auto found = co_await query(soql, std::move(phase), std::move(leads));
  if (found.failed) co_return std::nullopt;
  co_return found.rows.empty() ? std::string() : row_text(found.rows.front(), "Id");
}

/// The records as CSV, each with all columns. Those that a job cannot carry come to `others`: an owner beside an assignment rule, a text
/// that would clear the field, what nothing would tell apart in the results, and what makes it too large.
std::string upload_of(records& carried, records& others, std::string_view identity, bool by_key, bool has_rule) {
  std::vector<std::string> columns{std::string(identity)};
  std::unordered_set<std::string_view> known{identity};
  const auto add = [&](std::string_view name) {
    if (known.insert(name).second) columns.emplace_back(name);
  };
  for (const auto* one : carried) {
    for (const auto& [name, value] : one->values.added) add(name);
    for (const auto& field : *one->values.fields) add(field.key());
  }
  std::string text;
  sdk::append_csv(text, columns);
  const auto fits = [&](const record* one) {
    if (text.size() > largest_upload || (has_rule && one->values.sends("OwnerId"))) return false;
    std::vector<std::string> cells;
    for (const auto& column : columns) cells.push_back(by_key && cells.empty() ? one->key : one->values.cell(column));
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells[i] == null_cell && one->values.text(columns[i]) == null_cell) return false;
    if (cells.front().empty()) return false;  // its row of the results could not be told from another's
    sdk::append_csv(text, cells);
    return true;
  };
  const auto refused = std::stable_partition(carried.begin(), carried.end(), fits);
  others.assign(refused, carried.end());
  carried.erase(refused, carried.end());
  return text;
}
}  // namespace

sdk::task<records> collection::ingest(write_kind kind, records all) {
  const auto leads = leads_of(all);
  const auto rule = co_await assignment_rule(&kind_, phase_, leads);
  if (!rule) co_return all;
  const bool by_key = kind == write_kind::upsert;
  records others;
  auto text = upload_of(all, others, identity_column(kind), by_key, !rule->empty());
  if (all.empty()) co_return others;
  json::object wanted{{"object", kind_.type}, {"operation", by_key ? "upsert" : "insert"}, {"contentType", "CSV"}, {"lineEnding", "LF"}};
  if (by_key) wanted["externalIdFieldName"] = key_field;
  if (!rule->empty()) wanted["assignmentRuleId"] = *rule;
  // What a job is refused for, a call is refused for as well, and tells it by record: so all that goes wrong before the results leads there.
  auto opening = sdk::http.post(std::string(api).append(jobs_path));
  opening.phase(phase_).leads(leads).keyed_write().json(json::serialize(wanted));
  const auto opened = co_await std::move(opening);
  const auto document = parsed_value(opened.body());
  const auto job = id_of(as_object(document), "id");
  bool complete = opened.ok() && !job.empty();
  if (complete) {
    jobs_->remember(phase_, job);
    auto uploading = sdk::http.put(url_of(job, "/batches"));
    uploading.phase(phase_).leads(leads).keyed_write().deadline(upload_deadline).body("text/csv", std::move(text));
    const auto uploaded = co_await std::move(uploading);
    const std::string state = uploaded.ok() ? "UploadComplete" : "Aborted";
    co_await set_state(job, state);
    complete = uploaded.ok();
  }
  if (complete) all = co_await results_of(job, kind, std::move(all));
  all.insert(all.end(), others.begin(), others.end());
  co_return all;
}

sdk::task<> collection::set_state(std::string job, std::string state) {
  auto request = sdk::http.patch(url_of(job));
  request.phase(phase_).keyed_write().json(json::serialize(json::object{{"state", state}}));
  co_await std::move(request);
}

/// Until it has ended. Nothing where it is not there; `silence` is what the CRM says instead.
sdk::task<bool> collection::ended(std::string job, std::optional<failure>* silence) {
  std::chrono::milliseconds waited{0}, pause = first_pause;
  int silent = 0;
  for (;;) {
    const auto answer = co_await sdk::http.get(url_of(job)).phase(phase_);
    const auto document = parsed_value(answer.body());
    const auto state = std::string(text_of(as_object(document), "state"));
    if (answer.status() == 404) co_return false;
    if (!answer.ok() || state.empty()) {
      if (++silent == most_silent_polls) {
        *silence = classify(answer);
        // Its leads will be sent again: what is worked off after that would take back what was changed meanwhile.
        co_await set_state(job, "Aborted");
        co_return false;
      }
    } else {
      silent = 0;
      if (state == "JobComplete" || state == "Failed" || state == "Aborted") co_return true;
      // Its upload never came to an end, or it is not worked off: what of it was not, goes by calls.
      if (state == "Open" || waited >= longest_job) co_await set_state(job, "Aborted");
      if (state == "Open") co_return false;
    }
    co_await sdk::wait(pause);
    waited += pause;
    pause = std::min<std::chrono::milliseconds>(2 * pause, longest_pause);
  }
}

sdk::task<records> collection::results_of(std::string job, write_kind kind, records all) {
  std::optional<failure> silence;
  const bool has_results = co_await ended(job, &silence);
  if (silence)
    for (auto* one : all) fail(*one, *silence, nullptr);
  if (silence) co_return records();
  if (!has_results) co_return all;

  std::unordered_multimap<std::string, std::size_t> waiting;
  for (std::size_t i = 0; i < all.size(); ++i)
    waiting.emplace(kind == write_kind::upsert ? folded(all[i]->key) : all[i]->values.text(identity_column(kind)), i);
  const call about{kind, all, false};
  records moved;
  for (const bool good : {true, false}) {
    const std::string part = good ? "/successfulResults/" : "/failedResults/";
    const auto answer = co_await sdk::http.get(url_of(job, part)).phase(phase_).max_response_bytes(32u << 20).deadline(upload_deadline);
    if (!answer.ok()) continue;
    const auto rows = sdk::read_csv(answer.body());
    if (rows.empty()) continue;
    const auto id = column_of(rows[0], "sf__Id"), error = column_of(rows[0], "sf__Error"), by = column_of(rows[0], identity_column(kind));
    const auto cells = rows[0].cells.size();
    if (id >= cells || by >= cells || (!good && error >= cells)) continue;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      if (rows[i].cells.size() != cells) continue;
      const auto& identity = rows[i].cells[by];
      const auto found = waiting.find(kind == write_kind::upsert ? folded(identity) : identity);
      if (found == waiting.end()) continue;
      const auto row = good ? json::object{{"success", true}, {"id", rows[i].cells[id]}} : failed_row(rows[i].cells[error]);
      // A job cannot pass alerts; a call can.
      const bool passes = options_.allow_duplicates && !good && rows[i].cells[error].starts_with("DUPLICATES_DETECTED:");
      const place where{answer.number(), {}, "bytes=" + std::to_string(rows[i].begin) + "-" + std::to_string(rows[i].end - 1)};
      if (!passes) settle_row(about, found->second, row, where, moved);
      waiting.erase(found);
    }
  }
  if (!moved.empty()) co_await write(write_kind::update, moved);
  std::erase_if(all, [](const auto* one) { return one->settled || one->aside; });
  co_return all;
}

sdk::task<> collection::take_left(write_kind kind, records* all) {
  const auto job = jobs_ ? jobs_->take_left(phase_) : std::string();
  if (!job.empty() && !all->empty()) *all = co_await results_of(job, kind, *all);
}
}  // namespace leadsync::salesforce

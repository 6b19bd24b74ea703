#include "mapping/preview.h"
#include "mapping/suggest.h"
#include "runtime/engine.h"

#include <algorithm>
#include <set>

namespace leadsync {

namespace {

constexpr int preview_page = 2'000;

struct preview_work {
  mapping_preview counts;
  std::int64_t failed = 0;
};

void add_page(preview_work& work, const std::vector<document_row>& rows, const rendering& before, const compiled_mapping& after) {
  for (const auto& row : rows) {
    const bool cleared = row.state == delivery_state::cleared;
    if (!cleared && row.state != delivery_state::failed) continue;
    auto document = parse_lead_document(row.document_json);
    if (!document) continue;
    const auto id = to_string(row.lead);
    const lead_view lead{*document, row.event_name, id};
    const auto was = before.compiled.render(lead);
    const auto would = after.render(lead);
    if (cleared) {
      work.counts.add_cleared(was, would);
    } else {
      ++work.failed;
      work.counts.add_failed(row.what, was, would);
    }
  }
}

std::string sentence(const preview_report& report) {
  std::string text = std::to_string(report.would_pass) + " would pass";
  for (const auto& [what, count] : report.moves) text += ", " + std::to_string(count) + " move to " + std::string(code_of(what));
  text += ", " + std::to_string(report.stays) + " stay";
  if (report.cleared_changed > 0)
    text += "; " + std::to_string(report.cleared_changed) + " cleared leads would render differently and are not sent again";
  return text;
}

bool matches(const locus& where, const std::optional<locus>& wanted) {
  if (!wanted) return true;
  const auto agrees = [](const std::string& want, const std::string& have) { return want.empty() || want == have; };
  return agrees(wanted->object, where.object) && agrees(wanted->remote_field, where.remote_field) &&
         agrees(wanted->lead_field, where.lead_field) && agrees(wanted->value, where.value);
}

std::vector<std::string> mapped_fields(const mapping& fields, std::string_view object) {
  std::vector<std::string> names;
  for (const auto& each : fields.fields)
    if (each.object == object) names.push_back(each.remote_field);
  return names;
}

void suggest_for(fix_item& item, category what, const rendering& how) {
  const auto* object = how.schema->find(item.where.object);
  const auto* field = object ? object->find(item.where.remote_field) : nullptr;
  if (field && !field->options.empty() && !item.where.value.empty()) {
    for (auto& each : suggest_options(*field, item.where.value)) item.suggestions.push_back({each.value, each.label, each.reason});
    return;
  }
  const bool wants_field = what == category::missing_remote_field || what == category::field_not_writable ||
                           what == category::data_format_validation || what == category::data_too_long;
  if (!object || !wants_field) return;
  const field_need need{.name = item.where.remote_field, .source = item.where.lead_field};
  for (auto& each : suggest_fields(*object, need, mapped_fields(*how.fields, object->name)))
    item.suggestions.push_back({each.remote_field, each.label, each.reason});
}

}  // namespace

commands::task<preview_report> engine::preview(std::string name, mapping fields, delivery_filter filter) {
  auto* found = find(name);
  if (!found) co_return unknown(name);
  const auto before = found->current_rendering();
  if (!before) co_return make_error(errc::unavailable, "the CRM of " + name + " has not been described yet");
  const auto changed = std::make_shared<const mapping>(std::move(fields));
  const auto after = std::make_shared<const compiled_mapping>(changed, before->schema, render_options_of(found->plugin()->manifest()));

  auto work = std::make_shared<preview_work>();
  delivery_id last{};
  for (;;) {
    auto rows = co_await context_.data.documents(found->id(), filter, last, preview_page);
    if (!rows) co_return rows.error();
    if (rows->empty()) break;
    last = rows->back().delivery;
    const auto page = std::make_shared<std::vector<document_row>>(std::move(*rows));
    const std::function<bool()> examine = [work, page, before, after] {
      add_page(*work, *page, *before, *after);
      return true;
    };
    auto examined = co_await context_.workers->call<bool>(examine, std::chrono::seconds(60));
    if (!examined) co_return with_context(examined.error(), "previewing");
  }
  preview_report report;
  report.examined = work->failed;
  report.would_pass = work->counts.would_pass();
  report.moves = work->counts.moves();
  report.stays = work->counts.stays();
  report.cleared_examined = work->counts.cleared();
  report.cleared_changed = work->counts.cleared_would_differ();
  report.text = sentence(report);
  co_return report;
}

commands::task<fix_report> engine::fixes(std::string name, category what, std::optional<locus> where) {
  auto* found = find(name);
  if (!found) co_return unknown(name);
  const auto how = found->current_rendering();
  if (!how) co_return make_error(errc::unavailable, "the CRM of " + name + " has not been described yet");
  delivery_filter filter;
  filter.state = delivery_state::failed;
  filter.what = what;
  auto groups = co_await context_.data.groups(found->id(), filter);
  if (!groups) co_return groups.error();

  fix_report report{.what = what, .title = std::string(info_of(what).fixer)};
  std::set<std::pair<std::string, std::string>> touched;
  for (const auto& each : *groups) {
    if (each.what != what || !matches(each.where, where)) continue;
    fix_item item{.where = each.where, .count = each.count};
    suggest_for(item, what, *how);
    touched.emplace(each.where.object, each.where.remote_field);
    report.items.push_back(std::move(item));
  }
  std::sort(report.items.begin(), report.items.end(), [](const auto& left, const auto& right) { return left.count > right.count; });
  if (touched.size() != 1) co_return report;
  const auto* object = how->schema->find(touched.begin()->first);
  if (!object) co_return report;
  if (const auto* field = object->find(touched.begin()->second))
    for (const auto& option : field->options)
      if (option.active) report.options.push_back(option);
  for (const auto& field : object->fields)
    if (field.creatable || field.updatable) report.remote_fields.push_back(field.name);
  co_return report;
}

}  // namespace leadsync

#include "api/views.h"

#include "base/text.h"
#include "model/json_text.h"

#include <boost/json/array.hpp>

namespace leadsync::api {

namespace json = boost::json;

namespace {

std::string_view to_text(operation_kind kind) {
  switch (kind) {
    case operation_kind::retry: return "retry";
    case operation_kind::release: return "release";
    case operation_kind::backfill: break;
  }
  return "backfill";
}

}  // namespace

json::value to_view(const std::optional<instant>& at) {
  if (!at) return nullptr;
  return json::string(to_rfc3339(*at));
}

json::value text_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return json::string(scrub_utf8(text));
}

json::value parsed_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  auto document = parse_json(text);
  if (!document) return nullptr;
  return std::move(*document);
}

std::string_view to_text(actor who) {
  switch (who) {
    case actor::operator_: return "operator";
    case actor::crm_admin: return "crm_admin";
    case actor::nobody: break;
  }
  return "nobody";
}

std::string_view to_text(disposition what) {
  switch (what) {
    case disposition::retry: return "retry";
    case disposition::config: return "config";
    case disposition::data: return "data";
    case disposition::reconnect: return "reconnect";
    case disposition::park: break;
  }
  return "park";
}

json::object to_view(const category_info& info) {
  return {{"code", info.code},       {"title", info.title},   {"sentence", info.sentence}, {"disposition", to_text(info.what_next)},
          {"actor", to_text(info.who)}, {"fixer", text_or_null(info.fixer)}, {"action", info.action}};
}

json::value category_or_null(category what) {
  if (what == category::none) return nullptr;
  return json::string(code_of(what));
}

json::object to_view(const locus& where) {
  return {{"object", scrub_utf8(where.object)},
          {"remote_field", scrub_utf8(where.remote_field)},
          {"lead_field", scrub_utf8(where.lead_field)},
          {"value", scrub_utf8(where.value)}};
}

json::value locus_or_null(const locus& where) {
  if (where.empty()) return nullptr;
  return to_view(where);
}

std::string text_of(const locus& where) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    if (!part.empty() && !text.empty()) text += ' ';
    text += part;
  };
  std::string source = where.lead_field;
  for (const std::string_view prefix : {"qualifier:", "custom:"})
    if (source.starts_with(prefix)) source.erase(0, prefix.size());
  add(source);
  if (!where.value.empty()) add("\"" + where.value + "\"");
  std::string target = where.object;
  if (!where.remote_field.empty()) target += (target.empty() ? "" : ".") + where.remote_field;
  if (!text.empty() && !target.empty()) add("→");
  add(target);
  return scrub_utf8(text);
}

json::object to_view(const principal& by) { return {{"uid", by.uid}, {"name", by.name}}; }

json::object to_view(const plugin_listing& plugin) {
  return {{"name", plugin.name}, {"title", plugin.title}, {"version", plugin.version},
          {"path", plugin.path}, {"sha256", text_or_null(plugin.sha256)}, {"error", text_or_null(plugin.error)}};
}

json::object to_view(const integration_status& status) {
  auto limits = parsed_or_null(status.limits_json);
  if (limits.is_object() && limits.get_object().contains("limits")) limits = limits.get_object()["limits"];
  return {{"name", status.name},
          {"plugin", status.plugin},
          {"sync_mode", leadsync::to_text(status.mode)},
          {"schedule", status.schedule},
          {"next_tick", to_view(status.next_tick)},
          {"breaker", leadsync::to_text(status.breaker)},
          {"breaker_category", category_or_null(status.breaker_category)},
          {"breaker_message", text_or_null(status.breaker_message)},
          {"breaker_since", to_view(status.breaker_since)},
          {"hold", text_or_null(status.hold)},
          {"problem", text_or_null(status.problem)},
          {"in_flight", status.in_flight},
          {"mapping_revision", std::to_string(status.mapping_revision)},
          {"schema_fetched_at", to_view(status.schema_fetched_at)},
          {"account", parsed_or_null(status.account_json)},
          {"limits", std::move(limits)}};
}

json::object to_view(const check_report& report) {
  json::array findings;
  for (const auto& finding : report.findings)
    findings.push_back(json::object{
        {"severity", finding.severity}, {"category", category_or_null(finding.what)}, {"message", scrub_utf8(finding.message)}});
  return {{"ok", report.ok}, {"account", parsed_or_null(report.account_json)}, {"findings", std::move(findings)}};
}

json::object to_view(const operation_record& operation, const std::vector<integration_status>& integrations) {
  json::value integration;  // null: its integration is not configured any more
  for (const auto& status : integrations)
    if (status.id == operation.integration) integration = status.name;
  return {{"id", to_string(operation.id)},
          {"integration", std::move(integration)},
          {"kind", to_text(operation.kind)},
          {"state", operation.state},
          {"created_at", to_view(operation.created_at)},
          {"finished_at", to_view(operation.finished_at)},
          {"total", operation.total},
          {"applied", operation.applied},
          {"cleared", operation.cleared},
          {"still_failing", operation.still_failing},
          {"moved", operation.moved},
          {"skipped", operation.skipped},
          {"by", to_view(operation.by)}};
}

json::object to_view(const import_record& record) {
  return {{"id", to_string(record.id)},
          {"source", scrub_utf8(record.source)},
          {"event", text_or_null(record.event)},
          {"by", to_view(record.by)},
          {"started_at", to_view(record.started_at)},
          {"finished_at", to_view(record.finished_at)},
          {"rows", record.rows},
          {"added", record.added},
          {"updated", record.updated},
          {"unchanged", record.unchanged},
          {"rejected", record.rejected},
          {"failure", text_or_null(record.failure)}};
}

json::object to_view(const lead_record& lead) {
  json::object view{{"id", to_string(lead.id)},
                    {"revision", std::to_string(lead.revision)},
                    {"external_id", text_or_null(lead.external_id)},
                    {"event", lead.event_name},
                    {"accepted_at", to_view(lead.accepted_at)},
                    {"changed_at", to_view(lead.changed_at)},
                    {"fields", json::object()},
                    {"qualifiers", json::object()}};
  auto document = parsed_or_null(lead.document_json);
  if (auto* members = document.if_object())
    for (const auto name : {"fields", "qualifiers"})
      if (auto* part = members->if_contains(name)) view[name] = std::move(*part);
  return view;
}

json::object to_view(const event_record& event) {
  return {{"id", to_string(event.id)}, {"name", event.name}, {"leads", event.leads}, {"first_seen", to_view(event.first_seen)}};
}

json::object to_view(const audit_record& record) {
  return {{"id", std::to_string(record.id)},
          {"at", to_view(record.at)},
          {"by", to_view(record.by)},
          {"action", record.action},
          {"integration", text_or_null(record.integration)},
          {"detail", parsed_or_null(record.detail_json)}};
}

}  // namespace leadsync::api

#include "api/delivery_view.h"

#include "api/delivery_query.h"
#include "api/exchange_view.h"
#include "api/views.h"
#include "base/text.h"

#include <boost/json/array.hpp>

namespace leadsync::api {
namespace {

namespace json = boost::json;

bool is_pre_sync(delivery_state state) { return state == delivery_state::waiting || state == delivery_state::released; }

std::string_view state_name(delivery_state state) { return is_pre_sync(state) ? "pre_sync" : leadsync::to_text(state); }

json::array remote_ids_view(const std::vector<remote_id>& ids) {
  json::array view;
  for (const auto& id : ids)
    view.push_back(json::object{{"object", id.object}, {"id", id.id}, {"url", text_or_null(id.url)}});
  return view;
}

json::object issue_view(const delivery_row& row) {
  const auto& info = info_of(row.what);
  auto view = to_view(info);
  view["locus"] = locus_or_null(row.where);
  view["text"] = text_of(row.where);
  view["message"] = text_or_null(row.message);
  view["crm_code"] = text_or_null(row.crm_code);
  view["since"] = to_view(row.last_attempt_at);
  return view;
}

json::object phase_view(const json::object& phase, const std::vector<exchange_record>* exchanges) {
  const auto text = [&phase](std::string_view name) -> json::value {
    const auto* value = phase.if_contains(name);
    const auto* string = value ? value->if_string() : nullptr;
    if (!string || string->empty()) return nullptr;
    return *string;
  };
  json::object view{{"phase", text("phase")},         {"status", text("status")},   {"category", text("category")},
                    {"crm_code", text("crm_code")},   {"message", text("message")}, {"object", text("object")},
                    {"remote_id", text("remote_id")}, {"url", text("url")},         {"exchange", nullptr}};
  const auto* locus = phase.if_contains("locus");
  view["locus"] = locus ? *locus : json::value(nullptr);
  const auto* number = phase.if_contains("exchange");
  if (!exchanges || !number || !number->is_int64()) return view;
  for (const auto& exchange : *exchanges) {
    if (exchange.number != number->get_int64()) continue;
    const auto pointer = [&text](std::string_view name) {
      const auto value = text(name);
      return value.is_string() ? std::string(value.get_string()) : std::string();
    };
    view["exchange"] = to_view(exchange, pointer("request_pointer"), pointer("response_pointer"));
    break;
  }
  return view;
}

json::object attempt_view(const attempt_record& attempt, const std::vector<exchange_record>* exchanges) {
  json::array phases;
  if (const auto document = parsed_or_null(attempt.phases_json); const auto* packed = document.if_array())
    for (const auto& phase : *packed)
      if (const auto* members = phase.if_object()) phases.push_back(phase_view(*members, exchanges));
  auto warnings = parsed_or_null(attempt.warnings_json);
  if (!warnings.is_array()) warnings = json::array();
  return {{"id", to_string(attempt.id)},
          {"number", attempt.number},
          {"run", to_string(attempt.run)},
          {"started_at", to_view(attempt.started_at)},
          {"finished_at", to_view(attempt.finished_at)},
          {"outcome", state_name(attempt.outcome)},
          {"category", category_or_null(attempt.what)},
          {"title", attempt.what == category::none ? json::value(nullptr) : json::value(info_of(attempt.what).title)},
          {"locus", locus_or_null(attempt.where)},
          {"text", text_of(attempt.where)},
          {"crm_code", text_or_null(attempt.crm_code)},
          {"message", text_or_null(attempt.message)},
          {"mapping_revision", std::to_string(attempt.mapping_revision)},
          {"lead_revision", std::to_string(attempt.lead_revision)},
          {"phases", std::move(phases)},
          {"warnings", std::move(warnings)}};
}

}  // namespace

json::object to_view(const delivery_row& row, std::string_view hold) {
  const bool pre_sync = is_pre_sync(row.state);
  const auto held = pre_sync ? condition_of(row, hold) : condition::queued;
  return {{"delivery", to_string(row.delivery)},
          {"lead", to_string(row.lead)},
          {"state", state_name(row.state)},
          {"condition", pre_sync ? json::value(to_text(held)) : json::value(nullptr)},
          {"reason", held == condition::held ? text_or_null(hold) : json::value(nullptr)},
          {"category", category_or_null(row.what)},
          {"title", row.what == category::none ? json::value(nullptr) : json::value(info_of(row.what).title)},
          {"locus", locus_or_null(row.where)},
          {"text", text_of(row.where)},
          {"message", text_or_null(row.message)},
          {"crm_code", text_or_null(row.crm_code)},
          {"email", scrub_utf8(row.email)},
          {"name", scrub_utf8(row.name)},
          {"company", scrub_utf8(row.company)},
          {"event", scrub_utf8(row.event)},
          {"attempts", row.attempts},
          {"due_at", pre_sync ? to_view(row.due_at) : json::value(nullptr)},
          {"last_attempt_at", to_view(row.last_attempt_at)},
          {"accepted_at", to_view(row.accepted_at)},
          {"remote_ids", remote_ids_view(row.remote_ids)},
          {"warned", row.warned}};
}

std::string csv_cell(std::string_view text) {
  std::string cell;
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) cell = "'";
  cell += text;
  if (cell.find_first_of(",\"\r\n;") == std::string::npos && (cell.empty() || (cell.front() != ' ' && cell.back() != ' '))) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string csv_header() {
  return "lead,email,name,company,event,state,condition,category,object,remote_field,lead_field,value,message,crm_code,attempts,"
         "accepted_at,last_attempt_at,due_at,remote_ids,urls\r\n";
}

std::string csv_line(const delivery_row& row, std::string_view hold) {
  std::string ids, urls;
  for (const auto& id : row.remote_ids) {
    ids += (ids.empty() ? "" : " ") + id.object + ":" + id.id;
    urls += (urls.empty() ? "" : " ") + id.url;
  }
  const auto time = [](const std::optional<instant>& at) { return at ? to_rfc3339(*at) : std::string(); };
  const bool pre_sync = is_pre_sync(row.state);
  const std::string cells[] = {to_string(row.lead), row.email, row.name, row.company, row.event, std::string(state_name(row.state)),
                               std::string(pre_sync ? to_text(condition_of(row, hold)) : ""),
                               std::string(row.what == category::none ? "" : code_of(row.what)), row.where.object, row.where.remote_field,
                               row.where.lead_field, row.where.value, row.message, row.crm_code, std::to_string(row.attempts),
                               to_rfc3339(row.accepted_at), time(row.last_attempt_at), pre_sync ? time(row.due_at) : "", ids, urls};
  std::string line;
  for (const auto& cell : cells) {
    if (&cell != cells) line += ',';
    line += csv_cell(cell);
  }
  return line + "\r\n";
}

json::object to_log(const delivery_detail& detail, const std::vector<std::vector<exchange_record>>& exchanges, std::string_view hold) {
  auto view = to_view(detail.row, hold);
  view["lead_document"] = to_view(detail.lead);
  const bool issue = detail.row.what != category::none && detail.row.state != delivery_state::cleared;
  view["current_issue"] = issue ? json::value(issue_view(detail.row)) : json::value(nullptr);
  json::array attempts;
  for (std::size_t i = 0; i < detail.attempts.size(); ++i)
    attempts.push_back(attempt_view(detail.attempts[i], i < exchanges.size() ? &exchanges[i] : nullptr));
  view["attempt_log"] = std::move(attempts);
  return view;
}

}  // namespace leadsync::api

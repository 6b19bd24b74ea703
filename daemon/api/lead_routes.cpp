#include "api/api_context.h"
#include "api/delivery_query.h"
#include "api/delivery_view.h"
#include "api/json_body.h"
#include "api/router.h"
#include "api/routes.h"
#include "api/views.h"
#include "base/text.h"
#include "model/json_text.h"

#include <boost/json/array.hpp>

#include <algorithm>
#include <iterator>

namespace leadsync::api {
namespace {

namespace json = boost::json;

constexpr std::string_view field_names[] = {
    "badge",   "captured_at", "captured_by", "city",      "company", "consent",      "country",      "email",       "first_name",
    "full_name", "honorific", "job_title",   "last_name", "linkedin", "mobile_phone", "notes",       "phone",       "postal_code",
    "rating",  "region",      "street",      "tags",      "website"};

awaitable<api_response> lead_response(api_context& api, lead_record lead) {
  auto view = to_view(lead);
  json::array deliveries;
  delivery_filter filter;
  filter.leads = {lead.id};
  // Both named: with temporaries in a loop, g++ 12 destroys what the await gives.
  const std::string from_the_start;
  const auto integrations = api.daemon.integrations();
  for (const auto& status : integrations) {
    const auto page = co_await api.data.deliveries(status.id, filter, from_the_start, 1);
    if (!page) co_return problem_response(page.error());
    for (const auto& row : page->rows) {
      auto delivery = to_view(row, status.hold);
      delivery["integration"] = status.name;
      deliveries.push_back(std::move(delivery));
    }
  }
  view["deliveries"] = std::move(deliveries);
  auto response = json_response(view);
  response.headers.emplace_back("ETag", etag_of(lead.revision));
  co_return response;
}

awaitable<api_response> show_lead(api_context& api, request_view request) {
  const auto id = request.id_argument("id");
  if (!id) co_return problem_response(id.error());
  auto lead = co_await api.data.find_lead(lead_id{*id});
  if (!lead) co_return problem_response(lead.error());
  co_return co_await lead_response(api, std::move(*lead));
}

result<> change_fields(lead_document& document, const json::object& fields) {
  for (const auto& entry : fields) {
    const std::string_view name = entry.key();
    const auto pointer = pointer_to("/fields", name);
    const bool known = std::find(std::begin(field_names), std::end(field_names), name) != std::end(field_names);
    if (!known && !(name.starts_with("custom:") && name.size() > 7))
      return make_error(errc::invalid_input, pointer + " is no field of a lead; fields of your own are named custom:NAME");
    if (entry.value().is_null()) document.set_field(name, "");
    else if (const auto* text = entry.value().if_string()) document.set_field(name, scrub_utf8(*text));
    else return make_error(errc::invalid_input, pointer + " must be a string, or null to clear it");
  }
  return {};
}

result<> change_qualifiers(lead_document& document, const json::object& qualifiers) {
  for (const auto& entry : qualifiers) {
    const auto pointer = pointer_to("/qualifiers", entry.key());
    std::vector<std::string> values;
    if (const auto* text = entry.value().if_string()) {
      values.push_back(scrub_utf8(*text));
    } else if (const auto* list = entry.value().if_array()) {
      for (const auto& item : *list) {
        const auto* value = item.if_string();
        if (!value) return make_error(errc::invalid_input, pointer + " must hold strings");
        values.push_back(scrub_utf8(*value));
      }
    } else if (!entry.value().is_null()) {
      return make_error(errc::invalid_input, pointer + " must be an array of strings, or null to clear it");
    }
    document.set_qualifier(entry.key(), std::move(values));
  }
  return {};
}

result<lead_document> changed_document(const lead_record& lead, const json::value& body) {
  auto document = parse_lead_document(lead.document_json);
  if (!document) return make_error(errc::corrupted, "lead " + to_string(lead.id) + ": " + document.error().context);
  member_reader members(body, "");
  members.only({"fields", "qualifiers"});
  const auto* fields = members.object("fields");
  const auto* qualifiers = members.object("qualifiers");
  if (!members.ok()) return members.failure();
  if (fields)
    if (const auto changed = change_fields(*document, *fields); !changed) return changed.error();
  if (qualifiers)
    if (const auto changed = change_qualifiers(*document, *qualifiers); !changed) return changed.error();
  if (document->empty()) return make_error(errc::invalid_input, "nothing would be left of the lead");
  return document;
}

awaitable<api_response> edit_lead(api_context& api, request_view request) {
  const auto id = request.id_argument("id");
  if (!id) co_return problem_response(id.error());
  const auto body = parse_body(request);
  if (!body) co_return problem_response(body.error());
  const auto expected = matched_revision(request);
  if (!expected) co_return problem_response(expected.error());
  const auto before = co_await api.data.find_lead(lead_id{*id});
  if (!before) co_return problem_response(before.error());
  auto document = changed_document(*before, *body);
  if (!document) co_return problem_response(document.error());
  // Without If-Match, the revision that the change was made on: between our read and the write nobody's change is lost either.
  const auto revision = expected->value_or(0) ? **expected : before->revision;
  auto after = co_await api.data.edit_lead(lead_id{*id}, std::move(*document), revision, request->by);
  if (!after && after.error().code == errc::conflict)
    co_return problem_response({412, "CONFLICT", "The lead has changed meanwhile", "Read the lead again, and make your change in that.",
                                false, "operator", ""});
  if (!after) co_return problem_response(after.error());
  api.daemon.leads_changed();
  co_return co_await lead_response(api, std::move(*after));
}

awaitable<api_response> list_events(api_context& api, request_view) {
  const auto records = co_await api.data.list_events();
  if (!records) co_return problem_response(records.error());
  json::array events;
  for (const auto& record : *records) events.push_back(to_view(record));
  co_return json_response(json::object{{"events", std::move(events)}});
}

}  // namespace

void add_lead_routes(router& routes) {
  routes.add(http_method::get, "/v1/leads/{id}", show_lead);
  routes.add(http_method::patch, "/v1/leads/{id}", edit_lead);
  routes.add(http_method::get, "/v1/events", list_events);
}

}  // namespace leadsync::api

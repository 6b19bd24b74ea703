#include "rest/rest.h"

#include <algorithm>

namespace leadsync::simulator::rest {
namespace {

response ok(const json::value& body, int status = 200) { return {status, json::serialize(body), "application/json"}; }

response refuse(int status, std::string_view code, std::string_view message, std::string_view field = {}) {
  json::object body{{"code", code}, {"message", message}};
  if (!field.empty()) body["field"] = field;
  return ok(body, status);
}

response refuse(const refusal& why) { return refuse(422, why.code, why.message, why.field); }
response not_found() { return refuse(404, "NOT_FOUND", "There is nothing at this address"); }

json::object shown(const record& one) {
  json::object made{{"id", one.id}};
  for (const auto& [name, value] : one.values) made[name] = value;
  return made;
}

response save_person(account& of, const json::object& given, instant now) {
  const auto* email = given.if_contains("email");
  auto* found = email && email->is_string() ? of.person_of(std::string_view(email->get_string())) : nullptr;
  if (auto why = of.check("person", given, !found)) return refuse(*why);
  auto* const saved = found ? found : &of.add(of.people, {{"created_at", to_rfc3339(now)}});
  for (const auto& [name, value] : given) saved->values[name] = value;
  return ok(shown(*saved), found ? 200 : 201);
}

response list_notes(const account& of, std::string_view person) {
  json::array items;
  for (const auto& each : of.notes)
    if (each.values.at("person_id").as_string() == person) items.push_back(shown(each));
  return ok({{"items", std::move(items)}});
}

response add_note(account& of, std::string_view person, json::object given) {
  if (auto why = of.check("note", given, true)) return refuse(*why);
  given["person_id"] = person;
  return ok(shown(of.add(of.notes, std::move(given))), 201);
}

response dispatch(account& of, const request& call, instant now) {
  const auto path = path_segments(call.path);
  const bool get = call.method == "GET", post = call.method == "POST";
  json::value body;
  if (post) {
    boost::system::error_code malformed;
    body = json::parse(call.body, malformed);
    if (malformed || !body.is_object()) return refuse(400, "MALFORMED", "The body must be a JSON object");
  }
  if (path.size() == 1 && path[0] == "account" && get) return ok({{"id", "toy-account-1"}, {"name", "Toy account"}, {"time_zone", "UTC"}});
  if (path.size() == 2 && path[0] == "fields" && get) {
    const auto found = of.fields.find(path[1]);
    if (found == of.fields.end()) return not_found();
    json::array list;
    for (const auto& each : found->second) list.push_back(each.to_json());
    return ok(list);
  }
  if (path.empty() || path[0] != "people") return not_found();
  if (path.size() == 1) return post ? save_person(of, body.get_object(), now) : refuse(405, "METHOD", "POST alone is taken here");
  auto* person = of.person(path[1]);
  if (!person) person = of.person_of(path[1]);
  if (!person) return not_found();
  if (path.size() == 2) return get ? ok(shown(*person)) : refuse(405, "METHOD", "GET alone is taken here");
  if (path.size() != 3 || path[2] != "notes") return not_found();
  return post ? add_note(of, person->id, body.get_object()) : list_notes(of, person->id);
}

}  // namespace

rest_crm::rest_crm(std::vector<std::string> tokens) : tokens_(std::move(tokens)) { reset(); }

void rest_crm::reset() {
  account_ = std::make_unique<account>();
  account_->tokens = tokens_;
}

response rest_crm::handle(const request& call, instant now) {
  const auto header = call.header("authorization");
  const auto& tokens = account_->tokens;
  const bool known = header.starts_with("Bearer ") && std::find(tokens.begin(), tokens.end(), header.substr(7)) != tokens.end();
  if (!known) return refuse(401, "UNAUTHORIZED", "The token is not valid");
  auto& burst = account_->quotas.at("burst");
  if (!burst.take(now)) {
    auto refused = refuse(429, "TOO_MANY_REQUESTS", "Too many requests");
    refused.headers.emplace_back("Retry-After", "1");
    return refused;
  }
  auto out = dispatch(*account_, call, now);
  if (burst.enabled()) {
    out.headers.emplace_back("X-RateLimit-Limit", std::to_string(burst.amount()));
    out.headers.emplace_back("X-RateLimit-Remaining", std::to_string(burst.remaining(now)));
  }
  return out;
}

response rest_crm::fault_answer(std::string_view kind, const request&, instant) {
  if (kind == "401" || kind == "401_expired") return refuse(401, "UNAUTHORIZED", "The token is not valid");
  if (kind == "429_burst") return refuse(429, "TOO_MANY_REQUESTS", "Too many requests");
  if (kind == "500") return refuse(500, "INTERNAL", "Something went wrong");
  if (kind == "502_html") return {502, "<html><head><title>502 Bad Gateway</title></head></html>", "text/html"};
  if (kind == "503") return refuse(503, "UNAVAILABLE", "Try again later");
  return {0};
}

std::string rest_crm::path_template(const request& call) const {
  std::string out = call.method;
  const auto segments = path_segments(call.path);
  for (std::size_t i = 0; i < segments.size(); ++i) out += (i ? "/" : " /") + (i == 1 && segments[0] == "people" ? "{id}" : segments[i]);
  return out;
}

response rest_crm::administer(const request& call, const std::vector<std::string>& segments, const boost::json::value& body, instant) {
  return administer_account(*account_, call, segments, body);
}

}  // namespace leadsync::simulator::rest

#include "calls.h"

namespace leadsync::pipedrive {

calls::calls(const json::object& job) {
  // The job says which credential is configured; where it does not, the operator's setting does.
  const auto kind = text_of(job, "credential");
  oauth_ = (kind.empty() ? text_of(object_of(job, "settings"), "authentication") : kind) == "oauth";
}

sdk::request calls::authorized(sdk::request made) const {
  if (oauth_) made.header("Authorization", "Bearer {{secret:access_token}}");
  else made.header("x-api-token", "{{secret:access_token}}");
  return made;
}

sdk::request calls::get(std::string url, std::uint32_t tokens) const {
  return authorized(sdk::http.get(std::move(url)).cost("burst", 1).cost("daily", tokens));
}

sdk::request calls::search(std::string url) const {
  return authorized(sdk::http.get(std::move(url)).cost("search", 1).cost("daily", 20));
}

sdk::request calls::write(std::string_view method, std::string url, const json::object& body, std::uint32_t tokens) const {
  auto made = sdk::request(std::string(method), std::move(url)).cost("burst", 1).cost("daily", tokens);
  made.json(json::serialize(body));
  return authorized(std::move(made));
}

json::object success_of(const sdk::answer& answer) {
  if (!answer.ok()) return {};
  auto document = parsed(answer.body());
  return flag_of(document, "success") ? std::move(document) : json::object{};
}

json::object record_of(const sdk::answer& answer) {
  auto document = success_of(answer);
  auto* data = document.if_contains("data");
  return data && data->is_object() ? std::move(data->get_object()) : json::object{};
}
}  // namespace leadsync::pipedrive

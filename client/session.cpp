#include "session.h"

#include <boost/json/serialize.hpp>

#include <cstdlib>

namespace leadsync::client {

session::session(surroundings around) : around_(around), how_(style_of_output(around.out_is_terminal)) {
  const char* configured = std::getenv("LEADSYNC_SOCKET");
  socket_path = configured && *configured ? configured : "/run/leadsync/api.sock";
}

connection& session::daemon() {
  if (!daemon_) daemon_ = std::make_unique<connection>(socket_path);
  return *daemon_;
}

boost::json::value session::get(const std::string& path) {
  call request;
  request.path = path;
  return daemon().send(request).document();
}

const std::string& session::integration() {
  if (!integration_name.empty()) return integration_name;
  const auto document = get("/v1/integrations");
  const auto& all = array_of(object_of(document), "integrations");
  if (all.size() == 1) return integration_name = text_of(object_of(all.front()), "name");
  if (all.empty())
    throw failure(exit_code::not_found, "no integration is configured", "leadsyncd found no file in integrations.d",
                  "see /etc/leadsync/integrations.d");
  std::string names;
  for (const auto& entry : all) names += (names.empty() ? "" : ", ") + text_of(object_of(entry), "name");
  throw failure(exit_code::usage, "say which integration", "there are several: " + names, "--integration NAME");
}

std::string session::path(std::string_view rest) { return "/v1/integrations/" + percent_encoded(integration()) + std::string(rest); }

bool session::printed_as_json(const answer& given) const {
  if (json) out() << given.body << '\n';
  return json;
}

bool session::printed_as_json(const boost::json::value& document) const {
  if (json) out() << boost::json::serialize(document) << '\n';
  return json;
}

}  // namespace leadsync::client

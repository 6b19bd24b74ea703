#include "adversity.h"

namespace leadsync::kit {
namespace {

adversity fate(std::string name, plugin_transport transport) {
  return {std::move(name), [transport](plugin_response from) {
            const bool has_status = transport == plugin_transport::truncated || transport == plugin_transport::too_large;
            plugin_response made{.transport = transport, .status = has_status ? from.status : 0, .transport_error = "simulated"};
            if (transport == plugin_transport::truncated) {
              made.headers = std::move(from.headers);
              made.body = from.body.substr(0, from.body.size() / 2);
            }
            return made;
          }};
}

adversity status(std::uint32_t code, std::string body, std::string type = "application/json") {
  return {"status_" + std::to_string(code), [code, body, type](plugin_response) {
            plugin_response made{.status = code};
            made.headers = {{"content-type", type}};
            made.body = body;
            return made;
          }};
}

adversity body(std::string name, std::string text) {
  return {"body_" + std::move(name), [text](plugin_response from) {
            from.status = 200;
            from.transport = plugin_transport::ok;
            from.body = text;
            return from;
          }};
}

std::vector<adversity> make_all() {
  std::vector<adversity> made{fate("not_sent", plugin_transport::not_sent), fate("sent_no_answer", plugin_transport::sent_no_answer),
                              fate("truncated", plugin_transport::truncated), fate("too_large", plugin_transport::too_large),
                              fate("refused_host", plugin_transport::refused_host)};
  for (const std::uint32_t code : {300, 301, 302, 304, 400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 415, 422, 423, 429, 500, 501, 503, 504, 524})
    made.push_back(status(code, R"({"message":"simulated","code":"SIMULATED","error":"simulated","errors":[{"message":"simulated"}]})"));
  made.push_back(status(502, "<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html"));
  made.push_back(body("empty", ""));
  made.push_back(body("malformed", R"({"results":[{"id":"1")"));
  made.push_back(body("array", "[]"));
  made.push_back(body("object", "{}"));
  made.push_back(body("null", "null"));
  made.push_back(body("number", "7"));
  made.push_back(body("text", R"("ok")"));
  made.push_back(body("html", "<html><title>Sign in</title></html>"));
  made.push_back(body("no_utf8", "{\"id\":\"\xff\xfe\"}"));
  made.push_back(body("deep", std::string(20'000, '[')));
  made.push_back(body("huge", R"({"id":")" + std::string(8u << 20, 'x') + R"("})"));
  return made;
}

}  // namespace

const std::vector<adversity>& adversities() {
  static const auto all = make_all();
  return all;
}

}  // namespace leadsync::kit

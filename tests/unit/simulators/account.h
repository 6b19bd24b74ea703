#pragma once

#include "hubspot/hubspot.h"
#include "simulator.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <string>

namespace leadsync::simulator {

namespace json = boost::json;

struct answered {
  int status = 0;
  json::value body;
  std::string text;
  header_list headers;
  delivery how = delivery::whole;
  std::chrono::milliseconds delay{0};

  [[nodiscard]] std::string at(std::string_view pointer) const {
    boost::system::error_code failure;
    const auto* found = body.find_pointer(pointer, failure);
    if (!found) return "(none)";
    return found->is_string() ? std::string(found->as_string()) : json::serialize(*found);
  }
  [[nodiscard]] std::size_t size(std::string_view pointer) const {
    boost::system::error_code failure;
    const auto* found = body.find_pointer(pointer, failure);
    return found && found->is_array() ? found->as_array().size() : 0;
  }
  [[nodiscard]] std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return {};
  }
};

/// A simulated account without sockets, with a clock of its own.
struct account {
  simulator crm{std::make_unique<hubspot::hubspot_crm>(7, std::vector<std::string>{"pat"}), 7};
  instant now = from_millis(1'764'100'800'000);  // 2025-11-25T20:00:00Z
  std::string token = "pat";

  answered send(std::string method, std::string_view target, std::string body = {}, std::string content_type = "application/json") {
    request call{std::move(method), std::string(target.substr(0, target.find('?'))), {}, {}, std::move(body)};
    if (const auto mark = target.find('?'); mark != std::string_view::npos) call.query = target.substr(mark + 1);
    call.headers = {{"authorization", "Bearer " + token}, {"content-type", std::move(content_type)}};
    plan made = crm.handle(std::move(call), now);
    answered out{made.answer.status, nullptr, made.answer.body, made.answer.headers, made.how, made.delay};
    boost::system::error_code failure;
    out.body = json::parse(out.text, failure);
    return out;
  }
  answered get(std::string_view target) { return send("GET", target); }
  answered post(std::string_view target, std::string body) { return send("POST", target, std::move(body)); }
  answered put(std::string_view target, std::string body) { return send("PUT", target, std::move(body)); }
  answered patch(std::string_view target, std::string body) { return send("PATCH", target, std::move(body)); }

  /// The new record's id.
  std::string create(const std::string& type, const std::string& properties) {
    const auto made = post("/crm/v3/objects/" + type, R"({"properties":)" + properties + "}");
    EXPECT_EQ(made.status, 201) << made.text;
    return made.at("/id");
  }
  std::string count(const std::string& type) { return get("/_simulator/objects/" + type + "?count=1").at("/count"); }
};

}  // namespace leadsync::simulator

#pragma once

#include "simulator.h"
#include "zoho/zoho.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <string>

namespace leadsync::simulator {

namespace json = boost::json;

struct zoho_answer {
  int status = 0;
  json::value body;
  std::string text;
  header_list headers;

  [[nodiscard]] std::string at(std::string_view pointer) const {
    boost::system::error_code failure;
    const auto* found = body.find_pointer(pointer, failure);
    if (!found) return "(none)";
    return found->is_string() ? std::string(found->as_string()) : json::serialize(*found);
  }
  [[nodiscard]] std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return {};
  }
};

/// A simulated organization without sockets, with a clock of its own.
struct zoho_account {
  simulator crm{std::make_unique<zoho::zoho_crm>(7, std::vector<std::string>{"1000.static"}), 7};
  instant now = from_millis(1'764'100'800'000);  // 2025-11-25T20:00:00Z
  std::string authorization = "Zoho-oauthtoken 1000.static";

  zoho_answer send(std::string method, std::string_view target, std::string body = {}) {
    request call{std::move(method), std::string(target.substr(0, target.find('?'))), {}, {}, std::move(body)};
    if (const auto mark = target.find('?'); mark != std::string_view::npos) call.query = target.substr(mark + 1);
    call.headers = {{"authorization", authorization}, {"host", "127.0.0.1:8090"}};
    plan made = crm.handle(std::move(call), now);
    zoho_answer out{made.answer.status, nullptr, made.answer.body, made.answer.headers};
    boost::system::error_code failure;
    out.body = json::parse(out.text, failure);
    return out;
  }
  zoho_answer get(std::string_view target) { return send("GET", target); }
  zoho_answer post(std::string_view target, std::string body) { return send("POST", target, std::move(body)); }
  zoho_answer put(std::string_view target, std::string body) { return send("PUT", target, std::move(body)); }

  zoho_answer upsert(const std::string& rows, const std::string& more = R"(,"duplicate_check_fields":["Email"])") {
    return post("/crm/v8/Leads/upsert", R"({"data":[)" + rows + "]" + more + "}");
  }
  zoho_answer refresh(const std::string& token = "simulator-refresh") {
    return post("/oauth/v2/token", "grant_type=refresh_token&client_id=simulator-client&client_secret=simulator-secret&refresh_token=" + token);
  }
};

}  // namespace leadsync::simulator

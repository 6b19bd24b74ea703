#pragma once

#include "salesforce/salesforce.h"
#include "simulator.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <string>

namespace leadsync::simulator {

namespace json = boost::json;

/// A simulated org without sockets, with a clock of its own.
struct salesforce_account {
  struct answered {
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

  simulator crm{std::make_unique<salesforce::salesforce_crm>(7, std::vector<std::string>{"session"}), 7};
  instant now = from_millis(1'764'100'800'000);  // 2025-11-25T20:00:00Z
  std::string token = "session";
  header_list more;  ///< sent with every request

  answered send(std::string method, std::string_view target, std::string body = {}, std::string content_type = "application/json; charset=UTF-8") {
    request call{std::move(method), std::string(target.substr(0, target.find('?'))), {}, more, std::move(body)};
    if (const auto mark = target.find('?'); mark != std::string_view::npos) call.query = target.substr(mark + 1);
    call.headers.emplace_back("authorization", "Bearer " + token);
    call.headers.emplace_back("content-type", std::move(content_type));
    plan made = crm.handle(std::move(call), now);
    answered out{made.answer.status, nullptr, made.answer.body, made.answer.headers};
    boost::system::error_code failure;
    out.body = json::parse(out.text, failure);
    return out;
  }
  answered get(std::string_view target) { return send("GET", api + std::string(target)); }
  answered post(std::string_view target, std::string body) { return send("POST", api + std::string(target), std::move(body)); }
  answered patch(std::string_view target, std::string body) { return send("PATCH", api + std::string(target), std::move(body)); }
  answered admin(std::string method, std::string_view target, std::string body = {}) { return send(std::move(method), "/_simulator/" + std::string(target), std::move(body)); }
  answered token_for(std::string form) { return send("POST", "/services/oauth2/token", std::move(form), "application/x-www-form-urlencoded"); }

  /// Our unique external id on leads.
  void add_key() { EXPECT_EQ(admin("PUT", "fields/Lead/Key__c", R"({"unique":true,"externalId":true})").status, 200); }
  std::string create(const std::string& type, const std::string& fields) {
    const auto made = post("/sobjects/" + type, fields);
    EXPECT_EQ(made.status, 201) << made.text;
    return made.at("/id");
  }

  const std::string api = "/services/data/v62.0";
};

}  // namespace leadsync::simulator

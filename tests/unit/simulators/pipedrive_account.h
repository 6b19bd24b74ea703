#pragma once

#include "account.h"
#include "pipedrive/pipedrive.h"

namespace leadsync::simulator {

/// A simulated Pipedrive without sockets, with a clock of its own.
struct pipedrive_account {
  simulator crm{std::make_unique<pipedrive::pipedrive_crm>(7, std::vector<std::string>{"api-token"}), 7};
  instant now = from_millis(1'764'100'800'500);  // 2025-11-25T20:00:00.500Z
  header_list authorization{{"x-api-token", "api-token"}};

  answered send(std::string method, std::string_view target, std::string body = {}, std::string content_type = "application/json; charset=utf-8") {
    request call{std::move(method), std::string(target.substr(0, target.find('?'))), {}, {}, std::move(body)};
    if (const auto mark = target.find('?'); mark != std::string_view::npos) call.query = target.substr(mark + 1);
    call.headers = authorization;
    call.headers.emplace_back("content-type", std::move(content_type));
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
  std::string create(std::string_view path, std::string body) {
    const auto made = post(path, std::move(body));
    EXPECT_LT(made.status, 300) << made.text;
    return made.at("/data/id");
  }
  /// The code of a field, by its name.
  std::string code(std::string_view entity, std::string_view name) {
    const auto list = get("/_simulator/fields/" + std::string(entity));
    for (const auto& one : list.body.at("results").as_array())
      if (one.at("field_name").as_string() == name) return std::string(one.at("field_code").as_string());
    return {};
  }
  std::string option(std::string_view entity, std::string_view name, std::size_t index = 0) {
    const auto list = get("/_simulator/fields/" + std::string(entity));
    for (const auto& one : list.body.at("results").as_array())
      if (one.at("field_name").as_string() == name) return json::serialize(one.at("options").at(index).at("id"));
    return {};
  }
};

}  // namespace leadsync::simulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "leadsync/plugin.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leadsync::testkit {

using header_list = std::vector<std::pair<std::string, std::string>>;

inline std::string text_of(leadsync_str text) { return text.data ? std::string(text.data, text.size) : std::string(); }
inline leadsync_str to_abi(std::string_view text) { return {text.data(), text.size()}; }

/// A request of the plugin, copied out of its step.
struct request {
  std::string method;
  std::string url;
  header_list headers;
  std::string body;
  std::string phase;
  std::vector<std::uint32_t> leads;
  leadsync_effect effect{};
  std::vector<std::pair<std::string, std::uint32_t>> costs;
  std::uint32_t deadline_ms = 0;
  std::uint64_t max_response_bytes = 0;

  /// Exactly as written by the plugin; empty where there is none.
  [[nodiscard]] std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return {};
  }
};

inline request copy_of(const leadsync_request& from) {
  request to;
  to.method = text_of(from.method);
  to.url = text_of(from.url);
  for (std::size_t i = 0; i < from.header_count; ++i)
    to.headers.emplace_back(text_of(from.headers[i]->name), text_of(from.headers[i]->value));
  to.body = text_of(from.body);
  to.phase = text_of(from.phase);
  to.leads.assign(from.leads, from.leads + from.lead_count);
  to.effect = static_cast<leadsync_effect>(from.effect);
  for (std::size_t i = 0; i < from.cost_count; ++i) to.costs.emplace_back(text_of(from.costs[i]->limit), from.costs[i]->amount);
  to.deadline_ms = from.deadline_ms;
  to.max_response_bytes = from.max_response_bytes;
  return to;
}

/// What the CRM, or the way to it, answers.
struct response {
  leadsync_transport transport = LEADSYNC_OK;
  std::uint32_t status = 200;
  header_list headers;  // names in lower case
  std::string body;
  std::string transport_error;
  std::int64_t sent_at_ms = 0;
  std::int64_t received_at_ms = 0;

  [[nodiscard]] response with(std::string name, std::string value) && {
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
  }
};

inline response json(std::uint32_t status, std::string body) {
  response made;
  made.status = status;
  made.body = std::move(body);
  made.headers.emplace_back("content-type", "application/json");
  return made;
}

/// Nothing but a fate: LEADSYNC_NOT_SENT, LEADSYNC_SENT_NO_ANSWER, …
inline response fault(leadsync_transport transport, std::string transport_error = "simulated") {
  response made;
  made.transport = transport;
  made.status = 0;
  made.transport_error = std::move(transport_error);
  return made;
}

}  // namespace leadsync::testkit

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "leadsync/sdk/text.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leadsync::sdk {

/// What became of a request on its way. The numbers are those of `enum leadsync_transport`.
enum class transport_result : std::uint32_t {
  ok = LEADSYNC_OK,
  not_sent = LEADSYNC_NOT_SENT,              ///< no byte reached the CRM
  sent_no_answer = LEADSYNC_SENT_NO_ANSWER,  ///< it may have been carried out
  truncated = LEADSYNC_TRUNCATED,            ///< status and headers arrived, the body broke off
  too_large = LEADSYNC_TOO_LARGE,            ///< longer than max_response_bytes: no body
  refused_host = LEADSYNC_REFUSED_HOST,      ///< not a host of the manifest; nothing was sent
};

/// The answer to one request. Owns everything, so it survives later suspensions.
class answer {
 public:
  answer() = default;
  answer(std::size_t number, const leadsync_response* response) : number_(number) {
    if (response) copy(*response);
  }

  [[nodiscard]] transport_result transport() const { return transport_; }
  /// One line for the log, where the transport failed.
  [[nodiscard]] const std::string& transport_error() const { return transport_error_; }
  /// HTTP status, 0 where there is none.
  [[nodiscard]] unsigned status() const { return status_; }
  /// A whole answer with a status of 200 to 299.
  [[nodiscard]] bool ok() const { return transport_ == transport_result::ok && status_ >= 200 && status_ < 300; }
  /// Of the first header of that name in any case; empty where there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers_)
      if (equal_ignoring_case(key, name)) return value;
    return {};
  }
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& headers() const { return headers_; }
  [[nodiscard]] const std::string& body() const { return body_; }
  /// The request's number within the session, from 0: a verdict's "request".
  [[nodiscard]] std::size_t number() const { return number_; }
  /// UTC, milliseconds since 1970; 0 where it was never sent or nothing came.
  [[nodiscard]] std::int64_t sent_at_ms() const { return sent_at_ms_; }
  [[nodiscard]] std::int64_t received_at_ms() const { return received_at_ms_; }

 private:
  void copy(const leadsync_response& from) {
    transport_ = static_cast<transport_result>(from.transport);
    if (transport_ > transport_result::refused_host) transport_ = transport_result::sent_no_answer;
    status_ = from.status;
    for (std::size_t i = 0; i < from.header_count; ++i)
      headers_.emplace_back(detail::to_view(from.headers[i]->name), detail::to_view(from.headers[i]->value));
    body_ = detail::to_view(from.body);
    transport_error_ = detail::to_view(from.transport_error);
    sent_at_ms_ = from.sent_at_ms;
    received_at_ms_ = from.received_at_ms;
  }

  std::size_t number_ = 0;
  // A daemon that gives no answer has broken the contract; the request may still have been carried out.
  transport_result transport_ = transport_result::sent_no_answer;
  unsigned status_ = 0;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::string body_;
  std::string transport_error_;
  std::int64_t sent_at_ms_ = 0;
  std::int64_t received_at_ms_ = 0;
};

}  // namespace leadsync::sdk

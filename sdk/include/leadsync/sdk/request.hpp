// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "leadsync/sdk/text.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace leadsync::sdk {

/// What repeating a request would do. The numbers are those of `enum leadsync_effect`.
enum class effect : std::uint32_t {
  read = LEADSYNC_EFFECT_READ,
  keyed_write = LEADSYNC_EFFECT_KEYED_WRITE,  ///< the CRM ends up the same however often it arrives
  blind_write = LEADSYNC_EFFECT_BLIND_WRITE,  ///< twice makes two records
};

/// One HTTP request, built in one sentence: `http.post("/people").phase("person").leads(ordinals).keyed_write().json(text)`.
/// Nothing is sent until it is awaited (g++ 12 refuses a braced list inside that expression: name it first). A GET reads; every other method must say its effect.
class request {
 public:
  request(std::string method, std::string url) : method_(std::move(method)), url_(std::move(url)) {
    if (method_ == "GET") effect_ = effect::read;
  }

  request& header(std::string name, std::string value) & {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  request& body(std::string content_type, std::string text) & {
    body_ = std::move(text);
    return header("Content-Type", std::move(content_type));
  }
  request& json(std::string text) & { return body("application/json", std::move(text)); }
  /// `name=value&name=value`, each percent-encoded; `{{secret:NAME}}` is encoded by the daemon.
  request& form(std::string text) & { return body("application/x-www-form-urlencoded", std::move(text)); }

  /// The phase that it is shown under in a lead's log.
  request& phase(std::string name) & {
    phase_ = std::move(name);
    return *this;
  }
  /// Ordinals within the job of the leads it concerns.
  request& leads(std::vector<std::uint32_t> ordinals) & {
    leads_ = std::move(ordinals);
    return *this;
  }
  request& lead(std::uint32_t ordinal) & {
    leads_.push_back(ordinal);
    return *this;
  }

  request& read() & { return set(effect::read); }
  request& keyed_write() & { return set(effect::keyed_write); }
  request& blind_write() & { return set(effect::blind_write); }

  /// What it takes of one of the manifest's limits. With no cost named it takes 1 of each limit with "default": true.
  request& cost(std::string limit, std::uint32_t amount) & {
    costs_.emplace_back(std::move(limit), amount);
    return *this;
  }
  request& deadline(std::chrono::milliseconds duration) & {
    deadline_ms_ = static_cast<std::uint32_t>(duration.count());
    return *this;
  }
  request& max_response_bytes(std::uint64_t bytes) & {
    max_response_bytes_ = bytes;
    return *this;
  }

  // The same on a temporary, so that the sentence can be awaited or returned.
  request&& header(std::string name, std::string value) && { return std::move(header(std::move(name), std::move(value))); }
  request&& body(std::string content_type, std::string text) && { return std::move(body(std::move(content_type), std::move(text))); }
  request&& json(std::string text) && { return std::move(json(std::move(text))); }
  request&& form(std::string text) && { return std::move(form(std::move(text))); }
  request&& phase(std::string name) && { return std::move(phase(std::move(name))); }
  request&& leads(std::vector<std::uint32_t> ordinals) && { return std::move(leads(std::move(ordinals))); }
  request&& lead(std::uint32_t ordinal) && { return std::move(lead(ordinal)); }
  request&& read() && { return std::move(read()); }
  request&& keyed_write() && { return std::move(keyed_write()); }
  request&& blind_write() && { return std::move(blind_write()); }
  request&& cost(std::string limit, std::uint32_t amount) && { return std::move(cost(std::move(limit), amount)); }
  request&& deadline(std::chrono::milliseconds duration) && { return std::move(deadline(duration)); }
  request&& max_response_bytes(std::uint64_t bytes) && { return std::move(max_response_bytes(bytes)); }

  /// Throws what a daemon would refuse; called before anything is sent.
  void check() const {
    if (!effect_)
      throw std::logic_error(method_ + " " + url_ + ": say what repeating it would do: read(), keyed_write() or blind_write()");
    if (url_.empty()) throw std::logic_error(method_ + ": the URL is empty");
  }

 private:
  friend class wire_request;
  request& set(effect value) {
    effect_ = value;
    return *this;
  }

  std::string method_;
  std::string url_;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::string body_;
  std::string phase_;
  std::vector<std::uint32_t> leads_;
  std::optional<effect> effect_;
  std::vector<std::pair<std::string, std::uint32_t>> costs_;
  std::uint32_t deadline_ms_ = 0;
  std::uint64_t max_response_bytes_ = 0;
};

/// A request as the C contract wants it. Points into the request, which must outlive it and not change.
class wire_request {
 public:
  explicit wire_request(const request& from) {
    for (const auto& [name, value] : from.headers_)
      headers_.push_back({sizeof(leadsync_header), detail::to_abi(name), detail::to_abi(value)});
    for (const auto& [limit, amount] : from.costs_) costs_.push_back({sizeof(leadsync_cost), detail::to_abi(limit), amount});
    for (const auto& header : headers_) header_pointers_.push_back(&header);
    for (const auto& cost : costs_) cost_pointers_.push_back(&cost);
    out_.struct_size = sizeof out_;
    out_.method = detail::to_abi(from.method_);
    out_.url = detail::to_abi(from.url_);
    out_.headers = header_pointers_.data();
    out_.header_count = header_pointers_.size();
    out_.body = detail::to_abi(from.body_);
    out_.phase = detail::to_abi(from.phase_);
    out_.leads = from.leads_.data();
    out_.lead_count = from.leads_.size();
    out_.effect = static_cast<std::uint32_t>(*from.effect_);
    out_.costs = cost_pointers_.data();
    out_.cost_count = cost_pointers_.size();
    out_.deadline_ms = from.deadline_ms_;
    out_.max_response_bytes = from.max_response_bytes_;
  }
  wire_request(const wire_request&) = delete;
  wire_request& operator=(const wire_request&) = delete;

  [[nodiscard]] const leadsync_request* get() const { return &out_; }

 private:
  std::vector<leadsync_header> headers_;
  std::vector<leadsync_cost> costs_;
  std::vector<const leadsync_header*> header_pointers_;
  std::vector<const leadsync_cost*> cost_pointers_;
  leadsync_request out_{};
};

}  // namespace leadsync::sdk

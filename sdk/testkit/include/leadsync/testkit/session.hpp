// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "leadsync/testkit/message.hpp"

#include <dlfcn.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leadsync::testkit {

/// The plugin did something else than the transcript says.
class mismatch : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Loads a plugin for the rest of the program.
inline const leadsync_plugin* load(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw std::runtime_error(path + ": " + dlerror());
  using entry = const leadsync_plugin* (*)();
  const auto function = reinterpret_cast<entry>(dlsym(library, "leadsync_plugin_entry"));
  const auto* plugin = function ? function() : nullptr;
  if (!plugin) throw std::runtime_error(path + " has no working leadsync_plugin_entry");
  return plugin;
}

/// One session, from the daemon's side. Starts at once; closes the plugin's session wherever it is.
class session {
 public:
  session(const leadsync_plugin* plugin, std::string_view job_json) : plugin_(plugin) {
    host_.struct_size = sizeof host_;
    host_.abi_major = LEADSYNC_ABI_MAJOR;
    host_.abi_minor = LEADSYNC_ABI_MINOR;
    host_.log = [](std::uint32_t, leadsync_str text) { log_lines().push_back(text_of(text)); };
    log_lines().clear();
    session_ = plugin_->open(&host_, to_abi(job_json));
    if (!session_) throw mismatch("open gave no session");
    resume({});
  }
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  ~session() { plugin_->close(session_); }

  [[nodiscard]] bool done() const { return kind_ == LEADSYNC_STEP_DONE; }
  [[nodiscard]] bool waits() const { return kind_ == LEADSYNC_STEP_WAIT; }
  [[nodiscard]] std::uint64_t wait_ms() const { return wait_ms_; }
  /// What the present step sends.
  [[nodiscard]] const std::vector<request>& requests() const { return requests_; }
  /// Every request until now: a verdict's "request" is an index into it.
  [[nodiscard]] const std::vector<request>& history() const { return history_; }
  /// All verdicts until now, as one JSON array.
  [[nodiscard]] std::string verdicts_json() const { return "[" + verdicts_ + "]"; }
  [[nodiscard]] const std::string& checkpoint() const { return checkpoint_; }
  [[nodiscard]] const std::string& result_json() const { return result_; }
  /// What plugins have logged on this thread since the newest session began.
  [[nodiscard]] static std::vector<std::string>& log_lines() {
    static thread_local std::vector<std::string> lines;
    return lines;
  }

  /// The one request of this step.
  const request& expect(std::string_view method, std::string_view url) const {
    if (requests_.size() != 1) throw mismatch("expected " + name(method, url) + ", but it " + describe());
    return expect(0, method, url);
  }
  const request& expect(std::size_t index, std::string_view method, std::string_view url) const {
    if (index >= requests_.size() || requests_[index].method != method || requests_[index].url != url)
      throw mismatch("expected " + name(method, url) + " as request " + std::to_string(index) + ", but it " + describe());
    return requests_[index];
  }
  void expect_wait() const {
    if (!waits()) throw mismatch("expected a wait, but it " + describe());
  }
  void expect_done() const {
    if (!done()) throw mismatch("expected the end, but it " + describe());
  }

  void answer(response one) {
    std::vector<response> list;
    list.push_back(std::move(one));
    answer(std::move(list));
  }
  void answer(const std::vector<response>& responses) {
    if (kind_ != LEADSYNC_STEP_SEND || responses.size() != requests_.size())
      throw mismatch(std::to_string(responses.size()) + " answers are there, but it " + describe());
    resume(responses);
  }
  void pass_time() {
    expect_wait();
    resume({});
  }

  /// Answers everything by `responder(const request&) -> response`, until the end.
  template <class Responder>
  void run(Responder responder, int max_steps = 10'000) {
    for (int steps = 0; !done(); ++steps) {
      if (steps == max_steps) throw mismatch("no end after " + std::to_string(max_steps) + " steps: it " + describe());
      std::vector<response> responses;
      for (const auto& one : requests_) responses.push_back(responder(one));
      resume(responses);
    }
  }

 private:
  static std::string name(std::string_view method, std::string_view url) { return std::string(method) + " " + std::string(url); }

  [[nodiscard]] std::string describe() const {
    if (done()) return "has ended with " + result_;
    if (waits()) return "waits " + std::to_string(wait_ms_) + " ms";
    std::string text = "sends";
    for (const auto& one : requests_) text += "\n  " + name(one.method, one.url);
    return text;
  }

  void resume(const std::vector<response>& responses) {
    std::vector<std::vector<leadsync_header>> headers(responses.size());
    std::vector<std::vector<const leadsync_header*>> header_pointers(responses.size());
    std::vector<leadsync_response> wire(responses.size());
    std::vector<const leadsync_response*> pointers;
    for (std::size_t i = 0; i < responses.size(); ++i) {
      const auto& from = responses[i];
      for (const auto& [key, value] : from.headers) headers[i].push_back({sizeof(leadsync_header), to_abi(key), to_abi(value)});
      for (const auto& header : headers[i]) header_pointers[i].push_back(&header);
      wire[i] = {sizeof(leadsync_response), static_cast<std::uint32_t>(from.transport), from.status, header_pointers[i].data(),
                 headers[i].size(), to_abi(from.body), to_abi(from.transport_error), from.sent_at_ms, from.received_at_ms};
      pointers.push_back(&wire[i]);
    }
    leadsync_step step{};
    step.struct_size = sizeof step;
    plugin_->resume(session_, pointers.data(), pointers.size(), &step);
    take(step);
  }

  void take(const leadsync_step& step) {
    kind_ = step.kind;
    wait_ms_ = step.wait_ms;
    requests_.clear();
    if (step.kind == LEADSYNC_STEP_SEND)
      for (std::size_t i = 0; i < step.request_count; ++i) requests_.push_back(copy_of(*step.requests[i]));
    history_.insert(history_.end(), requests_.begin(), requests_.end());
    if (const auto array = text_of(step.verdicts_json); !array.empty()) {
      if (array.size() < 2 || array.front() != '[' || array.back() != ']') throw mismatch("verdicts are not an array: " + array);
      if (!verdicts_.empty() && array.size() > 2) verdicts_ += ',';
      verdicts_ += array.substr(1, array.size() - 2);
    }
    if (step.checkpoint.size > 0) checkpoint_ = text_of(step.checkpoint);
    result_ = text_of(step.result_json);
  }

  const leadsync_plugin* plugin_;
  leadsync_host host_{};
  leadsync_session* session_ = nullptr;
  std::uint32_t kind_ = LEADSYNC_STEP_SEND;
  std::uint64_t wait_ms_ = 0;
  std::vector<request> requests_;
  std::vector<request> history_;
  std::string verdicts_;
  std::string checkpoint_;
  std::string result_;
};

}  // namespace leadsync::testkit

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "leadsync/sdk/answer.hpp"
#include "leadsync/sdk/request.hpp"
#include "leadsync/sdk/task.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leadsync::sdk {

enum class severity : std::uint32_t { debug = 0, info = 1, warning = 2, error = 3 };

namespace detail {

/// One session: which coroutines wait for what, and what the next step says. Plugins see it as `session_context`, `http` and `wait`.
class conversation : public trampoline {
 public:
  static constexpr std::size_t max_checkpoint_bytes = 64 * 1024;

  explicit conversation(const leadsync_host* host) : host_(host) {}

  /// Every coroutine of a plugin runs on a conversation's trampoline.
  static conversation& of(const promise_base& waiter) { return static_cast<conversation&>(*waiter.loop); }

  void start(task<std::string> root) {
    root_ = std::move(root);
    auto& promise = access::promise_of(root_);
    promise.loop = this;
    make_ready(promise);
  }

  /// `requests` and `answers` live in the waiting coroutine's frame.
  void send(promise_base& waiter, const std::vector<request>& requests, std::vector<answer>& answers) {
    sending_.push_back({&waiter, &requests, &answers});
  }
  void wait(promise_base& waiter, std::chrono::milliseconds duration) { waiting_.push_back({&waiter, duration}); }

  /// One verdict, or an array of them.
  void report(std::string_view json) {
    const auto blank = " \t\r\n";
    json.remove_prefix(std::min(json.find_first_not_of(blank), json.size()));
    json = json.substr(0, json.find_last_not_of(blank) + 1);
    if (json.starts_with('[') && json.ends_with(']')) json = json.substr(1, json.size() - 2);
    if (json.find_first_not_of(blank) == std::string_view::npos) return;
    verdicts_ += verdicts_.empty() ? '[' : ',';
    verdicts_ += json;
  }
  void checkpoint(std::string text) {
    if (text.size() > max_checkpoint_bytes)
      throw std::length_error("a checkpoint of " + std::to_string(text.size()) + " bytes is longer than 64 KiB");
    checkpoint_ = std::move(text);
  }
  void log(severity level, std::string_view text) const {
    if (host_ && host_->log) host_->log(static_cast<std::uint32_t>(level), to_abi(text));
  }

  /// Hands over the answers to the last step and runs until nothing is ready. Throws what the plugin's coroutine threw.
  void resume(const leadsync_response* const* responses, std::size_t response_count, leadsync_step& step) {
    deliver(responses, response_count);
    trampoline::run();
    describe(step);
  }

  /// What was reported since the last step goes with this one, also where the plugin threw meanwhile.
  void hand_over(leadsync_step& step) {
    given_verdicts_ = std::exchange(verdicts_, {});
    if (!given_verdicts_.empty()) given_verdicts_ += ']';
    given_checkpoint_ = std::exchange(checkpoint_, {});
    step.verdicts_json = to_abi(given_verdicts_);
    step.checkpoint = to_abi(given_checkpoint_);
  }

 private:
  struct pending_send {
    promise_base* waiter;
    const std::vector<request>* requests;
    std::vector<answer>* answers;
  };
  struct pending_wait {
    promise_base* waiter;
    std::chrono::milliseconds remaining;
  };

  void deliver(const leadsync_response* const* responses, std::size_t response_count) {
    wire_.clear();
    pointers_.clear();
    std::size_t index = 0;
    for (auto& pending : std::exchange(sending_, {})) {
      pending.answers->reserve(pending.requests->size());
      for (std::size_t i = 0; i < pending.requests->size(); ++i, ++index)
        pending.answers->emplace_back(request_number_++, index < response_count ? responses[index] : nullptr);
      make_ready(*pending.waiter);
    }
    const auto elapsed = std::exchange(announced_wait_, std::chrono::milliseconds(0));
    if (elapsed.count() == 0) return;
    for (auto& pending : std::exchange(waiting_, {})) {
      pending.remaining -= elapsed;
      if (pending.remaining.count() > 0)
        waiting_.push_back(pending);
      else
        make_ready(*pending.waiter);
    }
  }

  void describe(leadsync_step& step) {
    if (access::done(root_)) {
      // Once: a task's value is moved out.
      if (!finished_) result_ = access::promise_of(root_).take();
      finished_ = true;
      step.kind = LEADSYNC_STEP_DONE;
      step.result_json = to_abi(result_);
    } else if (!sending_.empty()) {
      for (const auto& pending : sending_)
        for (const auto& one : *pending.requests) pointers_.push_back(wire_.emplace_back(one).get());
      step.kind = LEADSYNC_STEP_SEND;
      step.requests = pointers_.data();
      step.request_count = pointers_.size();
    } else if (!waiting_.empty()) {
      announced_wait_ = std::min_element(waiting_.begin(), waiting_.end(), [](const auto& a, const auto& b) {
                          return a.remaining < b.remaining;
                        })->remaining;
      step.kind = LEADSYNC_STEP_WAIT;
      step.wait_ms = static_cast<std::uint64_t>(announced_wait_.count());
    } else {
      throw std::logic_error("the plugin waits for something that is neither an answer nor a time");
    }
  }

  const leadsync_host* host_;
  std::vector<pending_send> sending_;
  std::vector<pending_wait> waiting_;
  std::chrono::milliseconds announced_wait_{0};
  std::size_t request_number_ = 0;
  bool finished_ = false;
  std::string verdicts_;
  std::string checkpoint_;
  // What the last step points to.
  std::deque<wire_request> wire_;
  std::vector<const leadsync_request*> pointers_;
  std::string given_verdicts_;
  std::string given_checkpoint_;
  std::string result_;
  // Last, so that the frames, which point into the rest, go first.
  task<std::string> root_;
};

}  // namespace detail

/// The session, as a plugin sees it. A handle: copy it freely, within the session.
class session_context {
 public:
  explicit session_context(detail::conversation& conversation) : conversation_(&conversation) {}

  /// A verdict (or an array of them) as JSON text, handed over with the next step. Each verdict is given once.
  void report(std::string_view verdict_json) const { conversation_->report(verdict_json); }
  /// Opaque, at most 64 KiB; durable before what is sent next leaves. A later job for the same leads carries the newest.
  void checkpoint(std::string text) const { conversation_->checkpoint(std::move(text)); }
  void log(severity level, std::string_view text) const { conversation_->log(level, text); }

 private:
  detail::conversation* conversation_;
};

}  // namespace leadsync::sdk

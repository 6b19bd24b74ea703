#pragma once
#include "json.h"

#include <leadsync/plugin.hpp>

#include <map>
#include <utility>

namespace leadsync::salesforce {

/// The jobs of Bulk API 2.0 of a session, by phase. They are its checkpoint: a later session for the same leads takes their results, and
/// uploads nothing twice.
class ingest_jobs {
 public:
  ingest_jobs(sdk::session_context context, const json::object& sync_job) : context_(context) {
    const auto left = sdk::reading::parsed(text_of(sync_job, "checkpoint"));
    for (const auto& [phase, id] : object_of(left, "ingest")) jobs_[std::string(phase)] = {std::string(text_of(&id)), true};
  }

  /// Once: the id of the job that an earlier session left; empty where it left none.
  std::string take_left(const std::string& phase) {
    const auto found = jobs_.find(phase);
    return found != jobs_.end() && std::exchange(found->second.is_left, false) ? found->second.id : std::string();
  }
  /// Durable before the next request leaves.
  void remember(const std::string& phase, std::string id) {
    jobs_[phase] = {std::move(id), false};
    json::object by_phase;
    for (const auto& [name, one] : jobs_) by_phase[name] = one.id;
    context_.checkpoint(json::serialize(json::object{{"ingest", std::move(by_phase)}}));
  }

 private:
  struct job {
    std::string id;
    bool is_left = false;
  };
  sdk::session_context context_;
  std::map<std::string, job> jobs_;
};
}  // namespace leadsync::salesforce

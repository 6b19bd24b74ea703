#pragma once

#include <leadsync/plugin.hpp>
#include <leadsync/testkit.hpp>

/// A session of a plugin that consists of this coroutine.
template <leadsync::sdk::run_function Run>
class one_session : public leadsync::testkit::session {
 public:
  explicit one_session(std::string_view job = "{}") : session(plugin(), job) {}

 private:
  static const leadsync_plugin* plugin() {
    static const leadsync_plugin made = leadsync::sdk::define_plugin<Run>("{}");
    return &made;
  }
};

#pragma once

#include "limits/quota.h"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace leadsync::simulator {

/// The named quotas of an account.
class quota_set {
 public:
  quota& add(quota added);
  [[nodiscard]] quota& at(std::string_view name);

  /// `{"burst": {"amount": 190, "window_ms": 10000, "kind": "sliding", "foreign": 0.3}, "daily": null}`.
  /// Says what is wrong, empty where nothing is.
  [[nodiscard]] std::string configure(const boost::json::object& wanted);
  [[nodiscard]] boost::json::object to_json(instant now);
  void clear_statistics();

 private:
  std::vector<quota> quotas_;
};

}  // namespace leadsync::simulator

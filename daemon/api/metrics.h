#pragma once

#include "api/reconciliation_view.h"
#include "base/instant.h"

#include <string>
#include <string_view>
#include <vector>

namespace leadsync::api {

struct integration_metrics {
  std::string integration;
  std::string hold;
  summary_record summary;
};

/// The Prometheus text format.
[[nodiscard]] std::string metrics_text(const std::vector<integration_metrics>& integrations, std::string_view version, instant at);

}  // namespace leadsync::api

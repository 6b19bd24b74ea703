#pragma once

#include "api/http_request.h"
#include "base/error.h"
#include "store/records.h"

#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace leadsync::api {

/// Which deliveries a retry or a dismissal means. Exactly one of lead, category (with locus or without), event, all, held and queued;
/// event, since and until narrow each of them.
struct selection {
  enum class kind { lead, failed, held, queued };
  kind what = kind::failed;
  delivery_filter filter;  ///< without `state`
  bool dry_run = false;
  std::string note;
};

[[nodiscard]] result<selection> parse_selection(const boost::json::value& body, request_view request);
/// {"event", "since", "until"}, all optional.
[[nodiscard]] result<delivery_filter> parse_backfill(const boost::json::value& body);

}  // namespace leadsync::api

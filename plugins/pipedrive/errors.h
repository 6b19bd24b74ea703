#pragma once
#include "json.h"

#include <leadsync/plugin.hpp>

namespace leadsync::pipedrive {

/// What Pipedrive (or the way to it) found wrong, in the daemon's categories.
struct failure {
  std::string_view category;  // points to a constant
  std::string crm_code;
  std::string message;
  std::string field;  // Pipedrive's code of the field that it is about; empty where unknown
  std::int64_t retry_after_ms = 0;
};

/// What was asked, as far as it decides what an answer means.
enum class asked {
  read,
  keyed_write,
  blind_write,
  token,   // of the token endpoint
  stored,  // a record that must exist, or a write that links to one: 404 means that it is gone
};

/// Why an answer that is no success failed.
failure classify(const sdk::answer& answer, asked what);

/// The gateway blocks this machine: whatever is sent next lengthens it.
bool is_blocked(const sdk::answer& answer);
}  // namespace leadsync::pipedrive

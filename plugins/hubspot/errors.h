#pragma once
#include "json.h"

#include <leadsync/plugin.hpp>

namespace leadsync::hubspot {

/// One thing that HubSpot (or the way to it) found wrong, in the daemon's categories.
struct failure {
  std::string_view category;  // points to a constant
  std::string crm_code;
  std::string message;
  std::string property;     // the remote field it is about; empty where unknown
  std::string value;        // the refused value, where the message quotes it
  std::string existing_id;  // of the record that is in the way
  std::int64_t retry_after_ms = 0;
  std::vector<std::string> trace_ids, ids;  // of the inputs meant: our trace ids; record ids or keys. Empty: not said
  bool whole_batch = false;                 // about the call (rights, limits, line), never about one of its inputs
};

/// Why an answer that is no success failed: at least one entry, the one to file under first. The full body must be given: an
/// INVALID_OPTION message lists every allowed option before it says which property it is about.
std::vector<failure> classify(const sdk::answer& answer, bool blind_write = false);

/// The same for one element of `errors[]` in a multi-status answer.
std::vector<failure> classify_item(const json::object& error);
}  // namespace leadsync::hubspot

#pragma once
#include "json.h"

#include <leadsync/plugin.hpp>

namespace leadsync::salesforce {

/// One thing that Salesforce (or the way to it) found wrong, in the daemon's categories.
struct failure {
  std::string_view category;  // points to a constant
  std::string crm_code;
  std::string message;
  std::string field;        // the remote field it is about; empty where unknown
  std::string value;        // the refused value, where the message quotes it
  std::string existing_id;  // of the record that has the unique value
  std::int64_t retry_after_ms = 0;
  std::size_t line = 0;      // of the request's body, from 1; 0 where the message names none
  bool whole_call = false;   // about the call (rights, limits, line), never about one of its records
  bool of_automation = false;  // quoted by a trigger or a flow: it may be about another object than ours
};

/// Which part of which exchange decided.
struct place {
  std::size_t request = 0;
  std::string request_pointer, response_pointer;
};

/// Why an answer that is no success failed.
failure classify(const sdk::answer& answer, bool blind_write = false);

/// The same for `errors[]` of one row of a collections answer.
failure classify_row(const json::array& errors);

/// Why the token endpoint refused.
failure classify_grant(const sdk::answer& answer);
}  // namespace leadsync::salesforce

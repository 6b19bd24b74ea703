#pragma once
#include "json.h"

#include <leadsync/plugin.hpp>

namespace leadsync::zoho {

/// One thing that Zoho (or the way to it) found wrong, in the daemon's categories.
struct failure {
  std::string_view category;  // points to a constant
  std::string crm_code;
  std::string message;
  std::string field;        // the remote field it is about; empty where unknown
  std::string existing_id;  // of the record that is in the way
  std::int64_t retry_after_ms = 0;
  int row = -1;              // which of the rows sent, where it says
  bool by_type = false;      // Zoho does not say whether value or format is wrong: the field's type decides
  bool whole_batch = false;  // about the call (rights, limits, line), never about one of its rows
};

/// Why an answer that is no success failed, where it has no rows of `data` that say so each for itself.
failure classify(const sdk::answer& answer, bool blind_write = false);

/// The same for one row of `data` (or `fields`), or for the error object of a request.
failure classify_row(const json::object& error);
}  // namespace leadsync::zoho

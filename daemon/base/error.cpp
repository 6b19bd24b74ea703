#include "base/error.h"

#include <stdexcept>

namespace leadsync {

void throw_exception_from_error(const error& failure, const boost::source_location&) {
  throw std::runtime_error(std::string(to_text(failure.code)) + ": " + failure.context);
}

error with_context(error failure, std::string_view outer) {
  failure.context.insert(0, std::string(outer) + ": ");
  return failure;
}

std::string_view to_text(errc code) {
  switch (code) {
    case errc::invalid_input: return "invalid input";
    case errc::not_found: return "not found";
    case errc::conflict: return "conflict";
    case errc::unavailable: return "unavailable";
    case errc::io: return "input/output";
    case errc::corrupted: return "corrupted";
    case errc::timed_out: return "timed out";
    case errc::not_permitted: return "not permitted";
    case errc::cancelled: return "cancelled";
  }
  return "unknown";
}

}  // namespace leadsync

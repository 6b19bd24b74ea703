#pragma once

#include <stdexcept>
#include <string>

namespace leadsync::client {

enum class exit_code {
  ok = 0,
  failed = 1,
  usage = 2,
  unreachable = 3,    ///< no daemon on the socket
  not_permitted = 4,
  not_found = 5,
  conflict = 6,       ///< changed meanwhile, or in another state
  partial = 7,        ///< done, but for some
  try_later = 75,     ///< as EX_TEMPFAIL of sysexits.h
};

/// Ends a command: what went wrong, why, and what to do next. Caught in `run` alone.
class failure : public std::runtime_error {
 public:
  failure(exit_code code, const std::string& what, std::string why = {}, std::string next = {})
      : std::runtime_error(what), code(code), why(std::move(why)), next(std::move(next)) {}

  exit_code code;
  std::string why;
  std::string next;  ///< a command, or an advice
};

}  // namespace leadsync::client

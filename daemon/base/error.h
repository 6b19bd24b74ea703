#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <system_error>

namespace leadsync {

/// What an operation of ours failed by. A CRM's answer is never one of these: it is data.
enum class errc {
  invalid_input = 1,  ///< the caller's text or value; `context` says which and what to do
  not_found,
  conflict,     ///< a precondition (revision, state, idempotency key) does not hold
  unavailable,  ///< cannot be done now; trying later may help
  io,           ///< disk or database
  corrupted,    ///< stored data that contradicts itself
  timed_out,
  not_permitted,
  cancelled,
};

/// Context reads from the outside in: "importing leads.csv: row 3: ...".
struct error {
  errc code;
  std::string context;
};

/// Found by argument-dependent lookup when `result::value()` is called on an error.
[[noreturn]] void throw_exception_from_error(const error& failure, const boost::source_location& where);

template <class T = void>
using result = boost::system::result<T, error>;

[[nodiscard]] inline error make_error(errc code, std::string context) { return {code, std::move(context)}; }
[[nodiscard]] error with_context(error failure, std::string_view outer);
[[nodiscard]] std::string_view to_text(errc code);

}  // namespace leadsync

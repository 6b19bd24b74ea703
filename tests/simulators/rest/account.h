#pragma once

#include "limits/quota_set.h"

#include <boost/json.hpp>

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync::simulator::rest {

namespace json = boost::json;

/// A field of people or notes, in the words of sdk/protocol.md.
struct field {
  std::string name, label, type = "text";
  bool creatable = true, updatable = true, required = false;
  std::size_t max_length = 0;  ///< code points; 0: any
  std::vector<std::string> options = {};

  [[nodiscard]] json::object to_json() const;
};

struct record {
  std::string id;
  json::object values;
};

/// Why a record is refused.
struct refusal {
  std::string code, message, field;
};

/// The whole state of the account.
struct account {
  account();

  std::map<std::string, std::vector<field>, std::less<>> fields;  ///< of "person" and "note"
  std::deque<record> people, notes;                               ///< a note has "person_id"
  std::vector<std::string> tokens;
  quota_set quotas;
  std::uint64_t next_id = 1;

  /// Addresses are compared without case.
  [[nodiscard]] record* person_of(std::string_view email);
  [[nodiscard]] record* person(std::string_view id);
  [[nodiscard]] std::optional<refusal> check(std::string_view object, const json::object& given, bool creating) const;
  record& add(std::deque<record>& to, json::object values);
};

}  // namespace leadsync::simulator::rest

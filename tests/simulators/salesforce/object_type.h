#pragma once

#include "salesforce/field.h"

#include "base/instant.h"

#include <deque>
#include <functional>
#include <map>
#include <unordered_map>

namespace leadsync::simulator::salesforce {

struct record {
  std::string id;
  std::map<std::string, json::value, std::less<>> values;  ///< absent: null
  bool deleted = false;
  bool locked = false;  ///< by an approval process

  [[nodiscard]] std::string text(std::string_view field_name) const;
};

/// "00Q5e00000000a1AAA": prefix, number, and the three characters that tell the case of the others.
[[nodiscard]] std::string make_id(std::string_view prefix, std::uint64_t number);
/// 15 or 18 letters and digits.
[[nodiscard]] bool looks_like_id(std::string_view text);
/// Unique fields and e-mail addresses are compared so.
[[nodiscard]] std::string folded(std::string_view text);

/// An object of the org: its fields and records. Unique fields are indexed.
class object_type {
 public:
  object_type(std::string name, std::string label, std::string prefix, std::vector<field> fields);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& label() const { return label_; }
  [[nodiscard]] const std::string& prefix() const { return prefix_; }
  [[nodiscard]] std::vector<field>& fields() { return fields_; }
  [[nodiscard]] const std::vector<field>& fields() const { return fields_; }
  [[nodiscard]] const std::deque<record>& records() const { return records_; }
  [[nodiscard]] std::deque<record>& records() { return records_; }

  /// Null where there is none, or where it is hidden. Names are compared without case.
  [[nodiscard]] const field* find_field(std::string_view name) const;
  [[nodiscard]] field* any_field(std::string_view name);  ///< hidden too
  /// Of 15 or 18 characters, deleted ones too.
  [[nodiscard]] record* find(std::string_view id);
  /// Live records with this value of an indexed field.
  [[nodiscard]] std::vector<record*> with_value(std::string_view field_name, std::string_view value);

  record& insert(std::map<std::string, json::value, std::less<>> values, instant now);
  /// Null clears.
  void update(record& changed, const std::map<std::string, json::value, std::less<>>& values, instant now);

 private:
  void index(const record& one, std::string_view field_name, std::size_t position);

  std::string name_, label_, prefix_;
  std::vector<field> fields_;
  std::deque<record> records_;
  std::unordered_map<std::string, std::size_t> by_id_;  ///< of 15 characters
  std::map<std::string, std::unordered_multimap<std::string, std::size_t>, std::less<>> by_value_;
};

}  // namespace leadsync::simulator::salesforce

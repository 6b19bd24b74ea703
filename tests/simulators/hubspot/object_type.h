#pragma once

#include "hubspot/property.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace leadsync::simulator::hubspot {

class object_type;

struct field {
  std::uint16_t property;
  std::string value;
};
using field_list = std::vector<field>;

struct link {
  const object_type* to_type;
  std::uint64_t to_id;
  std::vector<int> kinds;  ///< association type ids, of this direction
};

struct record {
  std::uint64_t id = 0;
  instant created_at{}, updated_at{};
  bool archived = false;
  std::uint64_t merged_into = 0;
  field_list values;
  /// What search still sees until `updated_at` plus the index lag; absent where the record is new or the index caught up.
  std::unique_ptr<field_list> indexed;
  std::vector<link> links;
};

[[nodiscard]] const std::string* value_in(const field_list& values, std::uint16_t property);

/// One kind of object of the account: its property definitions, records and unique indexes.
class object_type {
 public:
  /// "contacts", "contact", "0-1". Ids count up from `first_id`: an id of another type is never found by mistake.
  object_type(std::string plural, std::string singular, std::string type_id, std::uint64_t first_id);

  [[nodiscard]] const std::string& name() const { return plural_; }
  [[nodiscard]] const std::string& singular() const { return singular_; }
  [[nodiscard]] std::string upper() const;
  [[nodiscard]] const std::string& type_id() const { return type_id_; }

  std::uint16_t add_property(property added);
  /// Archived ones are not found.
  [[nodiscard]] std::optional<std::uint16_t> find_property(std::string_view name) const;
  [[nodiscard]] property& at(std::uint16_t index) { return properties_[index]; }
  [[nodiscard]] const property& at(std::uint16_t index) const { return properties_[index]; }
  [[nodiscard]] const std::deque<property>& properties() const { return properties_; }
  /// Its values are gone from every record.
  void remove_property(std::uint16_t index, bool keep_archived);
  [[nodiscard]] std::size_t unique_property_count() const;
  [[nodiscard]] std::optional<std::uint16_t> email_property() const { return email_; }
  void declare_additional_emails(std::uint16_t property) { additional_ = property; }

  /// Archived and merged records too. Null where the id is not of this type.
  [[nodiscard]] record* find(std::uint64_t id);
  /// By id text; only live ones.
  [[nodiscard]] record* find_live(std::string_view id);
  [[nodiscard]] record* find_by(std::uint16_t unique_property, std::string_view value);
  [[nodiscard]] bool has_index(std::uint16_t property) const { return properties_[property].unique || property == email_; }
  [[nodiscard]] std::uint64_t next_id() const { return first_id_ + records_.size(); }
  record& create(instant now);
  /// Empty values clear. The caller has checked uniqueness. The values are moved from; which properties they were stays readable.
  void set(record& changed, field_list& fields, instant now, std::chrono::milliseconds index_lag);
  void archive(record& gone, instant now);
  void merge(record& into, record& from, instant now);
  [[nodiscard]] std::deque<record>& records() { return records_; }
  void clear_records();

 private:
  void index(const record& owner, std::uint16_t property, const std::string& value);
  void unindex(const record& owner, std::uint16_t property, const std::string& value);

  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  template <class Value>
  using text_map = std::unordered_map<std::string, Value, text_hash, std::equal_to<>>;

  std::string plural_, singular_, type_id_;
  std::uint64_t first_id_;
  std::deque<property> properties_;
  text_map<std::uint16_t> by_name_;
  std::deque<record> records_;
  std::unordered_map<std::uint16_t, text_map<std::uint64_t>> unique_;
  std::optional<std::uint16_t> email_, additional_;
};

}  // namespace leadsync::simulator::hubspot

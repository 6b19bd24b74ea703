#pragma once

#include "base/instant.h"

#include <boost/json.hpp>

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace leadsync::simulator::pipedrive {

namespace json = boost::json;

struct option {
  std::int64_t id = 0;
  std::string label;
};

struct field {
  std::string code, name, type;
  std::vector<option> options;
  bool custom = false;

  [[nodiscard]] const option* find(std::int64_t option_id) const;
};

/// One record. `data` is what the API shows; custom values of v2 kinds are in its `custom_fields`.
struct entity {
  std::string id;  ///< digits, or a lead's uuid
  json::object data;
  bool deleted = false;
  instant added_at{}, updated_at{};
  /// What the search index knows: from when on it shows which state. The newest is last.
  struct version {
    instant visible_at;
    bool deleted = false;
    json::object data;
  };
  std::deque<version> versions;
};

/// Records of one kind, in the order of their creation.
class table {
 public:
  explicit table(std::string_view entity_name) : name_(entity_name) {}

  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] std::int64_t next_id() { return ++last_id_; }
  entity& add(std::string id, json::object data, instant now, std::chrono::milliseconds lag);
  /// After a change of `data` or `deleted`.
  void changed(entity& one, instant now, std::chrono::milliseconds lag);
  /// Null where there is none, or it is deleted.
  [[nodiscard]] entity* find(std::string_view id);
  [[nodiscard]] entity* find_any(std::string_view id);
  [[nodiscard]] std::deque<entity>& all() { return all_; }
  void clear();

 private:
  std::string name_;
  std::deque<entity> all_;
  std::unordered_map<std::string, entity*> by_id_;
  std::int64_t last_id_ = 0;
};

/// Null where the index does not show the record yet, or no longer.
[[nodiscard]] const json::object* indexed(entity& one, instant now);

[[nodiscard]] std::string_view text_of(const json::object& from, std::string_view name);
[[nodiscard]] std::string id_of(const json::object& from, std::string_view name);

}  // namespace leadsync::simulator::pipedrive

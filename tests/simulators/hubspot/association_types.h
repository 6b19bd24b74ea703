#pragma once

#include "hubspot/answers.h"

namespace leadsync::simulator::hubspot {

struct failure;

struct association_type {
  int id;
  std::string_view from, to;  ///< plural names
  bool primary;
  std::string_view name;
};

[[nodiscard]] const association_type* find_association_type(int id);
/// The unlabelled one of a direction; null where the pair cannot be associated.
[[nodiscard]] const association_type* default_association(std::string_view from, std::string_view to);
[[nodiscard]] const association_type* primary_association(std::string_view from, std::string_view to);
[[nodiscard]] std::vector<const association_type*> associations_between(std::string_view from, std::string_view to);

struct link_request {
  object_type* to_type;
  std::uint64_t to_id;
  std::vector<int> kinds;
};

/// The `associations` member of a create.
[[nodiscard]] std::optional<failure> read_links(portal& account, const object_type& from, const json::value& source, std::vector<link_request>& out);
/// Both directions; repeating is a no-op. The first company of a contact becomes its primary one. False: over 10,000.
bool add_link(object_type& from_type, record& from, object_type& to_type, record& to, const std::vector<int>& kinds);
void remove_link(object_type& from_type, record& from, object_type& to_type, record& to);

}  // namespace leadsync::simulator::hubspot

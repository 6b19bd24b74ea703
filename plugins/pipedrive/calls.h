#pragma once
#include "json.h"

#include <leadsync/plugin.hpp>

namespace leadsync::pipedrive {

/// Where an object lives in Pipedrive.
struct object_kind {
  std::string_view name;   // in the manifest
  std::string_view path;   // in URLs
  std::string_view match;  // the field by which records are found
};
inline constexpr object_kind persons{"person", "persons", "email"}, organizations{"organization", "organizations", "name"};

/// Requests, with the header that authorizes them and what they cost of the daily budget.
class calls {
 public:
  explicit calls(const json::object& job);

  [[nodiscard]] sdk::request get(std::string url, std::uint32_t tokens) const;
  /// Search has a window of its own.
  [[nodiscard]] sdk::request search(std::string url) const;
  [[nodiscard]] sdk::request write(std::string_view method, std::string url, const json::object& body, std::uint32_t tokens) const;

 private:
  [[nodiscard]] sdk::request authorized(sdk::request made) const;
  bool oauth_;
};

inline std::string v2(const object_kind& kind, std::string_view rest = {}) {
  return "/api/v2/" + std::string(kind.path) + (rest.empty() ? "" : "/") + std::string(rest);
}

/// The document of a 2xx whose body says success; empty otherwise: the status alone proves nothing.
json::object success_of(const sdk::answer& answer);
/// Its `data` where that is one record.
json::object record_of(const sdk::answer& answer);
}  // namespace leadsync::pipedrive

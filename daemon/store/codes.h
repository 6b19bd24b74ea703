#pragma once

#include "store/records.h"
#include "store/sqlite.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// As stored: '' for none.
[[nodiscard]] std::string_view text_of(category what);
[[nodiscard]] category category_of(std::string_view text);
[[nodiscard]] delivery_state state_of(std::string_view text);

[[nodiscard]] std::string pack_ids(std::vector<std::int64_t> ids);  ///< sorted; differences as varints
[[nodiscard]] std::vector<std::int64_t> unpack_ids(std::string_view bytes);
[[nodiscard]] std::string list_ids(std::span<const std::int64_t> ids);  ///< as JSON, for json_each()

[[nodiscard]] std::string pack_remote_ids(const std::vector<remote_id>& ids);
[[nodiscard]] std::vector<remote_id> unpack_remote_ids(std::string_view json);
[[nodiscard]] std::string pack_texts(const std::vector<std::string>& texts);
[[nodiscard]] std::vector<std::string> unpack_texts(std::string_view json);
[[nodiscard]] std::string pack_warnings(const std::vector<warning>& warnings);
[[nodiscard]] std::string pack_filter(const delivery_filter& filter);
[[nodiscard]] delivery_filter unpack_filter(std::string_view json);

/// Compressed where that pays; `unpack_body` needs to be told.
struct packed_body {
  std::string bytes;
  bool compressed = false;
};
[[nodiscard]] packed_body pack_body(std::string_view body);
[[nodiscard]] std::string unpack_body(std::string_view bytes, bool compressed);

/// 0 for the empty locus; nothing where it was never stored.
[[nodiscard]] std::optional<std::int64_t> find_locus(connection& db, const locus& where);
[[nodiscard]] locus load_locus(connection& db, std::int64_t id);

}  // namespace leadsync

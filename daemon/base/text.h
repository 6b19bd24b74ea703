#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// White space off both ends, no-break space (U+00A0) and byte order mark included.
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text);
/// Each malformed sequence becomes U+FFFD.
[[nodiscard]] std::string scrub_utf8(std::string_view text);
/// Compatibility-normalised, case-folded, accents kept, runs of white space as one blank: equal for what a person reads as equal.
[[nodiscard]] std::string fold(std::string_view text);
/// As `fold`, without accents and punctuation: for header synonyms and suggestions.
[[nodiscard]] std::string fold_loosely(std::string_view text);
[[nodiscard]] std::size_t code_point_count(std::string_view utf8);
[[nodiscard]] std::size_t utf16_length(std::string_view utf8);
/// The longest prefix of at most `limit` code points.
[[nodiscard]] std::string_view prefix_of(std::string_view utf8, std::size_t limit);
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
/// Lower-case hex of SHA-256.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
/// The first 8 bytes of SHA-256, as a non-negative integer: an identity key that indexes cheaply.
[[nodiscard]] std::int64_t hash64(std::string_view bytes);

}  // namespace leadsync

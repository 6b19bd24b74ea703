// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "leadsync/plugin.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace leadsync::sdk {

[[nodiscard]] inline bool equal_ignoring_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [&](char a, char b) { return lower(a) == lower(b); });
}

/// For one segment or query value of a URL: all but A-Z a-z 0-9 - . _ ~ is encoded.
[[nodiscard]] inline std::string percent_encode(std::string_view text) {
  static constexpr std::string_view hex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += hex[byte >> 4];
      encoded += hex[byte & 15];
    }
  }
  return encoded;
}

/// RFC 4648, section 5, without padding.
[[nodiscard]] inline std::string base64url(std::string_view bytes) {
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string encoded;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) encoded += alphabet[held >> (bits - 6) & 63];
  }
  if (bits > 0) encoded += alphabet[held << (6 - bits) & 63];
  return encoded;
}

/// The text as a JSON string, quotes included. Bytes beyond ASCII are taken as UTF-8.
[[nodiscard]] inline std::string json_quote(std::string_view text) {
  static constexpr std::string_view hex = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20) {
      quoted += "\\u00";
      quoted += hex[byte >> 4];
      quoted += hex[byte & 15];
    } else {
      quoted += c;
    }
  }
  quoted += '"';
  return quoted;
}

namespace detail {

inline leadsync_str to_abi(std::string_view text) { return {text.data(), text.size()}; }

inline std::string_view to_view(leadsync_str text) {
  return text.data ? std::string_view(text.data, text.size) : std::string_view();
}

}  // namespace detail
}  // namespace leadsync::sdk

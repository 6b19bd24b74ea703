#include "intake/text_decoder.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace leadsync {
namespace {

constexpr char32_t replacement = 0xFFFD;

/// 0x80 to 0x9F; the rest of windows-1252 is Latin-1. Undefined bytes become U+FFFD.
constexpr std::array<char32_t, 32> windows_1252_upper{
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
    0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

void append(std::string& out, char32_t c) {
  if (c == 0) return;  // no text has one, and databases stop at it
  if (c < 0x80) {
    out += char(c);
  } else if (c < 0x800) {
    out += char(0xC0 | c >> 6);
    out += char(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += char(0xE0 | c >> 12);
    out += char(0x80 | (c >> 6 & 0x3F));
    out += char(0x80 | (c & 0x3F));
  } else {
    out += char(0xF0 | c >> 18);
    out += char(0x80 | (c >> 12 & 0x3F));
    out += char(0x80 | (c >> 6 & 0x3F));
    out += char(0x80 | (c & 0x3F));
  }
}

bool is_ascii(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Whether the bytes above ASCII are UTF-8 rather than a one-byte code page. A sequence cut at the end says nothing.
bool looks_like_utf8(std::string_view bytes) {
  std::size_t good = 0;
  std::size_t bad = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = byte >= 0xF0 && byte < 0xF5 ? 4 : byte >= 0xE0 && byte < 0xF0 ? 3 : byte >= 0xC2 && byte < 0xE0 ? 2 : 0;
    std::size_t seen = 1;
    while (seen < length && i + seen < bytes.size() && (static_cast<unsigned char>(bytes[i + seen]) & 0xC0) == 0x80) ++seen;
    if (length != 0 && i + seen == bytes.size() && seen < length) break;
    const bool whole = length != 0 && seen == length;
    ++(whole ? good : bad);
    i += whole ? length : 1;
  }
  return good > bad || bad == 0;
}

}  // namespace

void text_decoder::detect(std::string_view& bytes) {
  const auto starts = [&](std::string_view mark) {
    if (!bytes.starts_with(mark)) return false;
    bytes.remove_prefix(mark.size());
    return true;
  };
  if (starts("\xEF\xBB\xBF")) encoding_ = encoding::utf8;
  else if (starts("\xFF\xFE")) encoding_ = encoding::utf16_le;
  else if (starts("\xFE\xFF")) encoding_ = encoding::utf16_be;
  else if (bytes.size() >= 4 && bytes[1] == 0 && bytes[3] == 0 && bytes[0] != 0) encoding_ = encoding::utf16_le;
  else if (bytes.size() >= 4 && bytes[0] == 0 && bytes[2] == 0 && bytes[1] != 0) encoding_ = encoding::utf16_be;
  else encoding_ = encoding::ascii_so_far;
}

void text_decoder::feed(std::string_view bytes, std::string& out) {
  std::string joined;
  if (!held_.empty()) {
    joined = std::move(held_);
    held_.clear();
    joined += bytes;
    bytes = joined;
  }
  if (encoding_ == encoding::unseen) {
    if (bytes.size() < 4) {
      held_ = bytes;
      return;
    }
    detect(bytes);
  }
  decode(bytes, out);
}

void text_decoder::finish(std::string& out) {
  if (encoding_ == encoding::unseen) {
    const auto bytes = std::move(held_);
    held_.clear();
    std::string_view rest = bytes;
    detect(rest);
    decode(rest, out);
  }
  if (!held_.empty() || high_surrogate_ != 0) append(out, replacement);
  held_.clear();
}

void text_decoder::decode(std::string_view bytes, std::string& out) {
  if (encoding_ == encoding::ascii_so_far && !is_ascii(bytes))
    encoding_ = looks_like_utf8(bytes) ? encoding::utf8 : encoding::windows_1252;
  if (encoding_ == encoding::utf16_le || encoding_ == encoding::utf16_be) return decode_utf16(bytes, out);
  if (encoding_ == encoding::windows_1252) {
    for (const char c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      append(out, byte >= 0x80 && byte < 0xA0 ? windows_1252_upper[byte - 0x80] : byte);
    }
    return;
  }
  const auto before = out.size();
  out += bytes;
  if (out.find('\0', before) != out.npos) out.erase(std::remove(out.begin() + std::ptrdiff_t(before), out.end(), '\0'), out.end());
}

void text_decoder::decode_utf16(std::string_view bytes, std::string& out) {
  const bool little = encoding_ == encoding::utf16_le;
  std::size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    const char32_t unit = little ? char32_t(second << 8 | first) : char32_t(first << 8 | second);
    const bool low = unit >= 0xDC00 && unit < 0xE000;
    if (high_surrogate_ != 0) {
      append(out, low ? 0x10000 + ((high_surrogate_ - 0xD800) << 10) + (unit - 0xDC00) : replacement);
      high_surrogate_ = 0;
      if (low) continue;
    }
    if (unit >= 0xD800 && unit < 0xDC00) high_surrogate_ = unit;
    else append(out, low ? replacement : unit);
  }
  held_ = bytes.substr(i);
}

}  // namespace leadsync

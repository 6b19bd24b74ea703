#include "model/json_text.h"

#include "base/text.h"

#include <boost/json/parser.hpp>

#include <algorithm>

namespace leadsync {
namespace {

namespace json = boost::json;

bool plain(unsigned char c) { return c >= 0x20 && c != '"' && c != '\\' && c < 0x80; }

void append_escaped(std::string& out, unsigned char c) {
  constexpr char digits[] = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  out += "\\u00";
  out += digits[c >> 4];
  out += digits[c & 15];
}

/// Where the text that follows `before` stands, as editors count.
std::string place_of(std::string_view before) {
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const auto column = std::to_string(code_point_count(before.substr(before.rfind('\n') + 1)) + 1);
  return lines == 0 ? "at character " + column : "at line " + std::to_string(lines + 1) + ", column " + column;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  bool checked = false;
  while (!text.empty()) {
    std::size_t run = 0;
    while (run < text.size() && plain(static_cast<unsigned char>(text[run]))) ++run;
    out.append(text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) break;
    const auto next = static_cast<unsigned char>(text.front());
    if (next < 0x80) {
      append_escaped(out, next);
      text.remove_prefix(1);
      continue;
    }
    if (!checked && !is_valid_utf8(text)) {
      const auto clean = scrub_utf8(text);
      std::string rest;
      append_json_string(rest, clean);
      out.append(rest, 1);
      return;
    }
    checked = true;
    out += text.front();
    text.remove_prefix(1);
  }
  out += '"';
}

std::string pointer_to(std::string_view parent, std::string_view member) {
  std::string pointer(parent);
  pointer += '/';
  for (const char c : member) {
    if (c == '~') pointer += "~0";
    else if (c == '/') pointer += "~1";
    else pointer += c;
  }
  return pointer;
}

std::string pointer_to(std::string_view parent, std::size_t index) { return pointer_to(parent, std::to_string(index)); }

result<json::value> parse_json(std::string_view text, json::storage_ptr storage) {
  json::parse_options options;
  options.max_depth = 32;
  unsigned char first_buffer[4096];
  json::parser parser(json::storage_ptr(), options, first_buffer);
  parser.reset(std::move(storage));
  boost::system::error_code failure;
  const auto read = parser.write(text.data(), text.size(), failure);
  if (failure) return make_error(errc::invalid_input, "not JSON: " + failure.message() + " " + place_of(text.substr(0, read)));
  return parser.release();
}

member_reader::member_reader(const json::value& value, std::string pointer)
    : object_(value.if_object()), pointer_(std::move(pointer)) {
  if (!object_) failure_ = (pointer_.empty() ? "the document" : pointer_) + " must be an object";
}

const json::value* member_reader::find(std::string_view name) const {
  if (!object_) return nullptr;
  const auto* value = object_->if_contains(name);
  return value && !value->is_null() ? value : nullptr;
}

bool member_reader::has(std::string_view name) const { return find(name) != nullptr; }

std::string member_reader::text(std::string_view name) {
  const auto* value = find(name);
  if (!value) return {};
  if (const auto* string = value->if_string()) return std::string(*string);
  refuse(name, "must be a string");
  return {};
}

std::string member_reader::required_text(std::string_view name) {
  auto value = text(name);
  if (value.empty()) refuse(name, "is missing");
  return value;
}

bool member_reader::boolean(std::string_view name, bool otherwise) {
  const auto* value = find(name);
  if (!value) return otherwise;
  if (const auto* boolean = value->if_bool()) return *boolean;
  refuse(name, "must be true or false");
  return otherwise;
}

std::int64_t member_reader::count(std::string_view name, std::int64_t at_most) {
  const auto* value = find(name);
  if (!value) return 0;
  boost::system::error_code failure;
  const auto number = value->to_number<std::int64_t>(failure);
  if (!failure && number >= 0 && number <= at_most) return number;
  refuse(name, "must be a whole number from 0 to " + std::to_string(at_most));
  return 0;
}

const json::array* member_reader::array(std::string_view name) {
  const auto* value = find(name);
  if (value && !value->is_array()) refuse(name, "must be an array");
  return value ? value->if_array() : nullptr;
}

const json::object* member_reader::object(std::string_view name) {
  const auto* value = find(name);
  if (value && !value->is_object()) refuse(name, "must be an object");
  return value ? value->if_object() : nullptr;
}

void member_reader::refuse(std::string_view name, std::string_view why) {
  if (failure_.empty()) failure_ = pointer_to(pointer_, name) + " " + std::string(why);
}

void member_reader::only(std::initializer_list<std::string_view> names) {
  if (!object_) return;
  for (const auto& member : *object_)
    if (std::find(names.begin(), names.end(), std::string_view(member.key())) == names.end())
      refuse(member.key(), "is not a known member");
}

}  // namespace leadsync

#include "hubspot/values.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace leadsync::simulator::hubspot {
namespace {

using namespace std::chrono;

constexpr std::size_t platform_length = 65'536;
constexpr std::int64_t day_ms = 86'400'000;

template <class Number>
bool parse_whole(std::string_view text, Number& out) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failure == std::errc() && end == text.data() + text.size();
}

std::optional<value_error> not_long(std::string_view value) { return value_error{std::string(value) + " was not a valid long", "INVALID_LONG"}; }

std::optional<value_error> check_date(std::string& value) {
  std::int64_t millis = 0;
  if (parse_whole(value, millis)) {
    const auto in_day = ((millis % day_ms) + day_ms) % day_ms;
    if (in_day != 0) {
      char time[48];
      std::snprintf(time, sizeof time, "%d:%02d:%02d.%03d", static_cast<int>(in_day / 3'600'000), static_cast<int>(in_day / 60'000 % 60),
                    static_cast<int>(in_day / 1000 % 60), static_cast<int>(in_day % 1000));
      return value_error{value + " is at " + time + " UTC, not midnight!", "INVALID_DATE"};
    }
    value = to_date(from_millis(millis));
    return std::nullopt;
  }
  if (value.size() == 10) {
    if (const auto at = parse_rfc3339(value + "T00:00:00Z"); at && to_date(*at) == value) return std::nullopt;
    return not_long(value);
  }
  const auto at = parse_rfc3339(value);
  if (!at) return not_long(value);
  value = std::to_string(to_millis(*at));
  return check_date(value);
}

std::optional<value_error> check_datetime(std::string& value) {
  std::int64_t millis = 0;
  if (parse_whole(value, millis)) {
    value = to_rfc3339(from_millis(millis));
    return std::nullopt;
  }
  const auto at = parse_rfc3339(value.size() == 10 ? value + "T00:00:00Z" : value);
  if (!at) return not_long(value);
  value = to_rfc3339(*at);
  return std::nullopt;
}

std::optional<value_error> refuse_option(const property& what, std::string_view value) {
  std::string allowed;
  for (const auto& one : what.options) allowed += (allowed.empty() ? "" : ", ") + one.value;
  return value_error{std::string(value) + " was not one of the allowed options: [" + allowed + "]", "INVALID_OPTION"};
}

bool is_option(const property& what, std::string_view value) {
  return std::any_of(what.options.begin(), what.options.end(), [&](const option& one) { return one.value == value; });
}

std::optional<value_error> check_enumeration(const portal& account, const property& what, const std::string& value) {
  if (what.name == "hubspot_owner_id") {
    std::uint64_t id = 0;
    const bool number = parse_whole(value, id);
    for (const auto& one : account.owners)
      if (number && one.id == id && !one.archived) return std::nullopt;
    return value_error{value + " was not a valid owner ID", "INVALID_OWNER_ID"};
  }
  if (what.external_options) return std::nullopt;
  if (!what.multiple()) return is_option(what, value) ? std::nullopt : refuse_option(what, value);
  const auto parts = split(value, ';');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty() && i == 0) continue;  // `;A` appends
    if (!is_option(what, parts[i])) return refuse_option(what, parts[i]);
  }
  return std::nullopt;
}

bool email_character(char c) {
  return (static_cast<unsigned char>(c) & 0x80) != 0 || std::isalnum(static_cast<unsigned char>(c)) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
}

bool domain_shape(std::string_view domain) {
  if (domain.size() > 253 || domain.find('.') == std::string_view::npos) return false;
  for (const auto label : split(domain, '.')) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    for (const char c : label)
      if (!(static_cast<unsigned char>(c) & 0x80) && !std::isalnum(static_cast<unsigned char>(c)) && c != '-') return false;
  }
  return domain.substr(domain.rfind('.') + 1).size() >= 2;
}

bool email_shape(std::string_view email) {
  const auto at = email.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return false;
  const auto local = email.substr(0, at);
  if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos) return false;
  return std::all_of(local.begin(), local.end(), email_character) && domain_shape(email.substr(at + 1));
}

/// The spam guard on names: a word with a dot in it that ends in letters.
bool looks_like_url(std::string_view name) {
  if (name.find("://") != std::string_view::npos) return true;
  for (const auto word : split(name, ' ')) {
    const auto dot = word.rfind('.');
    if (dot == std::string_view::npos || dot < 2) continue;
    const auto tail = word.substr(dot + 1);
    if (tail.size() >= 2 && std::all_of(tail.begin(), tail.end(), [](char c) { return std::isalpha(static_cast<unsigned char>(c)); })) return true;
  }
  return false;
}

std::optional<value_error> check_string(const object_type& type, const property& what, std::string& value) {
  if (what.name == "email" && type.email_property()) {
    value = ascii_lower(trim(value));
    if (!email_shape(value)) return value_error{"Email address " + value + " is invalid", "INVALID_EMAIL"};
  }
  if (type.name() == "contacts" && (what.name == "firstname" || what.name == "lastname") && looks_like_url(value))
    return value_error{'"' + value + "\" contains a URL", "CONTAINS_URL"};
  if (type.name() == "companies" && what.name == "domain") {
    if (!domain_shape(ascii_lower(value))) return value_error{'"' + value + "\" is an invalid domain", "INVALID_DOMAIN"};
    value = ascii_lower(value);
  }
  return std::nullopt;
}

}  // namespace

std::optional<value_error> normalise(const portal& account, const object_type& type, const property& what, std::string& value) {
  if (value.empty()) return std::nullopt;
  if (value.size() > platform_length && code_point_count(value) > platform_length)
    return value_error{"Enter " + std::to_string(platform_length) + " characters or fewer", "MAX_LENGTH"};
  switch (what.type) {
    case value_type::number: {
      double number = 0;
      if (!parse_whole(value, number) || !std::isfinite(number)) return value_error{value + " was not a valid number", "INVALID_INTEGER"};
      return std::nullopt;
    }
    case value_type::date: return check_date(value);
    case value_type::datetime: return check_datetime(value);
    case value_type::boolean:
      if (value == "true" || value == "false") return std::nullopt;
      return value_error{value + " was not one of the allowed options: [true, false]", "INVALID_OPTION"};
    case value_type::enumeration: return check_enumeration(account, what, value);
    case value_type::string:
    case value_type::phone_number: return check_string(type, what, value);
  }
  return std::nullopt;
}

std::optional<value_error> break_rule(const property& what, std::string_view value) {
  if (value.empty()) return std::nullopt;
  for (const auto& one : what.rules) {
    double limit = 0;
    double number = 0;
    const bool numeric = parse_whole(std::string_view(one.argument), limit);
    if (one.type == "MAX_LENGTH" && numeric && static_cast<double>(code_point_count(value)) > limit) return value_error{"Enter " + one.argument + " characters or fewer", "MAX_LENGTH"};
    if (one.type == "MIN_LENGTH" && numeric && static_cast<double>(code_point_count(value)) < limit) return value_error{"Enter " + one.argument + " characters or more", "MIN_LENGTH"};
    if (one.type == "MAX_NUMBER" && numeric && parse_whole(value, number) && number > limit) return value_error{"Enter a number less than or equal to " + one.argument, "MAX_NUMBER"};
    if (one.type == "MIN_NUMBER" && numeric && parse_whole(value, number) && number < limit) return value_error{"Enter a number greater than or equal to " + one.argument, "MIN_NUMBER"};
    const auto letter = [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0 || std::isalpha(static_cast<unsigned char>(c)) || c == ' '; };
    if (one.type == "ALPHA" && !std::all_of(value.begin(), value.end(), letter)) return value_error{"Enter only letters", "INVALID_ALPHA"};
  }
  return std::nullopt;
}

}  // namespace leadsync::simulator::hubspot

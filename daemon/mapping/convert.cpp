#include "mapping/convert.h"

#include "base/instant.h"
#include "base/text.h"
#include "mapping/country.h"
#include "model/date_text.h"

#include <algorithm>
#include <array>

namespace leadsync {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), digit); }

/// Digits, one point, a leading minus.
bool is_canonical_decimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto point = text.find('.');
  if (point == text.npos) return !text.empty() && all_digits(text);
  return point > 0 && point + 1 < text.size() && all_digits(text.substr(0, point)) && all_digits(text.substr(point + 1));
}

/// Takes currency signs and codes off; says whether there was one.
bool strip_currency(std::string_view& text) {
  constexpr std::array<std::string_view, 10> signs{"$", "€", "£", "¥", "USD", "EUR", "GBP", "CHF", "JPY", "US$"};
  const auto before = text.size();
  for (const auto sign : signs) {
    if (text.starts_with(sign)) text = trim(text.substr(sign.size()));
    if (text.ends_with(sign)) text = trim(text.substr(0, text.size() - sign.size()));
  }
  return text.size() != before;
}

/// Removes `separator` where it parts groups of three digits, as in 1,234,567.
bool strip_groups(std::string& whole, char separator) {
  if (whole.find(separator) == whole.npos) return true;
  const auto groups = split(whole, separator);
  if (groups.front().empty() || groups.front().size() > 3) return false;
  if (!std::all_of(groups.begin() + 1, groups.end(), [](std::string_view group) { return group.size() == 3; })) return false;
  std::erase(whole, separator);
  return true;
}

std::string domain_part(std::string_view email) { return ascii_lower(email.substr(email.rfind('@') + 1)); }

bool is_domain(std::string_view domain) {
  if (domain.empty() || domain.size() > 253 || domain.find('.') == domain.npos) return false;
  for (const auto label : split(domain, '.')) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    for (const char c : label)
      if (!digit(c) && !letter(c) && c != '-' && static_cast<unsigned char>(c) < 0x80) return false;
  }
  return !all_digits(domain.substr(domain.rfind('.') + 1));
}

/// Puts the country's code before a national number; false where the number fits neither form.
bool add_calling_code(std::string& digits, std::string_view code) {
  if (code == "1") {
    if (digits.size() == 10) digits.insert(0, 1, '1');
    return digits.size() == 11 && digits.front() == '1';
  }
  if (digits.starts_with('0')) {
    if (code != "39") digits.erase(0, 1);  // Italian numbers are dialled with it from abroad too
  } else if (digits.starts_with(code) && digits.size() >= code.size() + 8) {
    return true;
  }
  digits.insert(0, code);
  return true;
}

std::string day_text(std::chrono::year_month_day day) { return to_date(instant(std::chrono::sys_days(day))); }

}  // namespace

std::optional<converted> to_decimal(std::string_view text) {
  text = trim(text);
  if (is_canonical_decimal(text)) return converted{std::string(text)};
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text = trim(text.substr(1));
  const bool currency = strip_currency(text);
  if (!negative && currency && text.starts_with('-')) {
    negative = true;
    text = trim(text.substr(1));
  }
  std::string number;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\xC2\xA0")) ++i;             // no-break space and narrow ones part thousands
    else if (text.substr(i).starts_with("\xE2\x80\xAF")) i += 2;
    else if (text[i] == ' ' || text[i] == '\'') continue;
    else if (text.substr(i).starts_with("\xE2\x80\x99")) i += 2;
    else if (digit(text[i]) || text[i] == ',' || text[i] == '.') number += text[i];
    else return std::nullopt;
  }
  if (number.empty() || !std::any_of(number.begin(), number.end(), digit)) return std::nullopt;

  const auto last = number.find_last_of(",.");
  std::string fraction;
  if (last != number.npos) {
    const char separator = number[last];
    const char other = separator == ',' ? '.' : ',';
    const bool both = number.find(other) != number.npos;
    const bool several = std::count(number.begin(), number.end(), separator) > 1;
    const bool three_digits = number.size() - last - 1 == 3;
    if (both && several) return std::nullopt;
    if (!both && !several && three_digits && separator == '.' && currency) return std::nullopt;  // 1200 or 1.2?
    const bool groups = several || (!both && three_digits && separator == ',');
    if (!groups) {
      fraction = number.substr(last + 1);
      number.resize(last);
    }
    if (!strip_groups(number, groups ? separator : other)) return std::nullopt;
    if (!all_digits(number)) return std::nullopt;
  }
  if (number.empty()) number = "0";
  if (!fraction.empty()) number += '.' + fraction;
  if (negative) number.insert(0, 1, '-');
  return converted{std::move(number), true};
}

std::optional<bool> to_boolean(std::string_view text) {
  constexpr std::string_view yes[] = {"true", "yes", "1", "y", "on", "x", "ja", "oui", "si", "sim", "opt in", "opted in", "optin", "granted",
                                      "given", "subscribed", "checked", "agreed", "accepted", "consented"};
  constexpr std::string_view no[] = {"false", "no", "0", "n", "off", "nein", "non", "nao", "opt out", "opted out", "optout", "denied",
                                     "declined", "refused", "unsubscribed", "unchecked", "not given"};
  const auto word = fold_loosely(text);
  if (std::find(std::begin(yes), std::end(yes), word) != std::end(yes)) return true;
  if (std::find(std::begin(no), std::end(no), word) != std::end(no)) return false;
  return std::nullopt;
}

std::optional<converted> to_date_text(std::string_view text) {
  const auto date = parse_date_text(text);
  if (!date) return std::nullopt;
  // The day as it was written, which is the day at the event; UTC may be in another.
  return converted{day_text(date->day)};
}

std::optional<converted> to_instant_text(std::string_view text) {
  const auto date = parse_date_text(text);
  if (!date) return std::nullopt;
  const auto local = std::chrono::sys_days(date->day) + date->time.value_or(std::chrono::milliseconds(0));
  const auto offset = date->offset.value_or(std::chrono::minutes(0));
  return converted{to_rfc3339(local - offset), date->time && !date->offset};
}

std::optional<converted> to_email(std::string_view text) {
  text = trim(text);
  if (ascii_lower(text.substr(0, 7)) == "mailto:") text.remove_prefix(7);
  const auto at = text.find('@');
  if (at == text.npos || at == 0 || at > 64 || text.rfind('@') != at) return std::nullopt;
  const auto local = text.substr(0, at);
  if (local.front() == '.' || local.back() == '.' || local.find("..") != local.npos) return std::nullopt;
  for (const char c : local)
    if ((static_cast<unsigned char>(c) <= ' ' || c == 0x7F) || std::string_view("()<>[]:;,\\\"").find(c) != std::string_view::npos)
      return std::nullopt;
  if (!is_domain(domain_part(text))) return std::nullopt;
  return converted{std::string(text)};
}

std::optional<converted> to_url(std::string_view text) {
  text = trim(text);
  auto host = text;
  if (const auto scheme = host.find("://"); scheme != host.npos) {
    if (scheme == 0 || !std::all_of(host.begin(), host.begin() + std::ptrdiff_t(scheme), letter)) return std::nullopt;
    host.remove_prefix(scheme + 3);
  }
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; })) return std::nullopt;
  host = host.substr(0, host.find_first_of("/?#:"));
  if (!is_domain(host)) return std::nullopt;
  return converted{std::string(text)};
}

std::optional<converted> to_phone(std::string_view text, std::string_view country_text) {
  text = trim(text);
  // An extension has no digits of its own in E.164; it is kept behind the number.
  std::string extension;
  const auto lower = ascii_lower(text);
  for (const std::string_view mark : {"extension", "ext.", "ext", "x", "#"})
    if (const auto at = lower.rfind(mark); at != lower.npos && at > 0) {
      const auto digits = trim(text.substr(at + mark.size()));
      if (digits.empty() || digits.size() > 7 || !all_digits(digits)) continue;
      extension = digits;
      text = trim(text.substr(0, at));
      break;
    }
  if (text.starts_with("(+")) text.remove_prefix(1);
  bool international = text.starts_with('+');
  if (international) text.remove_prefix(1);
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // "+49 (0)30": the trunk zero is not dialled behind a country's code.
    if ((international || digits.starts_with("00")) && text.substr(i).starts_with("(0)")) i += 2;
    else if (digit(text[i])) digits += text[i];
    else if (text.substr(i).starts_with("\xC2\xA0")) ++i;
    else if (std::string_view(" ()-./\t").find(text[i]) == std::string_view::npos) return std::nullopt;
  }
  if (!international && digits.starts_with("00")) {
    digits.erase(0, 2);
    international = true;
  }
  bool coerced = false;
  const auto* country = international || country_text.empty() ? nullptr : find_country(country_text);
  if (country && !country->calling_code.empty() && add_calling_code(digits, country->calling_code)) international = coerced = true;
  if (digits.size() < 5 || digits.size() > 15) return std::nullopt;
  std::string number = international ? "+" + digits : digits;
  if (!extension.empty()) number += " x" + extension;
  return converted{std::move(number), coerced};
}

std::string_view expected_form(value_type type) {
  switch (type) {
    case value_type::decimal: return "a number such as 1234.50";
    case value_type::boolean: return "yes or no";
    case value_type::date: return "a date such as 2026-11-25";
    case value_type::instant: return "a time such as 2026-11-25T09:30:00Z";
    case value_type::email: return "an e-mail address";
    case value_type::phone: return "a telephone number";
    case value_type::url: return "a web address";
    default: return "text";
  }
}

}  // namespace leadsync

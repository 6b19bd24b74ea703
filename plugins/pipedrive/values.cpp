#include "values.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace leadsync::pipedrive {
namespace {
std::string as_html(std::string_view text) {
  std::string html;
  for (const char c : text) {
    const std::string_view safe = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '\n' ? "<br>" : "";
    if (!safe.empty()) html += safe;
    else if (c != '\r') html += c;
  }
  return html;
}

/// "2026-11-24T10:00:00.000Z" as v1 has it: "2026-11-24 10:00:00".
std::string as_v1_time(std::string_view instant) {
  std::string out(instant.substr(0, 19));
  std::replace(out.begin(), out.end(), 'T', ' ');
  return out;
}

/// Numbers and ids of options are numbers on the wire; a label's uuid, or a word, is no number and stays a text.
json::value number_or_text(std::string_view text) {
  boost::system::error_code malformed;
  auto number = json::parse(text, malformed);
  return !malformed && number.is_number() ? number : json::value(text);
}

json::value scalar(const json::object& canonical) {
  const auto* value = canonical.if_contains("value");
  if (!value || value->is_null()) return nullptr;
  if (value->is_object()) return number_or_text(id_of(value->get_object(), "id"));
  if (!value->is_string()) return *value;
  const auto type = text_of(canonical, "type");
  return type == "decimal" || type == "option" ? number_or_text(value->get_string()) : *value;
}

json::value option_list(api version, bool custom, const json::array& options) {
  if (options.empty()) return nullptr;  // an empty list is refused
  json::array list;
  std::string joined;
  for (const auto& option : options) {
    list.push_back(number_or_text(id_text(&option)));
    (joined += joined.empty() ? "" : ",") += id_text(&option);
  }
  if (version == api::v1 && custom) return json::value(joined);
  return list;
}

/// Money and addresses are objects in v2; v1 has an amount and a currency beside it.
json::object wire_value(api version, std::string_view field, const json::object& canonical, std::string_view currency) {
  const auto code = code_of(field);
  const auto shape = field.substr(std::min(code.size() + 1, field.size()));
  const auto* raw = canonical.if_contains("value");
  const bool list = raw && raw->is_array();
  json::value value = list ? option_list(version, is_custom(field), raw->get_array()) : scalar(canonical);
  if (value.is_string() && value.get_string().empty()) value = nullptr;  // an empty text is refused
  json::object out;
  if (field == "email" || field == "phone") {
    json::array entries;
    if (!value.is_null()) entries.push_back(json::object{{"value", value}, {"primary", true}, {"label", "work"}});
    out[std::string(field) + "s"] = std::move(entries);
  } else if (shape == "money" && version == api::v2) {
    out[code] = value.is_null() ? value : json::value(json::object{{"value", value}, {"currency", currency}});
  } else if (shape == "money") {
    out[std::string(code) + "_currency"] = value.is_null() ? json::value(nullptr) : json::value(currency);
    out[code] = value;
  } else if (field == "value") {
    out[code] = value.is_null() ? value : json::value(json::object{{"amount", value}, {"currency", currency}});
  } else if ((shape == "address" || field == "address" || field == "postal_address") && version == api::v2) {
    out[code] = value.is_null() ? value : json::value(json::object{{"value", value}});
  } else if (field == "content" && value.is_string()) {
    out[code] = as_html(value.get_string());
  } else if (field == "add_time" && value.is_string()) {
    out[code] = as_v1_time(value.get_string());
  } else {
    out[code] = value;
  }
  return out;
}

bool is_empty(const json::value* value) {
  if (!value || value->is_null()) return true;
  if (value->is_string()) return value->get_string().empty();
  if (value->is_array()) return value->get_array().empty();
  if (!value->is_object()) return false;
  const auto& members = value->get_object();
  return members.empty() || (members.contains("value") && is_empty(members.if_contains("value")));
}

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9') digits += c;
  return digits;
}

/// Pipedrive replaces the whole list by what is sent, so what it has is sent along. Nothing where it has the value already.
std::optional<json::array> merged_entries(const json::array& current, const json::array& wanted, bool phone) {
  if (wanted.empty()) return current.empty() ? std::nullopt : std::optional(json::array{});
  const auto comparable = [phone](std::string_view text) { return phone ? digits_of(text) : folded(text); };
  const auto text = comparable(text_of(as_object(wanted.front()), "value"));
  json::array merged;
  for (const auto& entry : current) {
    if (comparable(text_of(as_object(entry), "value")) == text) return std::nullopt;
    merged.push_back(entry);
  }
  auto added = as_object(wanted.front());
  added["primary"] = merged.empty();
  merged.push_back(std::move(added));
  return merged;
}

std::optional<double> number_of(const json::value& value) {
  if (value.is_number()) return value.to_number<double>();
  if (!value.is_string() || value.get_string().empty()) return {};
  double number = 0;
  const auto& text = value.get_string();
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}
}  // namespace

std::string folded(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  std::string lower(text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin));
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return lower;
}

bool is_custom(std::string_view remote_field) {
  const auto code = code_of(remote_field);
  return code.size() == 40 && code.find_first_not_of("0123456789abcdef") == code.npos;
}

std::string_view text_value(const json::object& fields, std::string_view name) { return text_of(object_of(fields, name), "value"); }

json::object wire_values(api version, const json::object& fields, std::string_view currency) {
  json::object body;
  for (const auto& field : fields) {
    auto values = wire_value(version, field.key(), as_object(field.value()), currency);
    const bool wrapped = version == api::v2 && is_custom(field.key());
    if (wrapped && !body.contains("custom_fields")) body["custom_fields"] = json::object{};
    auto& into = wrapped ? body["custom_fields"].get_object() : body;
    for (auto& value : values) into[value.key()] = value.value();
  }
  return body;
}

json::object changes(api version, const json::object& fields, const json::object& current, std::string_view currency) {
  json::object body;
  for (const auto& field : fields) {
    const auto& canonical = as_object(field.value());
    const bool only_if_empty = text_of(canonical, "mode") == "if_empty";
    const bool wrapped = version == api::v2 && is_custom(field.key());
    const auto& has = wrapped ? object_of(current, "custom_fields") : current;
    json::object differing;
    bool empty = true;
    for (auto& value : wire_value(version, field.key(), canonical, currency)) {
      const auto* kept = has.if_contains(value.key());
      empty = empty && is_empty(kept);
      const bool entries = value.key() == "emails" || value.key() == "phones";
      if (entries) {
        auto merged = merged_entries(list_of(has, value.key()), value.value().get_array(), value.key() == "phones");
        if (merged) differing[value.key()] = std::move(*merged);
      } else if (!same_value(value.value(), kept ? *kept : json::value(nullptr))) {
        differing[value.key()] = value.value();
      }
    }
    if (differing.empty() || (only_if_empty && !empty)) continue;
    if (wrapped && !body.contains("custom_fields")) body["custom_fields"] = json::object{};
    auto& into = wrapped ? body["custom_fields"].get_object() : body;
    for (auto& value : differing) into[value.key()] = value.value();
  }
  return body;
}

void drop_empty(json::object& body) {
  for (auto at = body.begin(); at != body.end();) at = is_empty(&at->value()) ? body.erase(at) : at + 1;
}

bool same_value(const json::value& sent, const json::value& kept) {
  if (is_empty(&sent) || is_empty(&kept)) return is_empty(&sent) && is_empty(&kept);
  if (sent.is_object()) {
    if (!kept.is_object()) return sent.get_object().contains("value") && same_value(sent.at("value"), kept);
    const auto& members = sent.get_object();
    return std::all_of(members.begin(), members.end(), [&](const auto& member) {
      const auto* other = kept.get_object().if_contains(member.key());
      return other && same_value(member.value(), *other);
    });
  }
  if (kept.is_object()) return kept.get_object().contains("value") && same_value(sent, kept.at("value"));
  if (sent.is_array() != kept.is_array()) return false;
  if (sent.is_array()) {
    const auto& left = sent.get_array();
    const auto& right = kept.get_array();
    return left.size() == right.size() && std::all_of(left.begin(), left.end(), [&](const auto& one) {
             return std::any_of(right.begin(), right.end(), [&](const auto& other) { return same_value(one, other); });
           });
  }
  const auto number = number_of(sent), other = number_of(kept);
  if (number && other) return *number == *other;
  if (sent.is_string() && kept.is_string()) return sent.get_string() == kept.get_string();
  return sent == kept;
}

bool has_email(const json::object& record, std::string_view email) {
  const auto& emails = list_of(record, "emails");
  return std::any_of(emails.begin(), emails.end(), [&](const json::value& entry) {
    const auto text = entry.is_string() ? std::string_view(entry.get_string()) : text_of(as_object(entry), "value");
    return folded(text) == email;
  });
}

std::string plain_words(std::string_view html) {
  std::string words;
  for (std::size_t i = 0; i < html.size(); ++i) {
    const char c = html[i];
    const auto end = c == '<' ? html.find('>', i) : c == '&' ? html.find(';', i) : html.npos;
    if (end == html.npos) {
      if (std::string_view(" \t\r\n").find(c) == std::string_view::npos) words += c;
      continue;
    }
    const auto entity = html.substr(i, end - i + 1);
    for (const auto& [name, text] : {std::pair<std::string_view, char>{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}})
      if (entity == name) words += text;
    i = end;
  }
  return words;
}
}  // namespace leadsync::pipedrive

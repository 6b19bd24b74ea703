#include "hubspot/endpoints.h"
#include "hubspot/record_writer.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace leadsync::simulator::hubspot {
namespace {

struct filter {
  std::uint16_t property;
  std::string name_operator, value, high;
  std::vector<std::string> values;
};
using filter_group = std::vector<filter>;

/// Numbers and moments compare as numbers, the rest as lower-case text.
std::optional<double> as_number(const property& what, std::string_view text) {
  if (what.type == value_type::number || what.type == value_type::date || what.type == value_type::datetime) {
    double number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure == std::errc() && end == text.data() + text.size()) return number;
    if (const auto at = parse_rfc3339(text.size() == 10 ? std::string(text) + "T00:00:00Z" : std::string(text))) return static_cast<double>(to_millis(*at));
  }
  return std::nullopt;
}

int compare(const property& what, std::string_view left, std::string_view right) {
  const auto a = as_number(what, left);
  const auto b = as_number(what, right);
  if (a && b) return *a < *b ? -1 : *a > *b ? 1 : 0;
  return ascii_lower(left).compare(ascii_lower(right));
}

bool has_token(std::string_view text, std::string_view pattern) {
  std::string wanted = ascii_lower(pattern);
  const bool open_front = wanted.starts_with('*');
  const bool open_back = wanted.ends_with('*');
  std::erase(wanted, '*');
  std::string word;
  const std::string lower = ascii_lower(text) + ' ';
  for (const char c : lower) {
    if (std::isalnum(static_cast<unsigned char>(c)) || (static_cast<unsigned char>(c) & 0x80)) {
      word += c;
      continue;
    }
    const auto at = word.find(wanted);
    if (!word.empty() && at != std::string::npos && (open_front || at == 0) && (open_back || at + wanted.size() == word.size())) return true;
    word.clear();
  }
  return lower.find(wanted) != std::string::npos && wanted.find_first_of("@.- ") != std::string::npos;
}

bool matches(const property& what, const filter& wanted, const std::optional<std::string>& value) {
  const auto& kind = wanted.name_operator;
  if (kind == "HAS_PROPERTY") return value.has_value();
  if (kind == "NOT_HAS_PROPERTY") return !value;
  const auto any = [&] { return std::any_of(wanted.values.begin(), wanted.values.end(), [&](const auto& one) { return compare(what, *value, one) == 0; }); };
  if (!value) return kind == "NEQ" || kind == "NOT_IN" || kind == "NOT_CONTAINS_TOKEN";
  if (kind == "IN") return any();
  if (kind == "NOT_IN") return !any();
  if (kind == "CONTAINS_TOKEN") return has_token(*value, wanted.value);
  if (kind == "NOT_CONTAINS_TOKEN") return !has_token(*value, wanted.value);
  const int order = compare(what, *value, wanted.value);
  if (kind == "EQ") return order == 0;
  if (kind == "NEQ") return order != 0;
  if (kind == "LT") return order < 0;
  if (kind == "LTE") return order <= 0;
  if (kind == "GT") return order > 0;
  if (kind == "GTE") return order >= 0;
  return order >= 0 && compare(what, *value, wanted.high) <= 0;  // BETWEEN
}

std::optional<response> read_filter(const portal& account, const object_type& type, const json::value& source, filter& out) {
  static constexpr std::array<std::string_view, 13> operators = {"EQ", "NEQ", "LT", "LTE", "GT", "GTE", "BETWEEN", "IN", "NOT_IN", "HAS_PROPERTY",
                                                                 "NOT_HAS_PROPERTY", "CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"};
  const auto* object = source.if_object();
  if (!object) return bad_json(account, "Cannot construct instance of `Filter`");
  const auto name = text_member(*object, "propertyName");
  if (name.empty()) return missing_member(account, "propertyName");
  out.name_operator = text_member(*object, "operator");
  if (std::find(operators.begin(), operators.end(), out.name_operator) == operators.end())
    return bad_json(account, "Cannot deserialize value of type `FilterOperatorEnum` from String \"" + out.name_operator + "\"");
  const auto index = type.find_property(name);
  if (!index) return invalid(account, "There was a problem with the request.: Property \"" + std::string(name) + "\" does not exist");
  out.property = *index;
  out.value = id_member(*object, "value");
  out.high = id_member(*object, "highValue");
  if (const auto* values = object->if_contains("values"); values && values->is_array())
    for (const auto& one : values->get_array()) out.values.push_back(one.is_string() ? std::string(one.get_string()) : json::serialize(one));
  const bool list = out.name_operator == "IN" || out.name_operator == "NOT_IN";
  if (list && out.values.empty()) return invalid(account, "operator " + out.name_operator + " requires values");
  return std::nullopt;
}

std::optional<response> read_groups(const portal& account, const object_type& type, const json::object& body, std::vector<filter_group>& out) {
  const auto* groups = body.if_contains("filterGroups");
  std::size_t count = 0;
  if (groups && groups->is_array())
    for (const auto& group : groups->get_array()) {
      const auto* filters = group.is_object() ? group.get_object().if_contains("filters") : nullptr;
      if (!filters || !filters->is_array()) return missing_member(account, "filters");
      auto& made = out.emplace_back();
      for (const auto& one : filters->get_array())
        if (auto wrong = read_filter(account, type, one, made.emplace_back())) return wrong;
      if (made.size() > 6) return invalid(account, "too many filters in a filter group: the maximum is 6");
      count += made.size();
    }
  if (out.size() > 5 || count > 18) return invalid(account, "too many filter groups or filters: the maximum is 5 groups and 18 filters");
  return std::nullopt;
}

/// What the index has of a record: nothing of one that is newer than the lag.
const field_list* indexed_values(const record& one, instant now, std::chrono::milliseconds lag) {
  if (one.created_at + lag > now) return nullptr;
  return one.indexed && one.updated_at + lag > now ? one.indexed.get() : &one.values;
}

bool query_matches(const field_list& values, std::string_view query) {
  return std::any_of(values.begin(), values.end(), [&](const field& one) { return ascii_lower(one.value).find(query) != std::string::npos; });
}

void sort_rows(const object_type& type, const json::object& body, std::vector<const record*>& rows) {
  const auto* sorts = body.if_contains("sorts");
  if (!sorts || !sorts->is_array() || sorts->get_array().empty()) return;
  const auto& first = sorts->get_array().front();
  const auto name = first.is_object() ? text_member(first.get_object(), "propertyName") : first.is_string() ? std::string_view(first.get_string()) : "";
  const bool down = first.is_object() && text_member(first.get_object(), "direction") == "DESCENDING";
  const auto index = type.find_property(name);
  if (!index) return;
  const auto value = [&](const record* one) { return record_writer::value_of(type, *one, one->values, *index).value_or(""); };
  std::stable_sort(rows.begin(), rows.end(), [&](const record* a, const record* b) {
    const int order = compare(type.at(*index), value(a), value(b));
    return down ? order > 0 : order < 0;
  });
}

}  // namespace

response handle_search(portal& account, object_type& type, const call& from) {
  const auto* body = from.body.if_object();
  if (!body) return bad_json(account, "Cannot construct instance of `PublicObjectSearchRequest`");
  std::vector<filter_group> groups;
  if (auto wrong = read_groups(account, type, *body, groups)) return std::move(*wrong);
  std::size_t limit = 10;
  if (const auto* given = body->if_contains("limit"); given && given->is_int64()) limit = static_cast<std::size_t>(std::max<std::int64_t>(0, given->get_int64()));
  if (limit > 200) return invalid(account, "Invalid limit: the maximum is 200");
  const auto after = static_cast<std::size_t>(std::strtoull(id_member(*body, "after").c_str(), nullptr, 10));
  if (after + limit > 10'000) return invalid(account, "The maximum number of results is 10000");
  const auto query = ascii_lower(text_member(*body, "query"));
  const std::chrono::milliseconds lag(account.options.search_lag_ms);

  std::vector<const record*> rows;
  for (const auto& one : type.records()) {
    if (one.archived) continue;
    const auto* values = indexed_values(one, from.now, lag);
    if (!values || (!query.empty() && !query_matches(*values, query))) continue;
    const auto holds = [&](const filter& wanted) {
      const auto& what = type.at(wanted.property);
      if (what.source == computed::no) {  // the usual case, without a copy
        const auto* value = value_in(*values, wanted.property);
        if (wanted.name_operator == "EQ" && what.type == value_type::string && (!value || value->size() != wanted.value.size())) return false;
        return matches(what, wanted, value ? std::optional(*value) : std::nullopt);
      }
      return matches(what, wanted, record_writer::value_of(type, one, *values, wanted.property));
    };
    const auto group_holds = [&](const filter_group& group) { return std::all_of(group.begin(), group.end(), holds); };
    if (groups.empty() || std::any_of(groups.begin(), groups.end(), group_holds)) rows.push_back(&one);
  }
  sort_rows(type, *body, rows);

  std::vector<std::string> names;
  if (const auto* asked = body->if_contains("properties"); asked && asked->is_array())
    for (const auto& name : asked->get_array())
      if (name.is_string()) names.emplace_back(name.get_string());
  const auto which = select_properties(type, names);
  record_writer writer(account, type);
  response out{200, R"({"total":)" + std::to_string(rows.size()) + R"(,"results":[)"};
  const auto end = std::min(rows.size(), after + limit);
  for (auto i = after; i < end; ++i) {
    if (i > after) out.body += ',';
    writer.append(out.body, *rows[i], which);
  }
  out.body += ']';
  if (end < rows.size()) out.body += R"(,"paging":{"next":{"after":")" + std::to_string(end) + R"("}})";
  out.body += '}';
  return out;
}

}  // namespace leadsync::simulator::hubspot

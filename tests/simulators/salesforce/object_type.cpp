#include "salesforce/object_type.h"

#include "base/text.h"

#include <algorithm>

namespace leadsync::simulator::salesforce {

std::string record::text(std::string_view field_name) const {
  const auto found = values.find(field_name);
  if (found == values.end() || found->second.is_null()) return {};
  return found->second.is_string() ? std::string(found->second.get_string()) : json::serialize(found->second);
}

std::string make_id(std::string_view prefix, std::uint64_t number) {
  static constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string id(prefix);
  id += "5e0000000000";
  for (std::size_t at = 14; number > 0 && at > 4; --at, number /= digits.size()) id[at] = digits[number % digits.size()];
  static constexpr std::string_view suffixes = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
  for (std::size_t part = 0; part < 3; ++part) {
    std::size_t bits = 0;
    for (std::size_t i = 0; i < 5; ++i)
      if (const char c = id[part * 5 + i]; c >= 'A' && c <= 'Z') bits |= std::size_t(1) << i;
    id += suffixes[bits];
  }
  return id;
}

bool looks_like_id(std::string_view text) {
  return (text.size() == 15 || text.size() == 18) && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

std::string folded(std::string_view text) { return ascii_lower(trim(text)); }

object_type::object_type(std::string name, std::string label, std::string prefix, std::vector<field> fields)
    : name_(std::move(name)), label_(std::move(label)), prefix_(std::move(prefix)), fields_(std::move(fields)) {}

const field* object_type::find_field(std::string_view name) const {
  const auto lower = ascii_lower(name);
  for (const auto& one : fields_)
    if (!one.hidden && ascii_lower(one.name) == lower) return &one;
  return nullptr;
}

field* object_type::any_field(std::string_view name) {
  for (auto& one : fields_)
    if (one.name == name) return &one;
  return nullptr;
}

record* object_type::find(std::string_view id) {
  if (!looks_like_id(id)) return nullptr;
  const auto found = by_id_.find(std::string(id.substr(0, 15)));
  return found == by_id_.end() ? nullptr : &records_[found->second];
}

std::vector<record*> object_type::with_value(std::string_view field_name, std::string_view value) {
  std::vector<record*> found;
  if (!by_value_.contains(field_name)) {  // asked for the first time
    by_value_[std::string(field_name)];
    for (std::size_t i = 0; i < records_.size(); ++i) index(records_[i], field_name, i);
  }
  const auto wanted = folded(value);
  const auto [begin, end] = by_value_.find(field_name)->second.equal_range(wanted);
  for (auto at = begin; at != end; ++at) {
    auto& one = records_[at->second];
    // The index only grows: a value may have changed since.
    const bool seen = std::find(found.begin(), found.end(), &one) != found.end();
    if (!one.deleted && !seen && folded(one.text(field_name)) == wanted) found.push_back(&one);
  }
  return found;
}

void object_type::index(const record& one, std::string_view field_name, std::size_t position) {
  if (auto text = one.text(field_name); !text.empty()) by_value_.find(field_name)->second.emplace(folded(text), position);
}

record& object_type::insert(std::map<std::string, json::value, std::less<>> values, instant now) {
  auto& made = records_.emplace_back();
  made.id = make_id(prefix_, records_.size());
  for (const auto& one : fields_)
    if (!one.default_value.empty() && !values.contains(one.name)) values[one.name] = one.default_value;
  values["CreatedDate"] = to_rfc3339(now);
  made.values = std::move(values);
  made.values["Id"] = made.id;
  made.values["LastModifiedDate"] = to_rfc3339(now);
  by_id_[made.id.substr(0, 15)] = records_.size() - 1;
  for (auto& [name, entries] : by_value_) index(made, name, records_.size() - 1);
  return made;
}

void object_type::update(record& changed, const std::map<std::string, json::value, std::less<>>& values, instant now) {
  for (const auto& [name, value] : values) changed.values[name] = value;
  changed.values["LastModifiedDate"] = to_rfc3339(now);
  const auto position = by_id_.at(changed.id.substr(0, 15));
  for (const auto& [name, value] : values)
    if (by_value_.contains(name)) index(changed, name, position);
}

}  // namespace leadsync::simulator::salesforce

#include "hubspot/record_writer.h"

#include <algorithm>

namespace leadsync::simulator::hubspot {
namespace {

std::string_view stored(const object_type& type, const field_list& values, std::string_view name) {
  const auto index = type.find_property(name);
  const auto* found = index ? value_in(values, *index) : nullptr;
  return found ? std::string_view(*found) : std::string_view();
}

bool is_system(const property& one) {
  return one.source == computed::created_at || one.source == computed::updated_at || (one.source == computed::object_id && one.name == "hs_object_id");
}

void add_unless_present(std::vector<std::uint16_t>& list, std::uint16_t index) {
  if (std::find(list.begin(), list.end(), index) == list.end()) list.push_back(index);
}

}  // namespace

const std::string& record_writer::text(cached_time& cache, instant at) {
  if (cache.text.empty() || at != cache.at) cache = {at, to_rfc3339(at)};
  return cache.text;
}

std::optional<std::string> record_writer::value_of(const object_type& type, const record& from, const field_list& values, std::uint16_t index) {
  const auto& what = type.at(index);
  std::string out;
  switch (what.source) {
    case computed::no:
      if (const auto* found = value_in(values, index)) out = *found;
      break;
    case computed::created_at: out = to_rfc3339(from.created_at); break;
    case computed::updated_at: out = to_rfc3339(from.updated_at); break;
    case computed::object_id: out = std::to_string(from.id); break;
    case computed::constant: out = what.constant; break;
    case computed::email_domain: {
      const auto email = stored(type, values, "email");
      if (const auto at = email.find('@'); at != std::string_view::npos) out = email.substr(at + 1);
      break;
    }
    case computed::full_name: {
      out = stored(type, values, "firstname");
      const auto last = stored(type, values, "lastname");
      if (!out.empty() && !last.empty()) out += ' ';
      out += last;
      if (out.empty()) out = stored(type, values, "email");
      break;
    }
  }
  if (out.empty()) return std::nullopt;
  return out;
}

void record_writer::append_property(std::string& out, const record& shown, std::uint16_t index, bool null_if_empty) {
  const auto& what = type_.at(index);
  const bool first = out.back() == '{';
  const auto name = [&] {
    if (!first) out += ',';
    append_json_string(out, what.name);
    out += ':';
  };
  if (what.source == computed::created_at || what.source == computed::updated_at) {
    name();
    append_json_string(out, what.source == computed::created_at ? text(created_, shown.created_at) : text(updated_, shown.updated_at));
  } else if (const auto* found = what.source == computed::no ? value_in(shown.values, index) : nullptr) {
    name();
    append_json_string(out, *found);
  } else if (const auto value = what.source == computed::no ? std::nullopt : value_of(type_, shown, shown.values, index)) {
    name();
    append_json_string(out, *value);
  } else if (null_if_empty) {
    name();
    out += "null";
  }
}

void record_writer::append(std::string& out, const record& shown, const selection& which, std::string_view extra) {
  const auto id = std::to_string(shown.id);
  out.append(R"({"id":")").append(id).append(R"(","properties":{)");
  if (which.everything) {
    for (const auto& one : shown.values) append_property(out, shown, one.property, false);
    const auto& properties = type_.properties();
    for (std::uint16_t i = 0; i < properties.size(); ++i)
      if (properties[i].source != computed::no && !properties[i].archived) append_property(out, shown, i, false);
  } else {
    for (const auto index : which.asked) append_property(out, shown, index, true);
  }
  out.append(R"(},"createdAt":")").append(text(created_, shown.created_at));
  out.append(R"(","updatedAt":")").append(text(updated_, shown.updated_at));
  out.append(shown.archived ? R"(","archived":true,"archivedAt":")" + text(updated_, shown.updated_at) + "\"" : std::string(R"(","archived":false)"));
  out.append(R"(,"url":"https://app.hubspot.com/contacts/)").append(std::to_string(account_.id));
  out.append("/record/").append(type_.type_id()).append("/").append(id).append("\"");
  out.append(extra);
  out += '}';
}

selection select_properties(const object_type& type, const std::vector<std::string>& names) {
  selection out;
  for (const auto& name : names)
    if (const auto index = type.find_property(name)) add_unless_present(out.asked, *index);
  const auto& properties = type.properties();
  for (std::uint16_t i = 0; i < properties.size(); ++i)
    if (is_system(properties[i]) || (names.empty() && properties[i].by_default && !properties[i].archived)) add_unless_present(out.asked, i);
  return out;
}

selection select_written(const object_type& type, const field_list& written) {
  selection out;
  for (const auto& one : written) add_unless_present(out.asked, one.property);
  const auto& properties = type.properties();
  for (std::uint16_t i = 0; i < properties.size(); ++i)
    if (is_system(properties[i])) add_unless_present(out.asked, i);
  return out;
}

}  // namespace leadsync::simulator::hubspot

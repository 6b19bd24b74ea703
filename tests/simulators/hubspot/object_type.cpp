#include "hubspot/object_type.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace leadsync::simulator::hubspot {

const std::string* value_in(const field_list& values, std::uint16_t property) {
  for (const auto& one : values)
    if (one.property == property) return &one.value;
  return nullptr;
}

object_type::object_type(std::string plural, std::string singular, std::string type_id, std::uint64_t first_id)
    : plural_(std::move(plural)), singular_(std::move(singular)), type_id_(std::move(type_id)), first_id_(first_id) {}

std::string object_type::upper() const {
  std::string out = singular_;
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::toupper(c); });
  return out;
}

std::uint16_t object_type::add_property(property added) {
  const auto index = static_cast<std::uint16_t>(properties_.size());
  by_name_[added.name] = index;
  if (plural_ == "contacts" && added.name == "email") email_ = index;  // also where it was deleted and made again
  properties_.push_back(std::move(added));
  return index;
}

std::optional<std::uint16_t> object_type::find_property(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

void object_type::remove_property(std::uint16_t index, bool keep_archived) {
  auto& gone = properties_[index];
  by_name_.erase(gone.name);
  gone.archived = true;
  if (!keep_archived) gone.hidden = true;
  unique_.erase(index);
  for (auto& one : records_) std::erase_if(one.values, [index](const field& value) { return value.property == index; });
  if (email_ == index) email_.reset();
}

std::size_t object_type::unique_property_count() const {
  return static_cast<std::size_t>(std::count_if(properties_.begin(), properties_.end(), [](const property& one) { return one.unique && !one.archived && !one.built_in; }));
}

record* object_type::find(std::uint64_t id) {
  if (id < first_id_ || id - first_id_ >= records_.size()) return nullptr;
  return &records_[id - first_id_];
}

record* object_type::find_live(std::string_view id) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (failure != std::errc() || end != id.data() + id.size()) return nullptr;
  record* found = find(number);
  if (found && found->merged_into != 0) found = find(found->merged_into);
  return found && !found->archived ? found : nullptr;
}

record* object_type::find_by(std::uint16_t unique_property, std::string_view value) {
  const auto index = unique_.find(unique_property);
  if (index == unique_.end()) return nullptr;
  const auto found = unique_property == email_ ? index->second.find(ascii_lower(trim(value))) : index->second.find(value);
  return found == index->second.end() ? nullptr : find(found->second);
}

record& object_type::create(instant now) {
  auto& made = records_.emplace_back();
  made.id = first_id_ + records_.size() - 1;
  made.created_at = made.updated_at = now;
  return made;
}

void object_type::index(const record& owner, std::uint16_t property, const std::string& value) {
  if (property == additional_ && email_) {
    for (const auto address : split(value, ';'))
      if (!address.empty()) unique_[*email_][ascii_lower(address)] = owner.id;
  } else if (has_index(property) && !value.empty()) {
    unique_[property][value] = owner.id;
  }
}

void object_type::unindex(const record& owner, std::uint16_t property, const std::string& value) {
  const auto forget = [&](std::uint16_t key, const std::string& text) {
    auto& map = unique_[key];
    if (const auto found = map.find(text); found != map.end() && found->second == owner.id) map.erase(found);
  };
  if (property == additional_ && email_) {
    for (const auto address : split(value, ';')) forget(*email_, ascii_lower(address));
  } else if (has_index(property)) {
    forget(property, value);
  }
}

void object_type::set(record& changed, field_list& fields, instant now, std::chrono::milliseconds index_lag) {
  const bool fresh = changed.values.empty() && changed.created_at == now;
  const bool caught_up = changed.updated_at + index_lag <= now;
  if (!fresh && index_lag.count() > 0 && caught_up) changed.indexed = std::make_unique<field_list>(changed.values);
  changed.updated_at = now;
  changed.values.reserve(changed.values.size() + (fresh ? fields.size() : 0));
  for (auto& one : fields) {
    auto found = std::find_if(changed.values.begin(), changed.values.end(), [&](const field& value) { return value.property == one.property; });
    if (found != changed.values.end()) {
      if (found->value == one.value) continue;
      unindex(changed, one.property, found->value);
      index(changed, one.property, one.value);
      found->value = std::move(one.value);
      if (found->value.empty()) changed.values.erase(found);
    } else if (!one.value.empty()) {
      index(changed, one.property, one.value);
      changed.values.push_back({one.property, std::move(one.value)});
    }
  }
}

void object_type::archive(record& gone, instant now) {
  for (const auto& one : gone.values) unindex(gone, one.property, one.value);
  gone.archived = true;
  gone.updated_at = now;
}

void object_type::merge(record& into, record& from, instant now) {
  std::string others;
  field_list taken;
  for (const auto& one : from.values) {
    if (one.property == email_ || one.property == additional_)
      others += (others.empty() ? "" : ";") + one.value;
    else if (!value_in(into.values, one.property))
      taken.push_back(one);
  }
  archive(from, now);
  from.merged_into = into.id;
  if (additional_ && !others.empty()) {
    const auto* present = value_in(into.values, *additional_);
    taken.push_back({*additional_, present ? *present + ";" + others : others});
  }
  set(into, taken, now, std::chrono::milliseconds(0));
}

void object_type::clear_records() {
  first_id_ += records_.size();
  records_.clear();
  unique_.clear();
}

}  // namespace leadsync::simulator::hubspot

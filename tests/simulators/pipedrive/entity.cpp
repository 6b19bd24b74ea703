#include "pipedrive/entity.h"

namespace leadsync::simulator::pipedrive {

const option* field::find(std::int64_t option_id) const {
  for (const auto& one : options)
    if (one.id == option_id) return &one;
  return nullptr;
}

entity& table::add(std::string id, json::object data, instant now, std::chrono::milliseconds lag) {
  auto& made = all_.emplace_back();
  made.id = std::move(id);
  made.data = std::move(data);
  made.added_at = made.updated_at = now;
  made.versions.push_back({now + lag, false, made.data});
  by_id_[made.id] = &made;
  return made;
}

void table::changed(entity& one, instant now, std::chrono::milliseconds lag) {
  one.updated_at = now;
  while (one.versions.size() > 1 && one.versions[1].visible_at <= now) one.versions.pop_front();
  one.versions.push_back({now + lag, one.deleted, one.data});
}

entity* table::find_any(std::string_view id) {
  const auto found = by_id_.find(std::string(id));
  return found == by_id_.end() ? nullptr : found->second;
}

entity* table::find(std::string_view id) {
  auto* found = find_any(id);
  return found && !found->deleted ? found : nullptr;
}

void table::clear() {
  all_.clear();
  by_id_.clear();
}

const json::object* indexed(entity& one, instant now) {
  while (one.versions.size() > 1 && one.versions[1].visible_at <= now) one.versions.pop_front();
  const auto& shown = one.versions.front();
  return shown.visible_at <= now && !shown.deleted ? &shown.data : nullptr;
}

std::string_view text_of(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

std::string id_of(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  if (found && (found->is_int64() || found->is_uint64())) return json::serialize(*found);
  return std::string(text_of(from, name));
}

}  // namespace leadsync::simulator::pipedrive

#include "mapping/default_mapping.h"

namespace leadsync {

mapping make_default_mapping(std::span<const field_mapping> wanted, const remote_schema& schema) {
  mapping made;
  for (const auto& entry : wanted) {
    const auto* object = schema.find(entry.object);
    const auto* field = object ? object->find(entry.remote_field) : nullptr;
    if (!field || (!field->creatable && !field->updatable)) continue;
    if (!made.find(entry.object, entry.remote_field)) made.fields.push_back(entry);
  }
  return made;
}

}  // namespace leadsync

#include "mapping/render.h"

#include <cstdlib>

namespace {

const leadsync::remote_schema& schema() {
  static const auto made = leadsync::parse_remote_schema(R"({"objects": [{"name": "c", "fields": [
    {"name": "t", "type": "text", "max_length": 5, "length_unit": "utf16"}, {"name": "d", "type": "decimal"}, {"name": "w", "type": "date"},
    {"name": "p", "type": "phone"}, {"name": "e", "type": "email"}, {"name": "u", "type": "text", "semantic": "domain"},
    {"name": "o", "type": "options", "restricted": true, "options": [{"value": "a", "label": "A, b"}, {"value": "c"}]}]}]})").value();
  return made;
}

}  // namespace

/// What parses reads back as itself, and renders without a fault; values come from the input too, as defaults.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto mapping = leadsync::parse_mapping({reinterpret_cast<const char*>(data), size});
  if (!mapping) return 0;
  const auto again = leadsync::parse_mapping(leadsync::to_json(*mapping));
  if (!again || *again != *mapping) std::abort();
  leadsync::lead_document lead;
  for (const auto& field : mapping->fields) lead.set_field("custom:x", field.default_value);
  lead.set_qualifier("q", {"a", "b"});
  for (const auto& object : leadsync::render({lead, "event", "1"}, *mapping, schema(), {"c", {{"c", {"e"}}}}).objects) {
    std::string out;
    leadsync::append_fields_json(out, object);
  }
  return 0;
}

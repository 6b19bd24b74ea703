#include "intake/lead_reader.h"

#include <cstdlib>

/// A document that was accepted reads back as itself, whatever the caller sent.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto lead = leadsync::parse_api_lead(text, {"event", "", "Europe/Berlin"})) {
    const auto again = leadsync::parse_lead_document(leadsync::to_json(lead->document));
    if (!again || *again != lead->document || leadsync::identity_of(*lead).empty()) std::abort();
  }
  if (const auto document = leadsync::parse_lead_document(text)) {
    const auto again = leadsync::parse_lead_document(leadsync::to_json(*document));
    if (!again || *again != *document) std::abort();
  }
  return 0;
}

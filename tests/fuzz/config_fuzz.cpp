#include "app/config/config.h"
#include "app/config/integration_config.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

/// Whatever the file holds: settings, or an error that says something. Never an exception, never an endless walk over aliases.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return -1;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = leadsync::parse_config(text, "/nonexistent/leadsyncd.yaml");
  if (!config && config.error().context.empty()) std::abort();
  const auto integration = leadsync::parse_integration(text, "/nonexistent/integrations.d/one.yaml");
  if (!integration && integration.error().context.empty()) std::abort();
  if (integration && integration->plugin.empty()) std::abort();
  return 0;
}

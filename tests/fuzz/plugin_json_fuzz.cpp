#include "leadsync/plugin.h"
#include "model/remote_schema.h"
#include "model/verdict.h"
#include "plugin/manifest.h"
#include "plugin/step_reader.h"

#include <boost/json/parse.hpp>

#include <cstdlib>

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

const leadsync::plugin_manifest& any_manifest() {
  static const auto made = [] {
    leadsync::plugin_manifest manifest;
    manifest.limits.push_back({.id = "burst", .amount = 1, .is_default = true});
    return manifest;
  }();
  return made;
}

/// Pieces of the input as everything that a step can point to; every third length is beyond what is there, with no address.
void read_steps(std::string_view text) {
  const auto piece = [&](std::size_t index) -> leadsync_str {
    const auto at = std::min(text.size(), index * 9);
    const auto part = text.substr(at, text.size() > index && text[index] % 2 ? text.npos : 9);
    return text.size() > index && text[index] % 3 == 0 ? leadsync_str{nullptr, part.size()} : leadsync_str{part.data(), part.size()};
  };
  const auto number = [&](std::size_t index) { return index < text.size() ? std::uint32_t(static_cast<unsigned char>(text[index])) : 0; };
  const leadsync_header header{sizeof(leadsync_header), piece(0), piece(1)};
  const leadsync_cost cost{sizeof(leadsync_cost), piece(2), number(3)};
  const leadsync_header* headers[] = {&header};
  const leadsync_cost* costs[] = {&cost};
  const std::uint32_t leads[] = {number(4)};
  const leadsync_request request{sizeof(leadsync_request), {"POST", 4}, piece(5), headers, number(6) % 2, piece(7), piece(8), leads,
                                 number(9) % 2, number(10), costs, number(11) % 2, number(12) << 20, number(13)};
  const leadsync_request* requests[] = {&request};
  const auto whole = leadsync_str{text.data(), text.size()};
  const leadsync_step step{sizeof(leadsync_step), number(14) % 4, requests, 1, number(15), {}, piece(16), whole};
  const auto read = leadsync::read_step(step, any_manifest(), 2);
  must(read.has_value() || !read.error().context.empty());
  if (read)
    for (const auto& one : read->requests)
      for (const auto& field : one.headers) must(field.value.find('\n') == std::string::npos);
}

}  // namespace

/// What a plugin says of itself, of the CRM and of its work: by the contract, or an error that names the place. Never an exception.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto manifest = leadsync::parse_manifest(text);
  must(manifest.has_value() || !manifest.error().context.empty());
  if (manifest) must(!manifest->phases.empty() && manifest->offers("sync") && !manifest->admits_host(""));

  const auto schema = leadsync::parse_remote_schema(text);
  must(schema.has_value() || !schema.error().context.empty());
  if (schema) {
    const auto again = leadsync::parse_remote_schema(leadsync::to_json(*schema));
    must(again.has_value() && leadsync::fingerprint(*again) == leadsync::fingerprint(*schema));
  }
  const auto failure = leadsync::parse_job_failure(text);
  must(failure.has_value() || !failure.error().context.empty());
  read_steps(text);
  return 0;
}

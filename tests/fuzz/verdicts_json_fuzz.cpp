#include "model/verdict.h"

#include <cstdlib>

/// What a plugin may say. Whatever it is, it is verdicts by the contract or an error that says something.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto verdicts = leadsync::parse_verdicts(text);
  if (!verdicts && verdicts.error().context.empty()) std::abort();
  if (verdicts)
    for (const auto& verdict : *verdicts)
      if (verdict.lead.has_value() == verdict.company.has_value()) std::abort();
  (void)leadsync::parse_job_failure(text);
  return 0;
}

#pragma once

#include "base/error.h"
#include "model/verdict.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// A phase as the manifest declares it.
struct phase_rule {
  std::string name;
  std::vector<std::string> needs;
  std::string object;        ///< the object that it writes; empty: none of its own
  bool per_company = false;  ///< its verdicts may be about companies
};

/// What a job asks for one lead.
struct book_entry {
  std::optional<std::uint32_t> company;
  std::vector<std::string> demanded;     ///< phases that must have a verdict, or a failed need
  std::vector<std::string> phases_done;  ///< in earlier attempts
};

/// What an attempt came to, for one lead.
struct lead_result {
  std::vector<verdict> phases;       ///< in the manifest's order
  std::optional<verdict> decisive;   ///< the first failed one; nothing: cleared
  std::vector<std::string> phases_done;
  bool any_verdict = false;
};

/// Collects a session's verdicts, and says at its end what each lead came to. A plugin that omits, repeats or invents a verdict is
/// found out here: its silence never passes for success.
class attempt_book {
 public:
  attempt_book(std::vector<phase_rule> phases, std::vector<book_entry> leads, std::size_t company_count);

  /// An error says how the plugin broke the contract; what was right is kept.
  result<> add(std::vector<verdict> verdicts);
  /// Counts for each demanded phase without a verdict.
  void fail_rest(job_failure failure) { failure_ = std::move(failure); }

  [[nodiscard]] lead_result result_of(std::uint32_t lead) const;
  [[nodiscard]] const verdict* company_verdict(std::uint32_t company) const;

 private:
  [[nodiscard]] std::size_t index_of(std::string_view phase) const;
  [[nodiscard]] const verdict* find(std::uint32_t lead, std::size_t phase) const;

  std::vector<phase_rule> phases_;
  std::vector<book_entry> leads_;
  std::vector<std::vector<std::optional<verdict>>> by_lead_;     ///< [lead][phase]
  std::vector<std::optional<verdict>> by_company_;
  std::optional<job_failure> failure_;
};

}  // namespace leadsync

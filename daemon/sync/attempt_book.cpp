#include "sync/attempt_book.h"

#include <algorithm>

namespace leadsync {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

verdict missing_verdict(std::uint32_t lead, const std::string& phase, const std::optional<job_failure>& failure) {
  verdict made{.lead = lead, .phase = phase, .status = phase_status::failed};
  if (failure) {
    made.what = failure->what;
    made.crm_code = failure->crm_code;
    made.message = failure->message;
    made.retry_after = failure->retry_after;
    made.request = failure->request;
  } else {
    made.what = category::plugin_fault;
    made.crm_code = "NO_VERDICT";
    made.message = "the plugin gave no verdict for phase \"" + phase + "\"";
  }
  return made;
}

}  // namespace

attempt_book::attempt_book(std::vector<phase_rule> phases, std::vector<book_entry> leads, std::size_t company_count)
    : phases_(std::move(phases)), leads_(std::move(leads)), by_lead_(leads_.size()), by_company_(company_count) {
  for (auto& row : by_lead_) row.resize(phases_.size());
}

std::size_t attempt_book::index_of(std::string_view phase) const {
  return std::size_t(std::find_if(phases_.begin(), phases_.end(), [&](const auto& each) { return each.name == phase; }) -
                     phases_.begin());
}

result<> attempt_book::add(std::vector<verdict> verdicts) {
  result<> outcome;
  const auto fault = [&](std::string text) { outcome = make_error(errc::invalid_input, std::move(text)); };
  for (auto& each : verdicts) {
    const auto phase = index_of(each.phase);
    if (phase == phases_.size()) {
      fault("a verdict names phase \"" + each.phase + "\", which the manifest does not have");
    } else if (each.company) {
      if (*each.company >= by_company_.size() || !phases_[phase].per_company) {
        fault("a verdict for company " + std::to_string(*each.company) + " in phase \"" + each.phase + "\" is about no company of the job");
      } else if (by_company_[*each.company]) {
        fault("company " + std::to_string(*each.company) + " has two verdicts");
      } else {
        by_company_[*each.company] = std::move(each);
      }
    } else if (!each.lead || *each.lead >= by_lead_.size()) {
      fault("a verdict is about a lead that the job does not have");
    } else if (auto& slot = by_lead_[*each.lead][phase]; slot) {
      fault("lead " + std::to_string(*each.lead) + " has two verdicts for phase \"" + each.phase + "\"");
    } else {
      slot = std::move(each);
    }
  }
  return outcome;
}

const verdict* attempt_book::company_verdict(std::uint32_t company) const {
  return company < by_company_.size() && by_company_[company] ? &*by_company_[company] : nullptr;
}

const verdict* attempt_book::find(std::uint32_t lead, std::size_t phase) const {
  if (by_lead_[lead][phase]) return &*by_lead_[lead][phase];
  if (phases_[phase].per_company && leads_[lead].company) return company_verdict(*leads_[lead].company);
  return nullptr;
}

lead_result attempt_book::result_of(std::uint32_t lead) const {
  const auto& entry = leads_[lead];
  lead_result made;
  made.phases_done = entry.phases_done;
  std::vector<std::string> failed;
  const auto note = [&](verdict seen) {
    if (seen.status == phase_status::failed) failed.push_back(seen.phase);
    if (seen.status == phase_status::failed && !made.decisive) made.decisive = seen;
    if (seen.status != phase_status::failed && !contains(made.phases_done, seen.phase)) made.phases_done.push_back(seen.phase);
    made.phases.push_back(std::move(seen));
  };

  for (std::size_t phase = 0; phase < phases_.size(); ++phase) {
    const auto& rule = phases_[phase];
    const bool blocked = std::any_of(rule.needs.begin(), rule.needs.end(), [&](const auto& need) { return contains(failed, need); });
    if (const auto* given = find(lead, phase)) {
      made.any_verdict = true;
      if (blocked && given->status == phase_status::skipped) {
        made.phases.push_back(*given);  // not done: the next attempt does it
        failed.push_back(rule.name);
      } else {
        note(*given);
      }
    } else if (contains(entry.demanded, rule.name) && !contains(entry.phases_done, rule.name)) {
      if (blocked) {
        failed.push_back(rule.name);
        made.phases.push_back({.lead = lead, .phase = rule.name, .status = phase_status::skipped, .message = "a phase that it needs failed"});
      } else {
        note(missing_verdict(lead, rule.name, failure_));
      }
    }
  }
  return made;
}

}  // namespace leadsync

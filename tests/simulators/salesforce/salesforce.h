#pragma once

#include "crm.h"
#include "salesforce/org.h"

#include <memory>

namespace leadsync::simulator::salesforce {

/// The simulated Salesforce org: authentication, allocation, then the area's handler.
class salesforce_crm final : public crm {
 public:
  /// The tokens are sessions that do not end.
  salesforce_crm(std::uint64_t seed, std::vector<std::string> tokens);

  response handle(const request& call, instant now) override;
  response fault_answer(std::string_view kind, const request& call, instant now) override;
  std::string path_template(const request& call) const override;
  /// Answers are arrays, which no row can be taken out of by name: see the option `hide_rows`.
  batch_members batch() const override { return {"records", ""}; }
  response administer(const request& call, const std::vector<std::string>& segments, const boost::json::value& body, instant now) override;
  quota_set& quotas() override { return account_->quotas; }
  void reset() override;

  [[nodiscard]] org& account() { return *account_; }

 private:
  void add_usage(response& out, instant now);

  std::uint64_t seed_;
  std::vector<std::string> tokens_;
  std::unique_ptr<org> account_;
};

}  // namespace leadsync::simulator::salesforce

#pragma once

#include "crm.h"
#include "zoho/organization.h"

#include <memory>

namespace leadsync::simulator::zoho {

/// The simulated Zoho CRM v8: routing, authentication, credits, then the area's handler.
class zoho_crm final : public crm {
 public:
  /// The tokens never expire, for use by hand.
  zoho_crm(std::uint64_t seed, std::vector<std::string> tokens);

  response handle(const request& call, instant now) override;
  response fault_answer(std::string_view kind, const request& call, instant now) override;
  std::string path_template(const request& call) const override;
  batch_members batch() const override { return {"data", "data"}; }
  response administer(const request& call, const std::vector<std::string>& segments, const boost::json::value& body, instant now) override;
  quota_set& quotas() override { return org_->quotas; }
  void reset() override;

 private:
  std::uint64_t seed_;
  std::vector<std::string> tokens_;
  std::unique_ptr<organization> org_;
};

}  // namespace leadsync::simulator::zoho

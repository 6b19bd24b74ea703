#pragma once

#include "crm.h"
#include "hubspot/portal.h"

namespace leadsync::simulator::hubspot {

/// The simulated HubSpot: routing, authentication, quotas, then the area's handler.
class hubspot_crm final : public crm {
 public:
  /// The tokens are private-app tokens.
  hubspot_crm(std::uint64_t seed, std::vector<std::string> tokens);

  response handle(const request& call, instant now) override;
  response fault_answer(std::string_view kind, const request& call, instant now) override;
  std::string path_template(const request& call) const override;
  batch_members batch() const override { return {"inputs", "results"}; }
  response administer(const request& call, const std::vector<std::string>& segments, const boost::json::value& body, instant now) override;
  quota_set& quotas() override { return account_->quotas; }
  void reset() override;

  [[nodiscard]] portal& account() { return *account_; }

 private:
  std::uint64_t seed_;
  std::vector<std::string> tokens_;
  std::unique_ptr<portal> account_;
  std::vector<unsigned char> arena_;  ///< of the document that is being handled
};

}  // namespace leadsync::simulator::hubspot

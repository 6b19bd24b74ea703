#pragma once

#include "crm.h"
#include "pipedrive/company.h"

#include <memory>

namespace leadsync::simulator::pipedrive {

/// The simulated Pipedrive: routing, authentication, limits, then the area's handler.
class pipedrive_crm final : public crm {
 public:
  pipedrive_crm(std::uint64_t seed, std::vector<std::string> api_tokens);

  response handle(const request& call, instant now) override;
  response fault_answer(std::string_view kind, const request& call, instant now) override;
  std::string path_template(const request& call) const override;
  batch_members batch() const override { return {"", "data"}; }
  response administer(const request& call, const std::vector<std::string>& segments, const json::value& body, instant now) override;
  quota_set& quotas() override { return account_->quotas; }
  void reset() override;

  [[nodiscard]] company& account() { return *account_; }

 private:
  std::uint64_t seed_;
  std::vector<std::string> api_tokens_;
  std::unique_ptr<company> account_;
};

}  // namespace leadsync::simulator::pipedrive

#pragma once

#include "crm.h"
#include "rest/account.h"

#include <memory>

namespace leadsync::simulator::rest {

/// A CRM that nobody sells, with the plain API that many have: people, who are identified by their e-mail address, and their notes. The plugin of
/// sdk/template speaks to it.
class rest_crm final : public crm {
 public:
  explicit rest_crm(std::vector<std::string> tokens);

  response handle(const request& call, instant now) override;
  response fault_answer(std::string_view kind, const request& call, instant now) override;
  std::string path_template(const request& call) const override;
  batch_members batch() const override { return {"", ""}; }
  response administer(const request& call, const std::vector<std::string>& segments, const boost::json::value& body, instant now) override;
  quota_set& quotas() override { return account_->quotas; }
  void reset() override;

 private:
  std::vector<std::string> tokens_;
  std::unique_ptr<account> account_;
};

/// `/_simulator/...`; status 0 for paths of others.
[[nodiscard]] response administer_account(account& of, const request& call, const std::vector<std::string>& segments, const json::value& body);

}  // namespace leadsync::simulator::rest

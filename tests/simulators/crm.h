#pragma once

#include "http/message.h"
#include "limits/quota_set.h"

#include "base/instant.h"

#include <boost/json/object.hpp>

#include <string_view>

namespace leadsync::simulator {

/// One kind of CRM: computes answers from its own state. No sockets, no clock: tests feed it requests.
class crm {
 public:
  virtual ~crm() = default;

  [[nodiscard]] virtual response handle(const request& call, instant now) = 0;
  /// The CRM's own wording for a fault such as "429_burst"; status 0 where it has no such answer.
  [[nodiscard]] virtual response fault_answer(std::string_view kind, const request& call, instant now) = 0;
  /// "POST /crm/v3/objects/contacts/batch/upsert": ids and names replaced, for counting.
  [[nodiscard]] virtual std::string path_template(const request& call) const = 0;
  /// Names of the arrays that carry the rows of a batch, in requests and in answers.
  struct batch_members {
    std::string_view request, response;
  };
  [[nodiscard]] virtual batch_members batch() const = 0;
  /// `/_simulator/...` paths that only this CRM knows; status 0 for the others. `segments` begin after `_simulator`.
  [[nodiscard]] virtual response administer(const request& call, const std::vector<std::string>& segments,
                                            const boost::json::value& body, instant now) = 0;
  [[nodiscard]] virtual quota_set& quotas() = 0;
  /// Back to a new account; quotas, options and tokens too.
  virtual void reset() = 0;
};

}  // namespace leadsync::simulator

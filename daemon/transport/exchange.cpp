#include "transport/exchange.h"

namespace leadsync {

std::string_view to_text(transport_result outcome) {
  switch (outcome) {
    case transport_result::ok: return "ok";
    case transport_result::not_sent: return "not_sent";
    case transport_result::sent_no_answer: return "sent_no_answer";
    case transport_result::truncated: return "truncated";
    case transport_result::too_large: return "too_large";
    case transport_result::refused_host: return "refused_host";
  }
  return "unknown";
}

}  // namespace leadsync

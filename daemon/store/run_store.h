#pragma once

#include "store/delivery_entry.h"
#include "store/records.h"

namespace leadsync {

/// An exchange with its bodies compressed, made before it comes to the writer's thread.
struct packed_exchange {
  exchange_record exchange;  ///< bodies packed
  bool request_compressed = false;
  bool response_compressed = false;
};

[[nodiscard]] std::vector<packed_exchange> pack(std::vector<exchange_record> exchanges);

[[nodiscard]] result<opened_run> open_run(database& db, integration_id integration, const std::vector<delivery_id>& deliveries,
                                          std::int64_t mapping_revision);
[[nodiscard]] result<> save_intent(database& db, run_id run, const std::vector<attempt_outcome>& reached, const std::vector<company_id>& companies);
[[nodiscard]] result<> save_checkpoint(database& db, run_id run, const std::string& checkpoint, const std::vector<attempt_outcome>& reached,
                                       const std::vector<company_id>& companies, const std::vector<packed_exchange>& exchanges);
[[nodiscard]] result<opened_run> resume_run(database& db, run_id run);
[[nodiscard]] result<std::vector<delivery_id>> close_run(database& db, run_id run, const std::vector<attempt_outcome>& outcomes,
                                                         const std::vector<packed_exchange>& exchanges,
                                                         const std::vector<company_id>& companies);
[[nodiscard]] result<> recover_run(database& db, run_id run, instant not_before, bool crashed_in_plugin);

[[nodiscard]] result<std::vector<ready_delivery>> ready(connection& db, integration_id integration, claim_filter filter, instant due,
                                                        delivery_id after, int limit);
[[nodiscard]] result<std::optional<instant>> next_due(connection& db, integration_id integration, claim_filter filter, instant after);
[[nodiscard]] result<std::vector<interrupted_run>> interrupted_runs(connection& db);
[[nodiscard]] result<std::vector<ambiguous_company>> ambiguous_companies(connection& db, integration_id integration);
[[nodiscard]] result<std::vector<exchange_record>> exchanges(connection& db, run_id run);

}  // namespace leadsync

#pragma once

#include "store/records.h"
#include "store/writer.h"

namespace leadsync {

/// A lead with all that can be worked out before it comes to the writer's thread.
struct prepared_lead {
  captured_lead lead;
  std::string identity;
  std::int64_t identity_hash = 0;
  std::string event_key;
  std::string document_json;
  std::string search;  ///< folded e-mail, name and company
  std::int64_t person_key = 0;
  std::string company_key;
};

[[nodiscard]] std::vector<prepared_lead> prepare(std::vector<captured_lead> leads);
[[nodiscard]] std::string search_text(const lead_document& document);

[[nodiscard]] result<import_id> begin_import(database& db, const import_seed& seed);
[[nodiscard]] result<std::vector<accepted_lead>> add_leads(database& db, import_id import, const std::vector<prepared_lead>& leads);
[[nodiscard]] result<> reject_rows(database& db, import_id import, const std::vector<rejected_row>& rows);
[[nodiscard]] result<> finish_import(database& db, import_id import, const std::string& failure);
[[nodiscard]] result<lead_record> edit_lead(database& db, lead_id lead, const prepared_lead& edited, std::int64_t expected_revision);

[[nodiscard]] result<import_record> find_import(connection& db, import_id import);
[[nodiscard]] result<std::vector<import_record>> list_imports(connection& db, int limit);
[[nodiscard]] result<std::vector<rejected_row>> rejected_rows(connection& db, import_id import, std::int64_t after_row, int limit);
[[nodiscard]] result<lead_record> find_lead(connection& db, lead_id lead);
[[nodiscard]] result<std::vector<event_record>> list_events(connection& db);

/// Owes the lead to the integration.
void add_delivery(database& db, std::int64_t integration, std::int64_t lead, std::int64_t event, instant at,
                  std::optional<std::int64_t> operation = std::nullopt);

}  // namespace leadsync

#pragma once

#include "store/records.h"
#include "store/writer.h"

namespace leadsync {

[[nodiscard]] result<> add_audit(database& db, const audit_record& record);
/// In the commit of what a person changed. `members`: of the detail object.
void note(database& db, const principal& by, std::string_view action, integration_id integration, std::string_view detail_json);
[[nodiscard]] result<std::vector<audit_record>> list_audit(connection& db, std::int64_t before, int limit);

[[nodiscard]] result<std::optional<std::string>> find_answer(connection& db, const std::string& key, const std::string& request_hash);
[[nodiscard]] result<> save_answer(database& db, const std::string& key, const std::string& request_hash, const std::string& answer);

}  // namespace leadsync

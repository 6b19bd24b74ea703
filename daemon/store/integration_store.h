#pragma once

#include "store/records.h"
#include "store/writer.h"

namespace leadsync {

[[nodiscard]] result<std::vector<integration_record>> register_integrations(database& db, const std::vector<integration_seed>& seeds);
[[nodiscard]] result<> set_sync_mode(database& db, integration_id integration, sync_mode mode);
[[nodiscard]] result<> set_breaker(database& db, integration_id integration, breaker_state state, category what, const std::string& message);
[[nodiscard]] result<> save_schema(database& db, integration_id integration, const schema_record& schema);
[[nodiscard]] result<std::int64_t> save_mapping(database& db, integration_id integration, const std::string& json,
                                                std::int64_t expected_revision, const principal& by);
[[nodiscard]] result<> save_secrets(database& db, integration_id integration, const std::vector<stored_secret>& secrets);
[[nodiscard]] result<> clear_secrets(database& db, integration_id integration);
[[nodiscard]] result<> save_usage(database& db, const std::string& account, const std::string& json);

[[nodiscard]] result<std::optional<schema_record>> load_schema(connection& db, integration_id integration);
[[nodiscard]] result<std::optional<mapping_record>> load_mapping(connection& db, integration_id integration, std::int64_t revision);
[[nodiscard]] result<std::vector<mapping_record>> mapping_revisions(connection& db, integration_id integration);
[[nodiscard]] result<std::vector<stored_secret>> load_secrets(connection& db, integration_id integration);
[[nodiscard]] result<std::string> load_usage(connection& db, const std::string& account);

}  // namespace leadsync

#pragma once

#include "runtime/commands.h"
#include "store/store.h"

#include <map>
#include <string>
#include <vector>

namespace leadsync::test {

/// The daemon behind the API, as far as its handlers can see: one integration, and operations that the store applies but nobody sends.
class fake_commands final : public commands {
 public:
  explicit fake_commands(store& data) : data_(data) {}

  integration_status status;
  check_report checked;
  remote_schema described;
  preview_report previewed;
  fix_report fixed;
  int changes_seen = 0;

  std::vector<plugin_listing> plugins() const override {
    return {{"acme", "Acme CRM", "1.0.0", "/usr/lib/leadsync/acme.so", "ab12", ""},
            {"broken", "", "", "/usr/lib/leadsync/broken.so", "", "it exports no leadsync_plugin_entry"}};
  }
  std::vector<integration_status> integrations() const override { return {status}; }
  result<integration_status> integration(std::string_view name) const override {
    if (name != status.name) return make_error(errc::not_found, "there is no integration \"" + std::string(name) + "\"");
    return status;
  }

  task<> set_sync_mode(std::string name, sync_mode mode, principal by) override {
    if (auto known = integration(name); !known) co_return known.error();
    auto saved = co_await data_.set_sync_mode(status.id, mode, by);
    if (!saved) co_return saved.error();
    status.mode = mode;
    status.hold = mode == sync_mode::manual ? "manual" : "";
    co_return result<>();
  }
  task<check_report> check(std::string name) override {
    if (auto known = integration(name); !known) co_return known.error();
    co_return checked;
  }
  task<> reconnect(std::string name, principal) override {
    if (auto known = integration(name); !known) co_return known.error();
    co_return result<>();
  }
  task<remote_schema> schema(std::string) override { co_return described; }
  task<remote_schema> refresh_schema(std::string) override { co_return described; }
  task<std::vector<std::string>> provision(std::string, principal) override {
    std::vector<std::string> made;
    made.push_back("contact.leadsync_key");
    co_return made;
  }

  task<std::int64_t> save_mapping(std::string name, mapping fields, std::int64_t expected_revision, principal by) override {
    if (auto known = integration(name); !known) co_return known.error();
    auto saved = co_await data_.save_mapping(status.id, to_json(fields), expected_revision, by);
    if (saved) status.mapping_revision = *saved;
    co_return saved;
  }
  task<preview_report> preview(std::string, mapping fields, delivery_filter) override {
    auto report = previewed;
    report.examined = std::int64_t(fields.fields.size());
    co_return report;
  }
  task<fix_report> fixes(std::string, category what, std::optional<locus>) override {
    auto report = fixed;
    report.what = what;
    co_return report;
  }
  task<mapping> default_mapping(std::string) override {
    mapping fields;
    fields.fields.push_back({"contact", "email", "email"});
    co_return fields;
  }

  task<operation_record> start_operation(std::string, operation_kind kind, delivery_filter filter, principal by) override {
    operation_seed seed;
    seed.integration = status.id;
    seed.kind = kind;
    seed.filter = std::move(filter);
    seed.by = std::move(by);
    co_return co_await data_.create_operation(std::move(seed));
  }
  task<operation_record> cancel_operation(operation_id operation, principal by) override {
    co_return co_await data_.cancel_operation(operation, by);
  }
  task<operation_record> wait_for_operation(operation_id operation, std::chrono::milliseconds) override {
    co_return co_await data_.advance_operation(operation, 1000);
  }
  void leads_changed() override { ++changes_seen; }

 private:
  store& data_;
};

}  // namespace leadsync::test

#pragma once

#include "store/store.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

namespace leadsync {

/// Outlives every store: a completion may still be inside `post` when the coroutine that it resumed has ended.
inline boost::asio::io_context& shared_context() {
  static boost::asio::io_context context(1);
  context.restart();
  return context;
}

template <class Value>
result<Value> outcome_of(store::task<Value> work) {
  auto& context = shared_context();
  result<Value> outcome = make_error(errc::cancelled, "never ran");
  boost::asio::co_spawn(context, std::move(work), [&outcome](std::exception_ptr failure, result<Value> value) {
    if (failure) std::rethrow_exception(failure);
    outcome = std::move(value);
  });
  context.run();
  return outcome;
}

/// Throws, and so fails the test, on an error.
template <class Value>
Value get(boost::asio::awaitable<result<Value>> work) {
  return outcome_of<Value>(std::move(work)).value();
}

template <class Value>
errc failure_of(boost::asio::awaitable<result<Value>> work) {
  auto outcome = outcome_of<Value>(std::move(work));
  EXPECT_FALSE(outcome.has_value());
  return outcome ? errc{} : outcome.error().code;
}

/// A new folder on tmpfs, removed at the end.
class scratch_folder {
 public:
  scratch_folder();
  ~scratch_folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A store with the integrations "crm" (all events) and, where asked for, others.
class store_test : public testing::Test {
 protected:
  store_test();
  void reopen();
  [[nodiscard]] store& db() { return *store_; }
  void close() { store_.reset(); }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  integration_id register_one(std::string name, std::vector<std::string> events = {});
  lead_id add(std::string email, std::string event = "Expo");
  intake_outcome put(captured_lead lead);
  void add_many(int count, std::string prefix = "many");
  std::vector<delivery_id> ready_ids(claim_filter filter = {}, int limit = 1000);
  opened_run claim(int limit = 1000);
  /// Claims all that is due and closes with what `decide` makes of each.
  template <class Decide>
  std::vector<delivery_id> sync(Decide decide, int limit = 1000) {
    const auto run = claim(limit);
    std::vector<attempt_outcome> outcomes;
    for (const auto& claimed : run.deliveries) outcomes.push_back(decide(claimed));
    return get(db().close_run(run.run, outcomes, {}, {}));
  }
  delivery_detail detail(lead_id lead) { return get(db().delivery(crm, lead)); }
  std::int64_t count(delivery_state state, std::optional<category> what = {});
  void expect_exact_counts();
  operation_record run_operation(operation_seed seed);
  operation_seed retry(std::optional<category> what = {});

  integration_id crm;

 private:
  scratch_folder folder_;
  std::unique_ptr<store> store_;
};

captured_lead make_lead(std::string email, std::string event = "Expo", std::string company = {});
attempt_outcome cleared(const claimed_delivery& claimed);
attempt_outcome failed(const claimed_delivery& claimed, category what, locus where = {});
attempt_outcome waiting(const claimed_delivery& claimed, category what, instant due);

inline const principal somebody{1000, "ada"};

}  // namespace leadsync

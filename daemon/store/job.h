#pragma once

#include "base/error.h"
#include "store/sqlite.h"

#include <functional>
#include <optional>
#include <utility>

namespace leadsync {

/// Work on a connection, done on its thread. May run more than once: what it captures must not be moved from.
template <class Context>
class job {
 public:
  virtual ~job() = default;
  /// False where it failed: what it wrote must not stay. Throws sqlite_failure.
  [[nodiscard]] virtual bool run(Context& context) = 0;
  /// Replaces what `run` gave.
  virtual void fail(const error& failure) = 0;
};

template <class Context, class Value>
class typed_job final : public job<Context> {
 public:
  using work_type = std::function<result<Value>(Context&)>;
  explicit typed_job(work_type work) : work_(std::move(work)) {}

  bool run(Context& context) override {
    outcome_.emplace(work_(context));
    return outcome_->has_value();
  }
  void fail(const error& failure) override { outcome_.emplace(failure); }
  [[nodiscard]] result<Value> take() { return std::move(*outcome_); }

 private:
  work_type work_;
  std::optional<result<Value>> outcome_;
};

}  // namespace leadsync

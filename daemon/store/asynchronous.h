#pragma once

#include "store/reader_pool.h"
#include "store/writer.h"

#include <functional>

namespace leadsync {

/// Work on the writer, as one job of a transaction. The caller's coroutine goes on when it is durable.
template <class Value>
auto write(writer& to, std::function<result<Value>(database&)> work) {
  return run_on<Value>(to.queue(), std::move(work));
}

/// Work on a read-only connection.
template <class Value>
auto read(reader_pool& from, std::function<result<Value>(connection&)> work) {
  return run_on<Value>(from.queue(), std::move(work));
}

}  // namespace leadsync

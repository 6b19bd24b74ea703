#pragma once

#include "runtime/settings.h"
#include "runtime/worker_pool.h"
#include "store/store.h"
#include "transport/account_limits.h"
#include "transport/http_client.h"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <random>

namespace leadsync {

/// What all integrations of the process share. Outlives them.
struct runtime_context {
  boost::asio::any_io_executor executor;
  store& data;
  std::shared_ptr<worker_pool> workers;
  std::shared_ptr<http_client> client;
  std::shared_ptr<account_limits> limits;
  engine_settings settings;
  std::mt19937_64 random;
};

}  // namespace leadsync

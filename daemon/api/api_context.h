#pragma once

#include "runtime/commands.h"
#include "store/store.h"

#include <string>

namespace leadsync::api {

/// What handlers work on. Lives as long as the server.
struct api_context {
  store& data;
  commands& daemon;
  std::string version;
  instant started_at;
};

}  // namespace leadsync::api

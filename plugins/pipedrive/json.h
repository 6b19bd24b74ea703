#pragma once
#include <leadsync/boost_json.hpp>

namespace leadsync::pipedrive {
namespace json = boost::json;
using namespace sdk::reading;
}  // namespace leadsync::pipedrive

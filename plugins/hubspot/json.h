#pragma once
#include <leadsync/boost_json.hpp>

namespace leadsync::hubspot {
namespace json = boost::json;
using namespace sdk::reading;
}  // namespace leadsync::hubspot

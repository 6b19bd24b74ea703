#pragma once
#include <leadsync/boost_json.hpp>

namespace leadsync::salesforce {
namespace json = boost::json;
using namespace sdk::reading;
}  // namespace leadsync::salesforce

#pragma once
#include <leadsync/boost_json.hpp>

namespace leadsync::zoho {
namespace json = boost::json;
using namespace sdk::reading;
}  // namespace leadsync::zoho

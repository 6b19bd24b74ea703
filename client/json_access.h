#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace leadsync::client {

// Members of the API's documents; what is absent or null is empty. A newer daemon may add members, an older one lack them.

[[nodiscard]] std::string text_of(const boost::json::object& from, std::string_view name);
[[nodiscard]] std::int64_t number_of(const boost::json::object& from, std::string_view name);
[[nodiscard]] bool flag_of(const boost::json::object& from, std::string_view name);
[[nodiscard]] const boost::json::object& object_of(const boost::json::object& from, std::string_view name);
[[nodiscard]] const boost::json::array& array_of(const boost::json::object& from, std::string_view name);
/// The document itself, where it is an object.
[[nodiscard]] const boost::json::object& object_of(const boost::json::value& document);

}  // namespace leadsync::client

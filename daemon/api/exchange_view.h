#pragma once

#include "store/records.h"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace leadsync::api {

/// The part of a body that a JSON pointer names, as JSON text; the whole body for an empty pointer, nothing where the pointer does not
/// fit: the leads of a batch must not see each other.
[[nodiscard]] std::string part_of(std::string_view body, std::string_view pointer);

/// One request and its answer; of the bodies only the parts that the pointers name, at most 64 KiB of each.
[[nodiscard]] boost::json::object to_view(const exchange_record& exchange, std::string_view request_pointer,
                                          std::string_view response_pointer);

}  // namespace leadsync::api

#pragma once

#include "app/config/yaml_map.h"

#include <boost/json/value.hpp>

namespace leadsync {

/// Plain scalars become numbers, booleans and null where they read so; quoted ones are texts. Notes a problem where it is nested or
/// long beyond use (aliases can make a small file so).
[[nodiscard]] std::optional<boost::json::value> to_json(const YAML::Node& node, problem_list& problems);

}  // namespace leadsync

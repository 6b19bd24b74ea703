#include "api/router.h"

#include "base/text.h"

namespace leadsync::api {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  return split(path, '/');
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{'); }

bool fits(const router::route& route, const std::vector<std::string_view>& segments) {
  if (route.segments.size() != segments.size()) return false;
  for (std::size_t i = 0; i < segments.size(); ++i)
    if (is_parameter(route.segments[i]) ? segments[i].empty() : route.segments[i] != segments[i]) return false;
  return true;
}

}  // namespace

void router::add(http_method method, std::string_view pattern, route_handler handler, body_mode body) {
  route added{method, {}, handler, body};
  for (const auto segment : segments_of(pattern)) added.segments.emplace_back(segment);
  routes_.push_back(std::move(added));
}

router::match router::find(http_request& request) const {
  const auto segments = segments_of(request.path);
  match result;
  for (const auto& route : routes_) {
    if (!fits(route, segments)) continue;
    if (route.method != request.method) {
      if (!result.allowed.empty()) result.allowed += ", ";
      if (route.method == http_method::get) result.allowed += "HEAD, ";
      result.allowed += to_text(route.method);
      continue;
    }
    request.arguments.clear();
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const std::string_view name = route.segments[i];
      if (is_parameter(name)) request.arguments.emplace_back(name.substr(1, name.size() - 2), percent_decoded(segments[i], false));
    }
    result.found = &route;
    return result;
  }
  return result;
}

}  // namespace leadsync::api

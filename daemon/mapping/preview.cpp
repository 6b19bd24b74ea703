#include "mapping/preview.h"

#include <algorithm>

namespace leadsync {
namespace {

bool same(const rendered_value& left, const rendered_value& right) {
  return left.type == right.type && left.mode == right.mode && left.text == right.text && left.items == right.items;
}

bool same(const rendered_object& left, const rendered_object& right) {
  if (left.values.size() != right.values.size()) return false;
  // The order of a mapping's entries is no difference to the CRM.
  return std::all_of(left.values.begin(), left.values.end(), [&](const rendered_value& value) {
    const auto other = std::find_if(right.values.begin(), right.values.end(),
                                    [&](const rendered_value& candidate) { return candidate.remote_field == value.remote_field; });
    return other != right.values.end() && same(value, *other);
  });
}

}  // namespace

bool same_values(const rendered_lead& left, const rendered_lead& right) {
  if (left.objects.size() != right.objects.size()) return false;
  return std::all_of(left.objects.begin(), left.objects.end(), [&](const rendered_object& object) {
    const auto* other = right.find(object.object);
    return other && same(object, *other);
  });
}

void mapping_preview::add_failed(category old_category, const rendered_lead& before, const rendered_lead& after) {
  if (!after.problems.empty()) {
    const auto now = after.problems.front().what;
    if (now == old_category) ++stays_;
    else ++moves_[now];
    return;
  }
  // What passed here before, too, was refused by the CRM: only a different record can fare better.
  if (before.problems.empty() && same_values(before, after)) ++stays_;
  else ++would_pass_;
}

void mapping_preview::add_cleared(const rendered_lead& before, const rendered_lead& after) {
  ++cleared_;
  if (!after.problems.empty() || !same_values(before, after)) ++cleared_would_differ_;
}

}  // namespace leadsync

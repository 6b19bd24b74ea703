#include "mapping/suggest.h"

#include "base/text.h"

#include <algorithm>
#include <numeric>

namespace leadsync {
namespace {

/// Below this a proposal is noise.
constexpr double least_similarity = 0.5;

std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t(0));
  for (std::size_t i = 0; i < left.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const auto substituted = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

struct judged {
  double score = 0;
  std::string reason;
};

/// How well `name` fits `wanted`; both as people write them.
judged judge(std::string_view wanted, std::string_view name, std::string_view what) {
  const auto same = [&](double score, std::string_view how) {
    return judged{score, std::string(how) + std::string(what)};
  };
  if (wanted == name) return same(1, "same ");
  if (fold(wanted) == fold(name)) return same(0.98, "same but for case, ");
  const auto left = fold_loosely(wanted);
  const auto right = fold_loosely(name);
  if (left.empty() || right.empty()) return {};
  if (left == right) return same(0.95, "same but for accents and punctuation, ");
  const auto shorter = double(std::min(left.size(), right.size()));
  const auto longer = double(std::max(left.size(), right.size()));
  if (shorter >= 3 && (left.starts_with(right) || right.starts_with(left))) return same(0.75 + 0.15 * shorter / longer, "same beginning, ");
  if (shorter >= 4 && (left.find(right) != left.npos || right.find(left) != right.npos))
    return same(0.65 + 0.15 * shorter / longer, "one contains the other, ");
  const auto alike = similarity(left, right);
  if (alike < least_similarity) return {};
  return same(alike * 0.9, "similar ");
}

template <class Suggestion>
void keep_best(std::vector<Suggestion>& found, std::size_t limit) {
  std::stable_sort(found.begin(), found.end(), [](const auto& left, const auto& right) { return left.score > right.score; });
  if (found.size() > limit) found.resize(limit);
}

bool can_hold(const remote_field& field, const field_need& need) {
  if (!field.creatable && !field.updatable) return false;
  if (need.longest_value > 0 && field.max_length > 0 && field.max_length < need.longest_value) return false;
  if (!need.type || field.type == *need.type) return true;
  if (field.type == value_type::text) return true;
  if (*need.type == value_type::option) return field.type == value_type::options;
  return *need.type == value_type::date && field.type == value_type::instant;
}

/// "qualifier:Buying timeline" to "Buying timeline"
std::string_view bare(std::string_view source) {
  const auto colon = source.find(':');
  return colon == source.npos ? source : source.substr(colon + 1);
}

}  // namespace

double similarity(std::string_view left, std::string_view right) {
  left = left.substr(0, 200);
  right = right.substr(0, 200);
  const auto longest = std::max(left.size(), right.size());
  if (longest == 0) return 1;
  const double letters = 1 - double(edit_distance(left, right)) / double(longest);
  // Words in another order, or some of them: "within 6 months" and "6 months or less".
  const auto words = split(left, ' ');
  const auto others = split(right, ' ');
  const auto common = std::count_if(words.begin(), words.end(), [&](std::string_view word) {
    return std::find(others.begin(), others.end(), word) != others.end();
  });
  const double shared = 2.0 * double(common) / double(words.size() + others.size());
  return std::max(letters, shared * 0.95);
}

std::vector<option_suggestion> suggest_options(const remote_field& field, std::string_view value, std::size_t limit) {
  std::vector<option_suggestion> found;
  for (const auto& option : field.options) {
    if (!option.active) continue;
    auto best = judge(value, option.label, "label");
    if (auto by_value = judge(value, option.value, "value"); by_value.score > best.score) best = std::move(by_value);
    if (best.score > 0) found.push_back({option.value, option.label, best.score, std::move(best.reason)});
  }
  keep_best(found, limit);
  return found;
}

std::vector<field_suggestion> suggest_fields(const remote_object& object, const field_need& need,
                                             const std::vector<std::string>& taken, std::size_t limit) {
  std::vector<field_suggestion> found;
  for (const auto& field : object.fields) {
    if (std::find(taken.begin(), taken.end(), field.name) != taken.end() || field.name == object.key_field) continue;
    if (!can_hold(field, need)) continue;
    judged best;
    for (const auto wanted : {std::string_view(need.name), bare(need.source)}) {
      if (wanted.empty()) continue;
      for (const auto name : {std::string_view(field.name), std::string_view(field.label)})
        if (auto judgement = judge(wanted, name, name == field.name ? "name" : "label"); judgement.score > best.score)
          best = std::move(judgement);
    }
    // A longer field is asked for by length alone: then any that fits is worth showing, behind those with a like name.
    if (best.score == 0 && need.longest_value > 0 && field.type == value_type::text) best = {0.2, "holds the longest value"};
    if (best.score == 0) continue;
    if (need.type && field.type == *need.type) best.score = std::min(1.0, best.score + 0.02);
    found.push_back({object.name, field.name, field.label, best.score, std::move(best.reason)});
  }
  keep_best(found, limit);
  return found;
}

}  // namespace leadsync

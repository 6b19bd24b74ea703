#include "app/config/yaml_json.h"

#include <charconv>

namespace leadsync {
namespace {

constexpr int deepest = 16;
constexpr int most_nodes = 10'000;

template <class Number>
std::optional<Number> number(const std::string& text) {
  Number value{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

boost::json::value scalar(const YAML::Node& node) {
  const auto& text = node.Scalar();
  if (node.Tag() == "!") return boost::json::string(text);  // quoted
  if (text == "true") return true;
  if (text == "false") return false;
  const bool digits_first = !text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
  // "007" and "+1" are codes, not numbers.
  if (digits_first && !(text.size() > 1 && text[0] == '0' && text[1] != '.')) {
    if (const auto whole = number<std::int64_t>(text)) return *whole;
    if (const auto fraction = number<double>(text)) return *fraction;
  }
  return boost::json::string(text);
}

struct converter {
  int nodes = 0;
  bool too_large = false;

  boost::json::value convert(const YAML::Node& node, int depth) {
    if (depth > deepest || ++nodes > most_nodes) {
      too_large = true;
      return nullptr;
    }
    if (node.IsScalar()) return scalar(node);
    if (node.IsSequence()) {
      boost::json::array all;
      for (const auto& item : node) {
        all.push_back(convert(item, depth + 1));
        if (too_large) break;
      }
      return all;
    }
    if (node.IsMap()) {
      boost::json::object all;
      for (const auto& pair : node) {
        if (pair.first.IsScalar()) all[pair.first.Scalar()] = convert(pair.second, depth + 1);
        if (too_large) break;
      }
      return all;
    }
    return nullptr;
  }
};

}  // namespace

std::optional<boost::json::value> to_json(const YAML::Node& node, problem_list& problems) {
  converter work;
  auto value = work.convert(node, 0);
  if (!work.too_large) return value;
  problems.add(node.Mark(), "is nested more than 16 levels deep, or has more than 10000 values");
  return std::nullopt;
}

}  // namespace leadsync

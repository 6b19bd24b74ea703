#include "app/config/yaml_map.h"

#include "base/text.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <sstream>

namespace leadsync {
namespace {

using namespace std::chrono_literals;

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t(0));
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j + 1] + 1, row[j] + 1});
    }
  }
  return row.back();
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::chrono::seconds> read_duration(std::string_view text) {
  if (text.size() < 2 || text.size() > 10) return std::nullopt;
  const auto amount = whole_number(text.substr(0, text.size() - 1));
  if (!amount || *amount < 0) return std::nullopt;
  switch (text.back()) {
    case 's': return std::chrono::seconds(*amount);
    case 'm': return std::chrono::minutes(*amount);
    case 'h': return std::chrono::hours(*amount);
    case 'd': return std::chrono::days(*amount);
    default: return std::nullopt;
  }
}

std::string duration_text(std::chrono::seconds length) {
  if (length % 24h == 0s && length != 0s) return std::to_string(length / 24h) + "d";
  if (length % 1h == 0s && length != 0s) return std::to_string(length / 1h) + "h";
  if (length % 1min == 0s && length != 0s) return std::to_string(length / 1min) + "m";
  return std::to_string(length.count()) + "s";
}

std::string shown(const std::string& text) { return "\"" + text.substr(0, 40) + (text.size() > 40 ? "…" : "") + "\""; }

}  // namespace

void problem_list::add(const YAML::Mark& where, std::string_view what) {
  auto line = file_.string();
  if (!where.is_null()) line += ":" + std::to_string(where.line + 1);
  problems_.push_back(line + ": " + std::string(what));
}

error problem_list::as_error() const { return make_error(errc::invalid_input, join(problems_, "\n")); }

namespace {

struct ignored_events : YAML::EventHandler {
  using style = YAML::EmitterStyle::value;
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, style) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, style) override {}
  void OnMapEnd() override {}
};

/// The library's words for a tab do not mention it.
std::string tab_hint(std::string_view text) {
  const auto lines = split(text, '\n');
  const auto is_indented_by_tab = [](std::string_view line) {
    return line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
  };
  const auto found = std::find_if(lines.begin(), lines.end(), is_indented_by_tab);
  if (found == lines.end()) return {};
  return "; line " + std::to_string(found - lines.begin() + 1) + " begins with a tab, which YAML does not take: indent with blanks";
}

/// 0, 1, or 2 for more. Not LoadAll: on a lone "," the library finds documents for ever.
int count_documents(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  ignored_events nothing;
  int count = 0;
  while (count < 2 && parser.HandleNextDocument(nothing)) ++count;
  return count;
}

}  // namespace

std::optional<YAML::Node> parse_yaml(std::string_view text, problem_list& problems) try {
  std::string_view wrong;
  if (!is_valid_utf8(text)) wrong = "is not UTF-8 text";
  if (text.find('\0') != std::string_view::npos) wrong = "holds a NUL byte; it is not a text file";
  if (wrong.empty()) {
    const std::string owned(text);
    const auto documents = count_documents(owned);
    if (documents == 0) return YAML::Node(YAML::NodeType::Map);
    if (documents == 1) return YAML::Load(owned);
    wrong = "holds more than one document (`---`), or a stray `,`; make a file of each";
  }
  problems.add(YAML::Mark::null_mark(), wrong);
  return std::nullopt;
} catch (const YAML::Exception& failure) {
  problems.add(failure.mark, "not valid YAML: " + failure.msg + tab_hint(text));
  return std::nullopt;
}

yaml_map::yaml_map(const YAML::Node& node, std::string path, problem_list& problems)
    : path_(std::move(path)), problems_(&problems), where_(node.Mark()) {
  if (node.IsNull()) return;
  if (!node.IsMap()) {
    problems_->add(where_, (path_.empty() ? "the file" : "`" + path_ + "`") + " must be a mapping of `key: value` lines");
    return;
  }
  for (const auto& pair : node) {
    if (!pair.first.IsScalar()) {
      problems_->add(pair.first.Mark(), "a key must be a word");
      continue;
    }
    const auto& key = pair.first.Scalar();
    if (const auto* earlier = find(key)) {
      problems_->add(pair.first.Mark(), quoted(key) + " is given twice, first in line " + std::to_string(earlier->where.line + 1) + "; remove one");
      continue;
    }
    entries_.push_back({key, pair.second, pair.first.Mark()});
  }
  known_.clear();
}

yaml_map::entry* yaml_map::find(std::string_view key) {
  known_.emplace_back(key);
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const entry& e) { return e.key == key; });
  return found == entries_.end() ? nullptr : &*found;
}

std::string yaml_map::quoted(std::string_view key) const {
  return "`" + (path_.empty() ? "" : path_ + ".") + std::string(key) + "`";
}

void yaml_map::refuse(std::string_view key, std::string_view what) {
  const auto* found = find(key);
  problems_->add(found ? found->where : where_, quoted(key) + " " + std::string(what));
}

std::optional<YAML::Node> yaml_map::node(std::string_view key) {
  auto* found = find(key);
  if (!found) return std::nullopt;
  found->taken = true;
  if (found->value.IsNull()) {
    refuse(key, "has no value; give one, or remove the line");
    return std::nullopt;
  }
  return found->value;
}

std::optional<std::string> yaml_map::text(std::string_view key) {
  const auto value = node(key);
  if (!value) return std::nullopt;
  if (value->IsScalar()) return value->Scalar();
  refuse(key, "must be one value, not a list or mapping");
  return std::nullopt;
}

std::optional<bool> yaml_map::boolean(std::string_view key) {
  const auto given = text(key);
  if (!given) return std::nullopt;
  if (*given == "true" || *given == "yes" || *given == "on") return true;
  if (*given == "false" || *given == "no" || *given == "off") return false;
  refuse(key, "must be true or false, not " + shown(*given));
  return std::nullopt;
}

std::optional<std::int64_t> yaml_map::integer(std::string_view key, std::int64_t lowest, std::int64_t highest) {
  const auto given = text(key);
  if (!given) return std::nullopt;
  const auto value = whole_number(*given);
  if (value && *value >= lowest && *value <= highest) return value;
  refuse(key, "must be a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest) + ", not " + shown(*given));
  return std::nullopt;
}

std::optional<std::chrono::seconds> yaml_map::duration(std::string_view key, std::chrono::seconds lowest, std::chrono::seconds highest) {
  const auto given = text(key);
  if (!given) return std::nullopt;
  const auto value = read_duration(*given);
  if (value && *value >= lowest && *value <= highest) return value;
  refuse(key, "must be a length of time from " + duration_text(lowest) + " to " + duration_text(highest) +
                  ", such as 90s, 15m, 2h or 30d, not " + shown(*given));
  return std::nullopt;
}

std::optional<std::vector<std::string>> yaml_map::texts(std::string_view key) {
  const auto value = node(key);
  if (!value) return std::nullopt;
  if (value->IsScalar()) return std::vector<std::string>{value->Scalar()};
  std::vector<std::string> all;
  bool good = value->IsSequence();
  if (good)
    for (const auto& item : *value) {
      good = good && item.IsScalar();
      if (good) all.push_back(item.Scalar());
    }
  if (good) return all;
  refuse(key, "must be a value or a list of values");
  return std::nullopt;
}

std::optional<yaml_map> yaml_map::map(std::string_view key) {
  const auto value = node(key);
  if (!value) return std::nullopt;
  if (value->IsMap()) return yaml_map(*value, path_.empty() ? std::string(key) : path_ + "." + std::string(key), *problems_);
  refuse(key, "must be a mapping of `key: value` lines");
  return std::nullopt;
}

std::vector<std::string> yaml_map::rest() const {
  std::vector<std::string> keys;
  for (const auto& entry : entries_)
    if (!entry.taken) keys.push_back(entry.key);
  return keys;
}

void yaml_map::finish() {
  auto known = known_;
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  for (const auto& entry : entries_) {
    if (entry.taken) continue;
    const auto meant = nearest(entry.key, known);
    problems_->add(entry.where, "unknown key " + quoted(entry.key) + "; " +
                                    (meant.empty() ? "it takes " + join(known, ", ") : "did you mean `" + meant + "`?"));
  }
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  std::string best;
  auto best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& candidate : known) {
    const auto distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < candidate.size()) best_distance = distance, best = candidate;
  }
  return best;
}

}  // namespace leadsync

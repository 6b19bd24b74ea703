#pragma once

#include "base/error.h"

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// What is wrong with a file, each with its line: "integrations.d/acme.yaml:7: unknown key `crendential`; did you mean `credential`?"
class problem_list {
 public:
  explicit problem_list(std::filesystem::path file) : file_(std::move(file)) {}

  void add(const YAML::Mark& where, std::string_view what);
  [[nodiscard]] bool empty() const { return problems_.empty(); }
  /// One line per problem.
  [[nodiscard]] error as_error() const;
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
  std::vector<std::string> problems_;
};

/// The text as one document; refuses what is no YAML, and more than one document.
[[nodiscard]] std::optional<YAML::Node> parse_yaml(std::string_view text, problem_list& problems);

/// One mapping of a file. Each reader takes its key, so that `finish` can name the keys that nothing reads. A reader that finds a value it
/// cannot take notes the problem and returns nothing.
class yaml_map {
 public:
  /// `path` names the mapping in messages: "limits", or empty for the file's own.
  yaml_map(const YAML::Node& node, std::string path, problem_list& problems);

  [[nodiscard]] std::optional<std::string> text(std::string_view key);
  [[nodiscard]] std::optional<bool> boolean(std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, std::int64_t lowest, std::int64_t highest);
  /// "90s", "15m", "2h", "30d"
  [[nodiscard]] std::optional<std::chrono::seconds> duration(std::string_view key, std::chrono::seconds lowest, std::chrono::seconds highest);
  /// One text, or a list of texts.
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key);
  [[nodiscard]] std::optional<yaml_map> map(std::string_view key);
  [[nodiscard]] std::optional<YAML::Node> node(std::string_view key);

  /// Keys that nothing has read yet.
  [[nodiscard]] std::vector<std::string> rest() const;
  void refuse(std::string_view key, std::string_view what);  ///< at the key's line; `what` follows the quoted key
  void finish();

 private:
  struct entry {
    std::string key;
    YAML::Node value;
    YAML::Mark where;
    bool taken = false;
  };

  entry* find(std::string_view key);
  [[nodiscard]] std::string quoted(std::string_view key) const;

  std::string path_;
  problem_list* problems_;
  YAML::Mark where_;
  std::vector<entry> entries_;
  std::vector<std::string> known_;
};

/// The most similar of `known`; empty where none is near enough to be meant.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace leadsync

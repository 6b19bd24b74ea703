#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// One JSON object with the path that leads to it. Throws `manifest_reader::bad`, whose text begins with the member's path.
class manifest_reader {
 public:
  struct bad : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

  manifest_reader(const boost::json::object& object, std::string path) : object_(object), path_(std::move(path)) {}

  [[noreturn]] void fail(std::string_view name, const std::string& what) const { throw bad(path_ + std::string(name) + ": " + what); }

  [[nodiscard]] std::string text(std::string_view name) const {
    if (auto value = optional_text(name); !value.empty()) return value;
    fail(name, "a text is needed");
  }
  [[nodiscard]] std::string optional_text(std::string_view name) const {
    const auto* value = find(name);
    if (!value) return {};
    if (!value->is_string()) fail(name, "must be a text");
    return std::string(value->get_string());
  }
  [[nodiscard]] bool flag(std::string_view name) const {
    const auto* value = find(name);
    if (!value) return false;
    if (!value->is_bool()) fail(name, "must be true or false");
    return value->get_bool();
  }
  [[nodiscard]] std::uint64_t number(std::string_view name, std::optional<std::uint64_t> otherwise, std::uint64_t least,
                                     std::uint64_t most) const {
    const auto* value = find(name);
    if (!value && otherwise) return *otherwise;
    boost::json::error_code failure;
    const auto number = value && value->is_number() ? value->to_number<std::uint64_t>(failure) : 0;
    if (!value || !value->is_number() || failure) fail(name, "a whole number is needed");
    if (number < least) fail(name, "must be at least " + std::to_string(least));
    if (number > most) fail(name, "must be at most " + std::to_string(most));
    return number;
  }
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const {
    std::vector<std::string> list;
    for (const auto& value : array(name)) {
      if (!value.is_string() || value.get_string().empty()) fail(name, "must be an array of texts");
      list.emplace_back(value.get_string());
    }
    return list;
  }
  /// Empty where the member is absent.
  [[nodiscard]] std::vector<manifest_reader> objects(std::string_view name) const {
    std::vector<manifest_reader> list;
    for (const auto& value : array(name)) {
      if (!value.is_object()) fail(name, "must be an array of objects");
      list.emplace_back(value.get_object(), path_ + std::string(name) + "[" + std::to_string(list.size()) + "].");
    }
    return list;
  }
  [[nodiscard]] manifest_reader object(std::string_view name) const {
    static const boost::json::object none;
    const auto* value = find(name);
    if (value && !value->is_object()) fail(name, "must be an object");
    return {value ? value->get_object() : none, path_ + std::string(name) + "."};
  }
  [[nodiscard]] const boost::json::object& members() const { return object_; }

 private:
  [[nodiscard]] const boost::json::value* find(std::string_view name) const {
    const auto* value = object_.if_contains(name);
    return value && !value->is_null() ? value : nullptr;
  }
  [[nodiscard]] const boost::json::array& array(std::string_view name) const {
    static const boost::json::array none;
    const auto* value = find(name);
    if (!value) return none;
    if (!value->is_array()) fail(name, "must be an array");
    return value->get_array();
  }

  const boost::json::object& object_;
  std::string path_;
};

}  // namespace leadsync

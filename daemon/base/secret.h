#pragma once

#include <ostream>
#include <string>

namespace leadsync {

/// A token, password or key. Prints as dots; `reveal()` marks each place where the text leaves.
class secret {
 public:
  secret() = default;
  explicit secret(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  friend bool operator==(const secret&, const secret&) = default;
  friend std::ostream& operator<<(std::ostream& out, const secret&) { return out << "•••"; }

 private:
  std::string text_;
};

}  // namespace leadsync

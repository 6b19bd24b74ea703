#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leadsync::simulator {

using header_list = std::vector<std::pair<std::string, std::string>>;

struct request {
  std::string method;
  std::string path;  ///< as sent, without the query
  std::string query;
  header_list headers;  ///< names in lower case
  std::string body;

  /// Empty where the header is absent.
  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;
  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
};

struct response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json;charset=utf-8";
  header_list headers;
};

enum class delivery {
  whole,
  cut,        ///< the connection closes without one byte of an answer
  truncated,  ///< the length is announced, half of the body comes
  slow,       ///< the body comes in small pieces over some seconds
};

/// What the server does with one request after the state has (or has not) changed.
struct plan {
  response answer;
  std::chrono::milliseconds delay{0};
  delivery how = delivery::whole;
};

/// `%41` and, in forms and queries, `+`.
[[nodiscard]] std::string url_decode(std::string_view text, bool plus_is_space = true);
/// One member of `a=1&b=2`, decoded.
[[nodiscard]] std::optional<std::string> form_value(std::string_view form, std::string_view name);
/// "/a//b/c/" is a, b, c; decoded.
[[nodiscard]] std::vector<std::string> path_segments(std::string_view path);

}  // namespace leadsync::simulator

#pragma once

#include "base/error.h"
#include "store/records.h"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leadsync::api {

template <class T>
using awaitable = boost::asio::awaitable<T>;

enum class http_method { get, post, put, patch, delete_, other };  ///< HEAD is `get`: the connection leaves the body out

[[nodiscard]] std::string_view to_text(http_method method);

enum class body_mode { buffered, streamed };

/// A body that is not held as a whole.
class byte_stream {
 public:
  virtual ~byte_stream() = default;
  /// The next bytes; empty at the end. Taking them is what lets the other side go on.
  virtual awaitable<result<std::string>> next() = 0;
};

/// Owned by the connection until the handler has answered.
struct http_request {
  http_method method = http_method::get;
  std::string method_text;
  std::string target;  ///< as sent
  std::string path;    ///< of the target, still percent-encoded
  std::vector<std::pair<std::string, std::string>> query;
  std::string content_type;  ///< lower case, without parameters
  std::string accept;
  std::string if_match;
  std::string if_none_match;
  std::string idempotency_key;
  std::string id;  ///< X-Request-Id, the caller's or ours
  std::optional<std::uint64_t> content_length;
  std::string body;
  byte_stream* stream = nullptr;  ///< set for large bodies of routes that stream; `body` is empty then
  principal by;
  std::vector<std::pair<std::string_view, std::string>> arguments;  ///< of the route's pattern
};

/// What a handler gets: cheap to copy, valid until it has answered.
class request_view {
 public:
  explicit request_view(const http_request& request) : request_(&request) {}

  const http_request* operator->() const { return request_; }
  [[nodiscard]] std::string argument(std::string_view name) const;
  /// The first parameter of that name; empty where absent.
  [[nodiscard]] std::string query(std::string_view name) const;
  [[nodiscard]] bool has_query(std::string_view name) const;
  /// Whether the Accept header prefers this type to JSON.
  [[nodiscard]] bool accepts(std::string_view media_type) const;
  /// The argument as an id; errc::not_found where it is none.
  [[nodiscard]] result<std::int64_t> id_argument(std::string_view name) const;

 private:
  const http_request* request_;
};

[[nodiscard]] std::string percent_decoded(std::string_view text, bool plus_is_blank);
/// Splits a target into path and query.
void parse_target(std::string_view target, http_request& request);
/// A whole number from 1 on that is an id; nothing for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_id(std::string_view text);

}  // namespace leadsync::api

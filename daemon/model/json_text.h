#pragma once

#include "base/error.h"

#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace leadsync {

/// Appends a JSON string with its quotes. Malformed UTF-8 is replaced, so that what was written can be read.
void append_json_string(std::string& out, std::string_view text);

/// One more level of a JSON pointer, escaped.
[[nodiscard]] std::string pointer_to(std::string_view parent, std::string_view member);
[[nodiscard]] std::string pointer_to(std::string_view parent, std::size_t index);

/// A value parsed within our limits of depth; the error is one line and says where.
[[nodiscard]] result<boost::json::value> parse_json(std::string_view text, boost::json::storage_ptr storage = {});

/// Reads members of one object; the first member of a wrong type is kept as the error, under its JSON pointer.
class member_reader {
 public:
  member_reader(const boost::json::value& value, std::string pointer);

  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::string text(std::string_view name);               ///< empty where absent or null
  [[nodiscard]] std::string required_text(std::string_view name);      ///< must be there, and not be empty
  [[nodiscard]] bool boolean(std::string_view name, bool otherwise);
  [[nodiscard]] std::int64_t count(std::string_view name, std::int64_t at_most);  ///< 0 where absent or null
  [[nodiscard]] const boost::json::array* array(std::string_view name);     ///< null where absent
  [[nodiscard]] const boost::json::object* object(std::string_view name);   ///< null where absent
  void refuse(std::string_view name, std::string_view why);                 ///< the first refusal is the error
  /// Refuses members that are not in `names`.
  void only(std::initializer_list<std::string_view> names);

  [[nodiscard]] bool ok() const { return failure_.empty(); }
  [[nodiscard]] error failure() const { return make_error(errc::invalid_input, failure_); }
  [[nodiscard]] const std::string& pointer() const { return pointer_; }

 private:
  [[nodiscard]] const boost::json::value* find(std::string_view name) const;

  const boost::json::object* object_ = nullptr;
  std::string pointer_;
  std::string failure_;
};

}  // namespace leadsync

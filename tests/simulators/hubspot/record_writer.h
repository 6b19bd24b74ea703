#pragma once

#include "hubspot/answers.h"

namespace leadsync::simulator::hubspot {

/// Which properties of a record an answer shows.
struct selection {
  std::vector<std::uint16_t> asked;  ///< shown even where empty, as null
  bool everything = false;           ///< what has a value, computed ones too: the answer to a create
};

/// Serialises records of one answer.
class record_writer {
 public:
  record_writer(const portal& account, const object_type& type) : account_(account), type_(type) {}

  /// `extra` goes before the closing brace: `,"new":true`.
  void append(std::string& out, const record& shown, const selection& which, std::string_view extra = {});
  /// The value that the API reports, stored or computed; none where empty.
  [[nodiscard]] static std::optional<std::string> value_of(const object_type& type, const record& from, const field_list& values, std::uint16_t property);

 private:
  void append_property(std::string& out, const record& shown, std::uint16_t index, bool null_if_empty);
  struct cached_time {
    instant at{};
    std::string text;
  };
  static const std::string& text(cached_time& cache, instant at);

  const portal& account_;
  const object_type& type_;
  cached_time created_, updated_;  ///< the records of one answer share their times
};

/// `?properties=a,b` or the body's `properties`; the type's default ones where none are asked for. Unknown names are ignored.
[[nodiscard]] selection select_properties(const object_type& type, const std::vector<std::string>& names);
/// What an update shows: what was written, and the system's own.
[[nodiscard]] selection select_written(const object_type& type, const field_list& written);

}  // namespace leadsync::simulator::hubspot

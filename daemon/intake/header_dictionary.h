#pragma once

#include <string>
#include <string_view>

namespace leadsync {

/// What a column, or a member of a vendor's JSON, is for.
struct header_target {
  enum class kind {
    field,      ///< `name` is a canonical lead field
    qualifier,  ///< `name` is the question
    custom,     ///< `name` as it was written
    id,
    event,
    scan_time,      ///< joins a date of its own column
    title,          ///< "Title": a form of address or a job; the values decide
    name,           ///< "Name": the last name beside a first name, else the whole
  };
  kind what = kind::custom;
  std::string name;

  /// Whether the dictionary knows it, or it is a question: what makes a row a header.
  [[nodiscard]] bool recognised() const { return what != kind::custom; }
};

/// English, German and French names as vendors use them, however they are cased, spaced or punctuated: "E-Mail", "firstName", "Prénom".
[[nodiscard]] header_target target_of(std::string_view header);

/// "Mr", "Dr.", "Frau"
[[nodiscard]] bool is_form_of_address(std::string_view value);

}  // namespace leadsync

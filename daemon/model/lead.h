#pragma once

#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leadsync {

/// A lead as it was captured, in canonical names; mapping never rewrites it.
///
/// Fields are text: email, first_name, last_name, full_name, honorific, job_title, company, phone, mobile_phone, website, street, city,
/// region, postal_code, country, rating, notes, tags, captured_at, captured_by, badge, consent, linkedin, and "custom:NAME" for the rest.
/// A qualifier is a question with one or several chosen values. An empty value is the same as none.
class lead_document {
 public:
  using field = std::pair<std::string, std::string>;
  using qualifier = std::pair<std::string, std::vector<std::string>>;

  /// Empty where the lead has none. Derived sources: "full_name" from first and last, and back; "company_domain" from website or e-mail.
  [[nodiscard]] std::string_view field_value(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>* qualifier_values(std::string_view question) const;

  void set_field(std::string_view name, std::string_view value);  ///< trimmed; empty removes
  void set_qualifier(std::string_view question, std::vector<std::string> values);

  [[nodiscard]] const std::vector<field>& fields() const { return fields_; }              ///< by name
  [[nodiscard]] const std::vector<qualifier>& qualifiers() const { return qualifiers_; }  ///< by question
  [[nodiscard]] bool empty() const { return fields_.empty() && qualifiers_.empty(); }

  friend bool operator==(const lead_document&, const lead_document&) = default;

 private:
  [[nodiscard]] std::string_view stored(std::string_view name) const;
  void derive(std::string_view changed);

  std::vector<field> fields_;
  std::vector<qualifier> qualifiers_;
  std::string full_name_;       ///< derived: functions of fields_, kept so that field_value can give views
  std::string company_domain_;
};

/// {"fields": {...}, "qualifiers": {"Timeline": ["This quarter"]}}, members in order, so that equal leads have equal text.
[[nodiscard]] std::string to_json(const lead_document& lead);
[[nodiscard]] result<lead_document> parse_lead_document(std::string_view json);

/// `incoming` over `stored`: an empty or absent cell never erases.
[[nodiscard]] lead_document merged(lead_document stored, const lead_document& incoming);

/// A lead as it arrives, before the store has given it an id.
struct captured_lead {
  std::string external_id;  ///< the caller's id; may be empty
  std::string event;        ///< name; never empty once accepted
  lead_document document;
};

/// "id:…", else "badge:…|event:…", else "email:…|event:…", else "row:HASH". Folded, so that the same person is one lead; but not the
/// caller's id: some systems' ids differ by case alone.
[[nodiscard]] std::string identity_of(const captured_lead& lead);

/// What must not be in flight twice: the folded e-mail, else a hash of the names and company.
[[nodiscard]] std::int64_t person_key_of(const lead_document& lead);
/// The domain ("acme.com"), else "name:acme inc" folded, else empty. Never a free-mail domain.
[[nodiscard]] std::string company_key_of(const lead_document& lead);
/// Host of the website, else domain of the e-mail unless it is a free-mail provider's; lower case, without "www.".
[[nodiscard]] std::string company_domain_of(const lead_document& lead);

}  // namespace leadsync

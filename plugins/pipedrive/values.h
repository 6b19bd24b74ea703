#pragma once
#include "json.h"

namespace leadsync::pipedrive {

/// v2 is strict and wants custom fields in `custom_fields`; v1 (leads, notes) wants them flat and drops in silence what it does not like.
enum class api { v1, v2 };

/// Without surrounding blanks and case: how addresses and names are compared.
std::string folded(std::string_view text);

/// The part of a remote field's name that Pipedrive knows: of "9dc8…:money" the hash.
inline std::string_view code_of(std::string_view remote_field) { return remote_field.substr(0, remote_field.find(':')); }
bool is_custom(std::string_view remote_field);

/// Canonical values by remote field, as Pipedrive wants them. Null clears.
json::object wire_values(api version, const json::object& fields, std::string_view currency);

/// The same, but only what `current` (a record of Pipedrive) does not have yet; `if_empty` yields to any value. Addresses and numbers are
/// added to those that the record has.
json::object changes(api version, const json::object& fields, const json::object& current, std::string_view currency);

/// What a new record need not be told: nulls, and lists and objects without members.
void drop_empty(json::object& body);

/// Whether the record kept a value; numbers and their texts are equal, lists without their order.
bool same_value(const json::value& sent, const json::value& kept);

/// The text of a canonical value; empty where it is absent.
std::string_view text_value(const json::object& fields, std::string_view name);

/// Whether a record's `emails` has this address (folded).
bool has_email(const json::object& record, std::string_view email);

/// A note's words without tags, entities and blanks: the CRM sanitizes what it stores.
std::string plain_words(std::string_view html);
}  // namespace leadsync::pipedrive

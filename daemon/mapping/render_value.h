#pragma once

#include "model/mapping.h"
#include "model/remote_schema.h"
#include "model/rendered.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace leadsync {

/// One mapped field, prepared: where its value comes from, its value map and its options by what they may be called.
struct field_plan {
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  template <class Value>
  using text_map = std::unordered_map<std::string, Value, text_hash, std::equal_to<>>;

  enum class source_kind { none, field, qualifier, event_name, lead_id };

  field_plan(const field_mapping& mapped, const remote_field* remote);

  const field_mapping* from;
  const remote_field* to;  ///< null: the CRM does not have it
  source_kind kind = source_kind::none;
  std::string_view source_name;                  ///< within its kind
  text_map<std::string_view> mapped_values;      ///< as written and folded
  text_map<const remote_option*> option_values;  ///< as written
  text_map<const remote_option*> option_names;   ///< active ones, by folded value, label or country

  /// Fields of a person, and not what every scan has: a note that holds a time alone is no note.
  [[nodiscard]] bool tells_of_the_lead() const {
    if (kind == source_kind::field) return source_name != "captured_at" && source_name != "captured_by";
    return kind == source_kind::qualifier;
  }
  [[nodiscard]] locus where(std::string_view value = {}) const;
};

/// What the lead holds for one field.
struct raw_value {
  std::string_view text;                           ///< of a field
  const std::vector<std::string>* many = nullptr;  ///< of a qualifier

  [[nodiscard]] bool empty() const { return text.empty() && (!many || many->empty()); }
};

/// Turns the value into the field's canonical type. Nothing where it has a problem (then one at least was added), or where the value
/// map says to leave it out (then a warning was).
[[nodiscard]] std::optional<rendered_value> render_value(const field_plan& plan, const raw_value& raw, std::string_view country,
                                                         std::vector<problem>& problems, std::vector<warning>& warnings);

}  // namespace leadsync

#pragma once

#include "model/lead.h"
#include "model/mapping.h"
#include "model/remote_schema.h"
#include "model/rendered.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// What one rendering reads. Nothing is kept.
struct lead_view {
  const lead_document& document;
  std::string_view event_name;
  std::string_view lead_id;
};

struct render_options {
  /// The person. Without any value of it, or any of its match keys, the lead is NOT_ENOUGH_DATA; another object is left out.
  std::string main_object;
  /// By object: the remote fields of which one at least must have a value.
  std::map<std::string, std::vector<std::string>, std::less<>> match_keys;
};

/// A mapping against a schema, prepared once for thousands of leads. Copies are cheap; rendering is const and may go on in several threads.
///
/// What would fail at the CRM fails here: a mapped field that is missing or read-only (only for leads with a value for it), a required
/// field, an unknown option, a format, a length. All problems of a lead are found, the worst first.
class compiled_mapping {
 public:
  compiled_mapping(std::shared_ptr<const mapping> fields, std::shared_ptr<const remote_schema> schema, render_options options);

  [[nodiscard]] rendered_lead render(const lead_view& lead) const;

 private:
  struct plan;
  std::shared_ptr<const plan> plan_;
};

/// One lead; for more than a few use `compiled_mapping`.
[[nodiscard]] rendered_lead render(const lead_view& lead, const mapping& fields, const remote_schema& schema,
                                   const render_options& options = {});

}  // namespace leadsync

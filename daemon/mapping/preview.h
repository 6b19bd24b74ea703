#pragma once

#include "model/category.h"
#include "model/rendered.h"

#include <cstdint>
#include <map>

namespace leadsync {

/// What a mapping change would do, counted before it is saved. A CRM's own rules can still refuse what passes here.
class mapping_preview {
 public:
  /// A failed delivery. `before` is its rendering under the saved mapping.
  void add_failed(category old_category, const rendered_lead& before, const rendered_lead& after);
  /// A cleared one, which is not sent again.
  void add_cleared(const rendered_lead& before, const rendered_lead& after);

  [[nodiscard]] std::int64_t would_pass() const { return would_pass_; }
  [[nodiscard]] const std::map<category, std::int64_t>& moves() const { return moves_; }  ///< by the category they move to
  [[nodiscard]] std::int64_t stays() const { return stays_; }
  [[nodiscard]] std::int64_t cleared() const { return cleared_; }
  [[nodiscard]] std::int64_t cleared_would_differ() const { return cleared_would_differ_; }

 private:
  std::int64_t would_pass_ = 0;
  std::map<category, std::int64_t> moves_;
  std::int64_t stays_ = 0;
  std::int64_t cleared_ = 0;
  std::int64_t cleared_would_differ_ = 0;
};

/// Whether the CRM would be given the same.
[[nodiscard]] bool same_values(const rendered_lead& left, const rendered_lead& right);

}  // namespace leadsync

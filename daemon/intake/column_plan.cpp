#include "intake/column_plan.h"

#include "base/text.h"
#include "intake/lead_builder.h"

#include <algorithm>

namespace leadsync {
namespace {

using kind = header_target::kind;
constexpr auto none = std::size_t(-1);

bool all_digits(std::string_view text) { return text.find_first_not_of("0123456789") == text.npos; }

/// More than half of the filled cells.
bool mostly_forms_of_address(std::span<const std::vector<std::string>> sample, std::size_t column) {
  std::size_t filled = 0;
  std::size_t forms = 0;
  for (const auto& row : sample) {
    if (column >= row.size() || trim(row[column]).empty()) continue;
    ++filled;
    forms += is_form_of_address(row[column]);
  }
  return forms * 2 > filled;
}

}  // namespace

column_plan::column_plan(const std::vector<std::string>& headers, std::span<const std::vector<std::string>> sample,
                         const intake_options& options, capture_clock clock)
    : options_(options), clock_(std::move(clock)), width_(headers.size()), date_column_(none), time_column_(none), email_column_(none) {
  std::vector<step> steps;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    auto header = scrub_utf8(trim(headers[i]));
    auto target = target_of(header);
    if (header.empty()) target.name = header = "column " + std::to_string(i + 1);
    steps.push_back({std::move(target), std::move(header), i});
  }
  resolve(steps, sample);
  steps_ = std::move(steps);
}

void column_plan::resolve(std::vector<step>& steps, std::span<const std::vector<std::string>> sample) {
  const auto has = [&](std::string_view field) {
    return std::any_of(steps.begin(), steps.end(),
                       [&](const step& one) { return one.target.what == kind::field && one.target.name == field; });
  };
  // "Scanned" is the time of the capture, also where "Created", which may be the registration, stands before it.
  for (const bool surely : {true, false})
    for (const auto& one : steps) {
      const auto header = ascii_lower(one.header);
      const bool named = header.find("scan") != header.npos || header.find("capt") != header.npos || header.find("erfass") != header.npos;
      const bool dates = one.target.what == kind::field && one.target.name == "captured_at";
      if (dates && date_column_ == none && named == surely) date_column_ = one.column;
    }
  const bool first_name_alone = has("first_name") && !has("last_name");
  std::erase_if(steps, [&](step& one) {
    auto& target = one.target;
    if (target.what == kind::name) target = {kind::field, first_name_alone ? "last_name" : "full_name"};
    if (target.what == kind::title) target = {kind::field, mostly_forms_of_address(sample, one.column) ? "honorific" : "job_title"};
    if (one.column == date_column_) return true;
    if (target.what == kind::scan_time && time_column_ == none) {
      time_column_ = one.column;
      return true;
    }
    if (target.what == kind::scan_time || (target.what == kind::field && target.name == "captured_at")) target = {kind::custom, one.header};
    if (target.what == kind::field && target.name == "email" && email_column_ == none) email_column_ = one.column;
    return false;
  });
  if (date_column_ != none || time_column_ != none) {
    steps.push_back({{kind::field, "captured_at"}, "captured_at", none});
    for (const auto& row : sample)
      if (date_column_ < row.size()) clock_.learn(row[date_column_]);
  }
  std::stable_sort(steps.begin(), steps.end(), [](const step& left, const step& right) {
    const auto key = [](const step& one) { return (one.target.what == kind::custom ? "custom:" : "") + one.target.name; };
    return key(left) < key(right);
  });
}

bool column_plan::is_free_text(std::size_t column) const {
  return std::any_of(steps_.begin(), steps_.end(), [column](const step& one) {
    return one.column == column && (one.target.name == "notes" || one.target.what == kind::qualifier);
  });
}

bool column_plan::starts_a_row(const row& cells) const {
  return email_column_ < cells.size() && cells[email_column_].find('@') != std::string_view::npos;
}

result<captured_lead> column_plan::read(const row& cells) {
  lead_builder builder(options_, clock_);
  for (const auto& one : steps_) {
    if (one.column == none) {
      const auto date = date_column_ == none ? std::string_view() : cells[date_column_];
      clock_.learn(date);
      builder.captured(date, time_column_ == none ? std::string_view() : cells[time_column_]);
      continue;
    }
    const auto cell = trim(cells[one.column]);
    if (cell.empty()) continue;
    switch (one.target.what) {
      case kind::field: builder.field(one.target.name, one.header, cell); break;
      case kind::qualifier: builder.qualifier(one.target.name, split_values(cell)); break;
      case kind::event: builder.event(cell); break;
      case kind::id:
        if (cell.size() < 10 && all_digits(cell)) builder.row_number(cell);
        else builder.id(cell);
        break;
      default: builder.custom(one.target.name, cell); break;
    }
  }
  return builder.finish();
}

}  // namespace leadsync

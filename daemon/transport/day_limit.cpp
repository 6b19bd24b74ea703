#include "transport/day_limit.h"

#include <date/tz.h>

#include <utility>

namespace leadsync {

using namespace std::chrono;

day_limit::day_limit(const limit_definition& definition)
    : zone_(definition.zone.empty() ? "UTC" : definition.zone),
      reports_(!definition.remaining_header.empty()),
      ceiling_(definition.amount),
      amount_(definition.amount) {}

instant day_limit::end_of_day(instant now) const {
  try {
    const auto* zone = date::locate_zone(zone_);
    const auto next_day = date::floor<date::days>(zone->to_local(now)) + date::days(1);
    return floor<milliseconds>(zone->to_sys(next_day, date::choose::latest));
  } catch (const std::exception&) {  // a zone that this machine does not know
    return ceil<days>(now + milliseconds(1));
  }
}

void day_limit::turn(instant now) {
  if (now < day_end_) return;
  // Until an answer says so, the CRM's day may not have ended with ours.
  probing_ = day_end_ != instant{} && used_ > 0;
  day_end_ = end_of_day(now);
  used_ = 0;
  held_until_.reset();
}

std::optional<instant> day_limit::refuses_until(instant now, std::uint32_t cost) const {
  if (held_until_ && now < *held_until_) return held_until_;
  const bool new_day = now >= day_end_;
  const bool careful = new_day ? day_end_ != instant{} && used_ > 0 : probing_;
  if (careful && !under_way_.empty()) return instant{};
  if (new_day || used_ + cost <= std::min(ceiling_, amount_)) return {};
  return day_end_;
}

void day_limit::leave(std::uint64_t request, std::uint32_t cost, instant now) {
  turn(now);
  under_way_.emplace(request, departure{cost, answered_, day_end_});
  left_ += cost;
  used_ += cost;
}

void day_limit::answered(std::uint64_t request, instant now, const limit_report& report) {
  turn(now);
  const auto found = under_way_.find(request);
  if (found == under_way_.end()) return;
  const auto mine = found->second;
  under_way_.erase(found);
  answered_ += mine.cost;
  probing_ = false;
  if (report.amount > 0) amount_ = report.amount;
  // Answers come out of order: an older request's report is older news.
  if (!report.has_remaining || mine.day_end != day_end_ || request < newest_reporter_) return;
  newest_reporter_ = request;
  const auto counted = amount_ - std::min(report.remaining, amount_);
  const auto possibly_later = left_ - mine.answered_before - mine.cost;
  used_ = counted + static_cast<std::uint32_t>(std::min<std::uint64_t>(possibly_later, amount_));
}

void day_limit::refused(std::uint64_t request, instant now, std::optional<milliseconds> pause) {
  turn(now);
  not_sent(request);
  held_until_ = pause ? now + *pause : day_end_;
  probing_ = true;
}

void day_limit::not_sent(std::uint64_t request) {
  const auto found = under_way_.find(request);
  if (found == under_way_.end()) return;
  if (found->second.day_end == day_end_) used_ -= std::min(used_, found->second.cost);
  left_ -= found->second.cost;
  under_way_.erase(found);
}

void day_limit::set_zone(const std::string& zone, instant now) {
  if (zone == zone_) return;
  try {
    static_cast<void>(date::locate_zone(zone));
  } catch (const std::exception&) {
    return;
  }
  zone_ = zone;
  if (now >= day_end_) return;
  const auto before = std::exchange(day_end_, end_of_day(now));
  if (held_until_ == before) held_until_ = day_end_;
  for (auto& [request, each] : under_way_)
    if (each.day_end == before) each.day_end = day_end_;
}

void day_limit::restore(instant day_end, std::uint32_t used, instant now) {
  // Stored by another zone, it is the same day all the same.
  if (day_end > now) day_end = end_of_day(now);
  if (day_end < day_end_) return;
  used_ = day_end == day_end_ ? std::max(used_, used) : used;
  day_end_ = day_end;
}

void day_limit::absorb(const day_limit& other, instant now) {
  if (now >= other.day_end_) return;
  turn(now);
  // Where answers report, both have the sum already.
  used_ = reports_ ? std::max(used_, other.used_) : used_ + other.used_;
  if (other.held_until_) held_until_ = std::max(held_until_.value_or(*other.held_until_), *other.held_until_);
  probing_ = probing_ || other.probing_;
}

}  // namespace leadsync

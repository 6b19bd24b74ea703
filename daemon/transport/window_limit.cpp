#include "transport/window_limit.h"

#include <algorithm>
#include <numeric>

namespace leadsync {

using namespace std::chrono;

namespace {

constexpr double pace_begin = 0.2, pace_slope = 0.9;

}  // namespace

window_limit::window_limit(const limit_definition& definition)
    : kind_(definition.kind),
      ceiling_(definition.amount),
      amount_(definition.amount),
      window_(std::max<nanoseconds>(definition.window, milliseconds(1))),
      reports_(!definition.remaining_header.empty()),
      slides_(definition.kind != limit_kind::fixed) {
  forget_turns();
}

void window_limit::forget_turns() {
  turns_.resize(turn_count);
  std::iota(turns_.begin(), turns_.end(), 0);
  contradictions_ = 0;
}

// ---- what is spent

/// Begin of hypothesis `turn`'s newest occurrence that lies wholly before `now`.
steady_instant window_limit::last_turn(int turn, steady_instant now) const {
  const auto width = window_ / turn_count;
  const auto since = now - (origin_ + width * (turn + 1));
  auto whole = since / window_;
  if (since < nanoseconds(0) && since % window_ != nanoseconds(0)) --whole;
  return origin_ + width * turn + window_ * whole;
}

/// Requests answered at or before this moment no longer count.
steady_instant window_limit::spent_since(steady_instant now) const {
  // A starved machine measures a long way: no more than a little is believed.
  if (slides_) return now - window_ + std::min(path_delay_, window_ / 20);
  auto earliest = steady_instant::max();
  for (const int turn : turns_) earliest = std::min(earliest, last_turn(turn, now));
  return earliest;
}

std::uint32_t window_limit::used(steady_instant now) const {
  const auto since = spent_since(now);
  auto sum = in_flight_cost_;
  for (auto it = answered_.rbegin(); it != answered_.rend() && it->received > since; ++it) sum += it->cost;
  return sum;
}

/// What is proven to be another client's, or the mean of what is likely so where anything is proven.
std::int64_t window_limit::foreign(steady_instant now) const {
  // `learn` drops what is old; where nothing was learnt for so long, nothing is known.
  if (foreign_.empty() || foreign_.front().proven <= 0 || foreign_.back().at <= now - 3 * window_) return 0;
  const auto mean = (likely_sum_ + static_cast<std::int64_t>(likely_.size()) - 1) / static_cast<std::int64_t>(likely_.size());
  return std::clamp<std::int64_t>(mean, foreign_.front().proven, amount_);
}

std::uint32_t window_limit::share(steady_instant now) const {
  const auto ours = static_cast<std::int64_t>(amount_) - foreign(now) - reserve_;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(ours, 0, ceiling_));
}

/// Beside another client in a fixed window our share leaves paced: taken at once it would leave the other none, and no answer later in
/// the window would tell how much it wants.
std::uint32_t window_limit::capacity(steady_instant now) const {
  const auto ours = share(now);
  if (slides_ || foreign(now) == 0) return ours;
  const double passed = duration<double>(now - spent_since(now)) / duration<double>(window_);
  return static_cast<std::uint32_t>(ours * std::clamp(pace_begin + pace_slope * passed, 0.0, 1.0));
}

bool window_limit::is_informed(steady_instant now) const {
  if (!reports_ || silent_answers_ >= 3) return true;
  return informed_at_ && now - *informed_at_ < window_;
}

std::uint32_t window_limit::probe_allowance(steady_instant now) const {
  if (spent_until_ && now < *spent_until_) return 1;
  return std::max<std::uint32_t>(1, std::min(amount_, ceiling_) / 50);
}

window_limit::admission window_limit::check(steady_instant now, std::uint32_t cost) const {
  if (held_until_ && now < *held_until_) return {false, held_until_};
  if (spent_until_ && now < *spent_until_ && !reports_) return {false, spent_until_};
  if ((probing_ || !is_informed(now)) && in_flight_cost_ > 0 && in_flight_cost_ + cost > probe_allowance(now)) return {};

  const auto allowed = capacity(now);
  const auto spent = used(now);
  if (spent + cost <= allowed) {
    if (slides_ && foreign(now) > 0 && paced_until_ - now > window_ / 5) return {false, paced_until_ - window_ / 5};
    return {true, {}};
  }
  // Another client had all of it when that was last known: one goes and asks.
  if (spent == 0 && !is_informed(now)) return {true, {}};
  // A request that costs more than all there is would wait for ever; it goes alone.
  if (spent == 0 && cost > allowed && foreign(now) == 0) return {true, {}};

  if (!slides_) {
    const auto since = spent_since(now);
    const double wanted = static_cast<double>(spent + cost) / std::max(1.0, static_cast<double>(share(now)));
    if (wanted > 1) return {false, since + window_ + window_ / turn_count};
    const auto wait = duration<double>(window_) * ((wanted - pace_begin) / pace_slope);
    return {false, std::max(since + duration_cast<nanoseconds>(wait), now) + milliseconds(1)};
  }
  const auto since = spent_since(now);
  std::uint64_t freed = 0;
  for (const auto& each : answered_) {
    if (each.received <= since) continue;
    freed += each.cost;
    if (spent - freed + cost <= allowed || freed >= spent) return {false, each.received + (now - since)};
  }
  if (in_flight_cost_ > 0) return {};
  return {false, informed_at_.value_or(now) + window_};  // another client has it all: ask again when that is old
}

std::uint32_t window_limit::free(steady_instant now) const {
  if (!check(now, 1).now) return 0;
  if (probing_ || !is_informed(now)) return probe_allowance(now) - std::min(in_flight_cost_, probe_allowance(now) - 1);
  const auto allowed = capacity(now);
  return std::max<std::uint32_t>(1, allowed - std::min(used(now), allowed));
}

steady_instant window_limit::all_free_at(steady_instant now) const {
  auto last = held_until_ ? std::max(now, *held_until_) : now;
  if (!answered_.empty()) last = std::max(last, answered_.back().received + window_);
  return in_flight_.empty() ? last : std::max(last, now + window_);
}

// ---- what happens to a request

void window_limit::leave(std::uint64_t request, std::uint32_t cost, steady_instant now) {
  if (origin_ == steady_instant{}) origin_ = now;
  in_flight_.push_back({request, cost, now, {}, true});
  // A quarter faster than the share is used up: catches up, and does not come in one burst.
  paced_until_ = std::max(paced_until_, now) + window_ * 4 / 5 * cost / std::max<std::uint32_t>(1, share(now));
  in_flight_cost_ += cost;
}

std::optional<window_limit::entry> window_limit::take(std::uint64_t request) {
  const auto found = std::find_if(in_flight_.begin(), in_flight_.end(), [&](const entry& each) { return each.request == request; });
  if (found == in_flight_.end()) return {};
  const auto out = *found;
  in_flight_.erase(found);
  in_flight_cost_ -= out.cost;
  return out;
}

void window_limit::keep(entry done) {
  const auto oldest = in_flight_.empty() ? done.received : std::min(done.received, in_flight_.front().sent);
  while (!answered_.empty() && answered_.front().received < oldest - 2 * window_) answered_.pop_front();
  if (is_long() && !answered_.empty() && done.received - answered_.back().received < window_ / 288) {
    answered_.back().cost += done.cost;  // its age stays: the grain is small beside the window
    return;
  }
  answered_.push_back(done);
}

void window_limit::answered(std::uint64_t request, steady_instant now, const limit_report& report) {
  auto mine = take(request);
  if (!mine) return;
  mine->received = now;
  apply(report);
  if (report.has_remaining) {
    learn(*mine, now, report.remaining);
    silent_answers_ = 0;
    spent_until_.reset();
  } else if (reports_) {
    ++silent_answers_;
  }
  keep(*mine);
  if (held_until_ && mine->sent < *held_until_) return;  // left before the refusal: proves nothing about now
  probing_ = false;
  next_pause_ = {};
  if (reserve_ > 0 && now - reserve_changed_at_ > 30 * window_) {
    --reserve_;
    reserve_changed_at_ = now;
  }
}

void window_limit::refused(std::uint64_t request, steady_instant now, std::optional<milliseconds> pause, const limit_report& report) {
  const auto mine = take(request);
  apply(report);
  if (report.has_remaining && report.remaining == 0 && mine) learn({request, 0, mine->sent, now, false}, now, 0);
  // One episode: what left before the first refusal was known says nothing new.
  const bool again = held_since_ && mine && mine->sent < *held_since_;
  if (!again) {
    const auto first = reports_ && silent_answers_ < 3 ? window_ / 20 : window_;
    next_pause_ = next_pause_ == nanoseconds(0) ? first : std::min(next_pause_ * 2, std::max(window_, nanoseconds(1min)));
    reserve_ = std::min(reserve_ + 1, std::max<std::uint32_t>(1, ceiling_ / 5));
    reserve_changed_at_ = now;
    held_since_ = now;
  }
  const auto until = now + (pause ? nanoseconds(*pause) : again ? nanoseconds(0) : next_pause_);
  held_until_ = held_until_ ? std::max(*held_until_, until) : until;
  probing_ = true;
}

void window_limit::lost(std::uint64_t request, steady_instant now) {
  auto mine = take(request);
  if (!mine) return;
  mine->received = now;
  mine->counted = false;
  keep(*mine);
}

void window_limit::not_sent(std::uint64_t request) { static_cast<void>(take(request)); }

void window_limit::count_as_spent(steady_instant now) {
  if (!is_long()) spent_until_ = now + window_;
}

void window_limit::absorb(const window_limit& other) {
  const auto middle = static_cast<std::ptrdiff_t>(answered_.size());
  answered_.insert(answered_.end(), other.answered_.begin(), other.answered_.end());
  std::inplace_merge(answered_.begin(), answered_.begin() + middle, answered_.end(),
                     [](const entry& a, const entry& b) { return a.received < b.received; });
  if (origin_ == steady_instant{}) origin_ = other.origin_;
  paced_until_ = std::max(paced_until_, other.paced_until_);
  if (other.spent_until_) spent_until_ = std::max(spent_until_.value_or(*other.spent_until_), *other.spent_until_);
  if (other.held_until_) held_until_ = std::max(held_until_.value_or(*other.held_until_), *other.held_until_);
  probing_ = probing_ || other.probing_;
}

// ---- what the answers teach

void window_limit::apply(const limit_report& report) {
  if (report.amount > 0) amount_ = report.amount;
  if (report.window > milliseconds(0) && nanoseconds(report.window) != window_) {
    window_ = report.window;
    slides_ = kind_ != limit_kind::fixed;
    forget_turns();
    foreign_.clear();
    likely_.clear();
    likely_sum_ = 0;
  }
}

void window_limit::learn(const entry& mine, steady_instant now, std::uint32_t remaining) {
  informed_at_ = now;
  const auto reported = static_cast<std::int64_t>(amount_) - remaining;
  const auto proven = slides_ ? refute_sliding(mine, now, reported) : refute_turns(mine, now, reported);
  while (!foreign_.empty() && foreign_.front().at <= now - 3 * window_) foreign_.pop_front();
  while (!foreign_.empty() && foreign_.back().proven <= proven) foreign_.pop_back();
  foreign_.push_back({now, std::max<std::int64_t>(0, proven)});

  const auto likely = reported - likely_counted(mine, now);
  likely_.emplace_back(now, likely);
  likely_sum_ += likely;
  for (; likely_.front().first <= now - 3 * window_; likely_.pop_front()) likely_sum_ -= likely_.front().second;
}

/// Taking each request to be counted half way between its sending and its answer.
std::int64_t window_limit::likely_counted(const entry& mine, steady_instant now) const {
  const auto counted_at = mine.sent + (now - mine.sent) / 2;
  const auto since = slides_ ? counted_at - window_ : likely_turn(counted_at);
  std::int64_t sum = mine.cost;
  for (const auto& each : answered_) {
    const auto at = each.sent + (each.received - each.sent) / 2;
    if (at > since && at <= counted_at) sum += each.cost;
  }
  for (const auto& each : in_flight_)  // longer under way than now: its half way is later too
    if (each.sent + (now - each.sent) * 3 / 4 <= counted_at) sum += each.cost;
  return sum;
}

/// The middle of the hypotheses.
steady_instant window_limit::likely_turn(steady_instant now) const {
  nanoseconds sum{0};
  for (const int turn : turns_) sum += now - last_turn(turn, now);
  return now - sum / static_cast<long>(turns_.size());
}

std::int64_t window_limit::possibly_counted_since(steady_instant start, const entry& mine) const {
  std::int64_t sum = mine.cost + in_flight_cost_;
  for (auto it = answered_.rbegin(); it != answered_.rend() && it->received > start; ++it) sum += it->cost;
  return sum;
}

/// Returns what must be another client's.
std::int64_t window_limit::refute_sliding(const entry& mine, steady_instant now, std::int64_t reported) {
  std::int64_t surely = mine.cost;
  for (const auto& each : answered_)
    if (each.counted && each.sent > now - window_ && each.received < mine.sent) surely += each.cost;
  // A tenth of tolerance: some servers do not count their own errors.
  if (!is_long() && reported + std::max<std::int64_t>(2, amount_ / 10) < surely && ++contradictions_ >= 2) {
    slides_ = false;
    forget_turns();
  }
  return reported - possibly_counted_since(mine.sent - window_, mine);
}

std::int64_t window_limit::refute_turns(const entry& mine, steady_instant now, std::int64_t reported) {
  scratch_.clear();
  for (const auto& each : answered_)
    if (each.counted && each.received < mine.sent) scratch_.emplace_back(each.sent, each.cost);
  std::sort(scratch_.begin(), scratch_.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 1; i < scratch_.size(); ++i) scratch_[i].second += scratch_[i - 1].second;

  const auto tolerance = std::max<std::int64_t>(1, amount_ / 50);
  auto earliest = steady_instant::max();
  const auto refuted = [&](int turn) {
    const auto begin = last_turn(turn, mine.sent);
    earliest = std::min(earliest, begin);
    if (begin + window_ <= now) return false;  // it may have turned while we were under way
    const auto end = begin + window_ / turn_count;
    const auto first_older = std::partition_point(scratch_.begin(), scratch_.end(), [&](const auto& each) { return each.first > end; });
    const auto surely = mine.cost + (first_older == scratch_.begin() ? 0 : std::prev(first_older)->second);
    return reported + tolerance < surely;
  };
  std::erase_if(turns_, refuted);
  if (turns_.empty()) {  // not a fixed window of this length either: back to what is right for both
    slides_ = kind_ != limit_kind::fixed;
    forget_turns();
    return 0;
  }
  return reported - possibly_counted_since(earliest, mine);
}

// ---- over a restart

std::vector<window_limit::bucket> window_limit::buckets(steady_instant now) const {
  std::vector<bucket> out;
  for (const auto& each : answered_)
    if (each.received > now - window_) out.emplace_back(duration_cast<milliseconds>(now - each.received), each.cost);
  if (in_flight_cost_ > 0) out.emplace_back(milliseconds(0), in_flight_cost_);
  return out;
}

void window_limit::restore(const std::vector<bucket>& ages, steady_instant now) {
  std::uint64_t told = 0;
  for (const auto& each : ages) told += each.second;
  if (told <= used(now)) return;
  answered_.clear();
  for (const auto& [age, cost] : ages) keep({0, cost, now - age, now - age, false});
}

}  // namespace leadsync

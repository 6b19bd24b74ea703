#include "transport/admissions.h"

namespace leadsync {

namespace asio = boost::asio;

admissions::admissions(asio::any_io_executor executor) : executor_(executor), timer_(executor) {}

/// Leaves the queue where the waiting coroutine is destroyed.
struct admissions::place_in_queue {
  place_in_queue(std::shared_ptr<admissions> owner, limiter::ticket ticket) : of(std::move(owner)), request(ticket) {}
  place_in_queue(const place_in_queue&) = delete;
  place_in_queue& operator=(const place_in_queue&) = delete;
  ~place_in_queue() {
    const auto found = of->waiting_.find(request);
    if (found == of->waiting_.end()) return;
    if (found->second->admitted)
      of->limits_.not_sent(request, current());
    else
      of->limits_.withdraw(request);
    of->waiting_.erase(found);
    of->pump();
  }
  std::shared_ptr<admissions> of;
  limiter::ticket request;
};

asio::awaitable<admissions::outcome> admissions::wait(std::vector<limit_cost> costs, limiter::place where, std::chrono::milliseconds longest_wait,
                                                      std::string lane, const void* who) {
  const auto self = shared_from_this();
  outcome out;
  if (moved_) {
    out.stopped = true;
    co_return out;
  }
  const auto request = limits_.enqueue(costs, where, current(), longest_wait, lane);
  const auto mine = std::make_shared<waiter>(executor_, who);
  waiting_.emplace(request, mine);
  const place_in_queue place(self, request);
  pump();
  while (!mine->admitted && !mine->deferred && !mine->released) co_await mine->wake.wait();
  if (mine->released) {
    out.stopped = true;
    co_return out;
  }
  waiting_.erase(request);
  out.deferred = mine->deferred;
  if (mine->admitted) out.granted = permit(self, request);
  co_return out;
}

void admissions::pump() {
  if (successor_) return hand_over();
  if (waiting_.empty()) return;
  const auto at = current();
  const auto round = limits_.poll(at);
  for (const auto request : round.admitted) {
    const auto found = waiting_.find(request);
    if (found == waiting_.end()) continue;
    found->second->admitted = true;
    found->second->wake.notify();
  }
  for (const auto& each : round.deferred) {
    const auto found = waiting_.find(each.request);
    if (found == waiting_.end()) continue;
    found->second->deferred = each;
    found->second->wake.notify();
  }
  if (!round.wake || (timer_at_ && *timer_at_ <= *round.wake && *timer_at_ > at.steady)) return;
  timer_at_ = round.wake;
  timer_.expires_at(*round.wake);
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& failed) {
    const auto self = weak.lock();
    if (failed || !self) return;
    self->timer_at_.reset();
    self->pump();
  });
}

void admissions::release(const void* who) {
  for (auto& [request, each] : waiting_) {
    if (each->who != who) continue;
    each->released = true;
    each->wake.notify();
  }
}

void admissions::move_to(std::shared_ptr<admissions> to) {
  successor_ = std::move(to);
  hand_over();
}

void admissions::hand_over() {
  if (moved_ || !limits_.is_idle()) return;
  moved_ = true;
  timer_.cancel();
  successor_->limits_.absorb(limits_, current());
  for (auto& [request, each] : waiting_) {
    each->released = true;
    each->wake.notify();
  }
}

admissions::permit& admissions::permit::operator=(permit&& other) noexcept {
  std::swap(of_, other.of_);
  std::swap(request_, other.request_);
  return *this;
}

admissions::permit::~permit() {
  if (of_) lost();
}

void admissions::permit::answered(int status, const header_list& headers) {
  if (!of_) return;
  const auto of = std::exchange(of_, nullptr);
  of->limits_.answered(request_, current(), status, headers);
  of->pump();
}

void admissions::permit::lost() {
  if (!of_) return;
  const auto of = std::exchange(of_, nullptr);
  of->limits_.lost(request_, current());
  of->pump();
}

void admissions::permit::not_sent() {
  if (!of_) return;
  const auto of = std::exchange(of_, nullptr);
  of->limits_.not_sent(request_, current());
  of->pump();
}

}  // namespace leadsync

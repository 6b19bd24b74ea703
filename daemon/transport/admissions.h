#pragma once

#include "transport/limiter.h"
#include "transport/notifier.h"

#include <memory>
#include <unordered_map>

namespace leadsync {

/// The coroutines that wait for the limits of one account. Touched on the account's executor only.
class admissions : public std::enable_shared_from_this<admissions> {
 public:
  admissions(boost::asio::any_io_executor executor, std::vector<limit_definition> limits);

  /// A place among the requests under way. What became of the request must be told; a permit that is dropped counts as lost, since
  /// the request may have left.
  class permit {
   public:
    permit() = default;
    permit(std::shared_ptr<admissions> of, limiter::ticket request) : of_(std::move(of)), request_(request) {}
    permit(permit&& other) noexcept : of_(std::move(other.of_)), request_(other.request_) {}
    permit& operator=(permit&& other) noexcept;
    ~permit();

    void answered(int status, const header_list& headers);
    void lost();
    void not_sent();

   private:
    std::shared_ptr<admissions> of_;
    limiter::ticket request_ = 0;
  };

  struct outcome {
    bool stopped = false;
    std::optional<limiter::deferral> deferred;
    permit granted;
  };
  boost::asio::awaitable<outcome> wait(std::vector<limit_cost> costs, limiter::place where, std::chrono::milliseconds longest_wait);

  [[nodiscard]] limiter& limits() { return limits_; }
  [[nodiscard]] const limiter& limits() const { return limits_; }
  [[nodiscard]] static moment current() { return {std::chrono::steady_clock::now(), now()}; }
  void stop();

 private:
  struct waiter {
    explicit waiter(const boost::asio::any_io_executor& executor) : wake(executor) {}
    notifier wake;
    bool admitted = false;
    std::optional<limiter::deferral> deferred;
  };
  struct place_in_queue;

  void pump();

  boost::asio::any_io_executor executor_;
  limiter limits_;
  std::unordered_map<limiter::ticket, std::shared_ptr<waiter>> waiting_;
  boost::asio::steady_timer timer_;
  std::optional<steady_instant> timer_at_;
  bool stopped_ = false;
};

}  // namespace leadsync

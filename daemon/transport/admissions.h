#pragma once

#include "transport/limiter.h"
#include "transport/notifier.h"

#include <memory>
#include <unordered_map>

namespace leadsync {

/// The coroutines that wait for the limits of one remote account, of however many transports. Touched on one executor only.
class admissions : public std::enable_shared_from_this<admissions> {
 public:
  explicit admissions(boost::asio::any_io_executor executor);

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
    bool stopped = false;  ///< `release`d, or there is a `successor`
    std::optional<limiter::deferral> deferred;
    permit granted;
  };
  /// For one that pays from `lane`; `who` is what `release` names.
  boost::asio::awaitable<outcome> wait(std::vector<limit_cost> costs, limiter::place where, std::chrono::milliseconds longest_wait,
                                       std::string lane, const void* who);
  /// What waits for `who` goes away without having been admitted.
  void release(const void* who);

  /// Both turned out to be of one account. Admits nothing more; when nothing is under way, `to` takes over what was used, and what waits
  /// here is sent there. `to` does not move on.
  void move_to(std::shared_ptr<admissions> to);
  /// Where to wait instead; nullptr: here.
  [[nodiscard]] const std::shared_ptr<admissions>& successor() const { return successor_; }
  [[nodiscard]] bool has_moved() const { return moved_; }

  /// Empty: not known yet.
  [[nodiscard]] const std::string& account() const { return account_; }
  void set_account(std::string account) { account_ = std::move(account); }

  [[nodiscard]] limiter& limits() { return limits_; }
  [[nodiscard]] const limiter& limits() const { return limits_; }
  [[nodiscard]] static moment current() { return {std::chrono::steady_clock::now(), now()}; }

 private:
  struct waiter {
    waiter(const boost::asio::any_io_executor& executor, const void* whose) : wake(executor), who(whose) {}
    notifier wake;
    const void* who;
    bool released = false;
    bool admitted = false;
    std::optional<limiter::deferral> deferred;
  };
  struct place_in_queue;

  void pump();
  void hand_over();

  boost::asio::any_io_executor executor_;
  limiter limits_;
  std::unordered_map<limiter::ticket, std::shared_ptr<waiter>> waiting_;
  boost::asio::steady_timer timer_;
  std::optional<steady_instant> timer_at_;
  std::string account_;
  std::shared_ptr<admissions> successor_;
  bool moved_ = false;
};

}  // namespace leadsync

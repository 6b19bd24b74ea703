#pragma once

#include "transport/account_transport.h"
#include "transport/notifier.h"
#include "transport/placeholders.h"
#include "transport/token_answer.h"

namespace leadsync {

/// The secrets of one account: configured ones, and tokens that an authorize job obtains and renews.
///
/// One refresh at a time, for all who wait for it; it goes on when they are cancelled, since its answer may hold the only valid
/// refresh token. A token is durable before it is used. Touched on the account's executor only.
class tokens : public std::enable_shared_from_this<tokens> {
 public:
  struct options {
    std::string access_token_name;
    bool authorizes = false;
    std::vector<std::string> members;
    secret_map secrets;
  };
  using authorize_function = std::function<boost::asio::awaitable<result<authorization_result>>()>;
  using persist_function = std::function<boost::asio::awaitable<result<>>(std::vector<token_value>)>;

  tokens(boost::asio::any_io_executor executor, options options, authorize_function authorize, persist_function persist);

  void restore(std::vector<token_value> stored);
  void replace_secrets(secret_map secrets);
  /// Told when a refresh names another API base; an error makes the refresh fail.
  void on_api_base(std::function<result<>(std::string)> change) { change_base_ = std::move(change); }
  void stop();

  [[nodiscard]] const secret_map& secrets() const { return secrets_; }
  [[nodiscard]] bool authorizes() const { return options_.authorizes; }
  /// Changes whenever the access token does.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }
  /// Changes when the configured secrets do; what was asked for with older ones is not kept.
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }

  /// Before a request leaves. A token past 80 % of its life is renewed in the background; without a valid one the caller waits.
  boost::asio::awaitable<std::optional<token_failure>> ready();
  /// After a 401 to a request that carried the token of `used_generation`.
  boost::asio::awaitable<std::optional<token_failure>> renew(std::uint64_t used_generation);
  /// A token endpoint's answer: durable, then in use.
  boost::asio::awaitable<result<>> keep(token_answer answer, std::uint64_t asked_in_epoch);

 private:
  [[nodiscard]] bool has_valid_token() const;
  void start_refresh();
  boost::asio::awaitable<std::optional<token_failure>> finished_refresh();
  static boost::asio::awaitable<void> run_refresh(std::shared_ptr<tokens> self);
  boost::asio::awaitable<std::optional<token_failure>> refresh_once();
  boost::asio::awaitable<result<authorization_result>> call_authorize();
  boost::asio::awaitable<result<>> call_persist(std::vector<token_value> values);
  boost::asio::awaitable<result<>> save(std::vector<token_value> values);
  void adopt(const std::vector<token_value>& values);

  boost::asio::any_io_executor executor_;
  options options_;
  authorize_function authorize_;
  persist_function persist_;
  std::function<result<>(std::string)> change_base_;

  secret_map secrets_;
  std::uint64_t generation_ = 1, epoch_ = 1;
  std::optional<instant> expires_at_, refresh_at_;

  bool refreshing_ = false, stopped_ = false;
  notifier refreshed_;
  std::optional<token_failure> failure_;  ///< of the newest refresh
  std::chrono::steady_clock::time_point try_again_at_{};
  std::vector<token_value> unsaved_;  ///< obtained, and the store refused them: saved before another is asked for
};

}  // namespace leadsync

#pragma once

#include "transport/admissions.h"
#include "transport/account_transport.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace leadsync {

/// The limits of all remote accounts of the process: who speaks to one account waits in one queue, since its quota is one. Until a
/// transport knows its account, it shares with who uses the same credentials. Touched on one executor only.
class account_limits {
 public:
  explicit account_limits(boost::asio::any_io_executor executor) : executor_(executor) {}

  [[nodiscard]] std::shared_ptr<admissions> of_credentials(const std::string& credentials);
  /// For one that waits at `mine` and turns out to be of `account`. What shares `mine` without knowing its account comes along.
  [[nodiscard]] std::shared_ptr<admissions> of_account(const std::shared_ptr<admissions>& mine, const std::string& account);

 private:
  [[nodiscard]] std::shared_ptr<admissions> find(const std::string& key);

  boost::asio::any_io_executor executor_;
  std::map<std::string, std::weak_ptr<admissions>> known_;
};

/// One transport's place at the limits of its account.
class account_seat {
 public:
  /// `realm`: what credentials and account ids are of; those of another are other accounts.
  account_seat(std::shared_ptr<account_limits> shared, std::string realm, const std::map<std::string, secret>& secrets,
               std::vector<limit_definition> definitions);
  ~account_seat() { stop(); }
  account_seat(const account_seat&) = delete;
  account_seat& operator=(const account_seat&) = delete;

  /// They may be another account's: it is not known until `identify`.
  void change_credentials(const std::map<std::string, secret>& secrets);
  void identify(const remote_account& account);

  boost::asio::awaitable<admissions::outcome> wait(std::vector<limit_cost> costs, limiter::place where, std::chrono::milliseconds longest_wait);
  /// What waits is answered `stopped`.
  void stop();

  void set_path_delay(std::chrono::nanoseconds delay) { queue().limits().set_path_delay(delay); }
  [[nodiscard]] std::size_t admissible() { return queue().limits().admissible(admissions::current(), lane_); }
  [[nodiscard]] std::string limits_json() { return queue().limits().to_json(admissions::current(), lane_); }
  [[nodiscard]] std::string usage() { return queue().limits().usage(admissions::current(), lane_); }
  void restore(std::string_view usage) { queue().limits().restore(usage, admissions::current(), lane_); }

 private:
  admissions& queue();
  void join(std::shared_ptr<admissions> queue);

  std::shared_ptr<account_limits> shared_;
  std::string realm_;
  std::vector<limit_definition> definitions_;
  std::string lane_;  ///< a digest of the credentials
  std::shared_ptr<admissions> queue_;
  std::shared_ptr<admissions> former_;  ///< that of the former credentials, kept until it is known whether the account is the same
};

}  // namespace leadsync

#pragma once

#include "base/error.h"
#include "transport/exchange.h"
#include "transport/limit_definition.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace leadsync {

/// A secret obtained at run time.
struct token_value {
  std::string name;
  secret value;
  std::optional<instant> expires_at;
};

/// The account at the CRM, as a `check` job reports it.
struct remote_account {
  std::string id;
  std::string time_zone;  ///< an IANA name; empty: not known
};

struct account_options {
  std::string name;                 ///< for messages
  std::shared_ptr<class account_limits> shared_limits;  ///< nullptr: limits of its own
  std::string realm;                ///< what account ids and credentials are of: equal ones of another realm are other accounts
  std::string api_base;             ///< without trailing slash
  std::vector<std::string> hosts;   ///< exact or "*.suffix"; the host of an operator's base_url included
  std::string authorization_header; ///< empty: none is added
  std::string authorization_value;  ///< "Bearer {{secret:access_token}}"
  std::string access_token_name = "access_token";
  bool authorizes = false;          ///< the access token comes from an authorize job
  std::vector<std::string> token_members;
  std::map<std::string, secret> secrets;  ///< from the configuration; stored tokens override
  std::vector<limit_definition> limits;
  std::chrono::milliseconds deadline{30000};
  std::size_t max_response_bytes = 8u << 20;
  std::chrono::milliseconds longest_wait{60000};  ///< for a limit; beyond it the request is given back with `not_before`
  std::string ca_file;  ///< PEM; replaces the system's store
  std::string proxy;
  std::string user_agent;
};

struct authorization_result {
  std::optional<std::chrono::seconds> expires_in;
  std::string api_base;  ///< empty: unchanged
};

/// What the transport needs of its owner. Called on the transport's executor.
struct account_callbacks {
  /// Runs the plugin's authorize job; its requests come back through `send_authorize`.
  std::function<boost::asio::awaitable<result<authorization_result>>()> authorize;
  /// Durable when it returns; called before a rotated token is first used.
  std::function<boost::asio::awaitable<result<>>(std::vector<token_value>)> persist;
  /// Opaque usage of daily limits, to be kept over a restart.
  std::function<boost::asio::awaitable<result<>>(std::string)> persist_usage;
};

/// Requests of one integration to its account, in whatever number at once: tokens and connections are shared by all of them, limits with
/// the other transports of the same remote account. Touched on its executor only.
class account_transport {
 public:
  /// `client` is shared by all accounts of the process.
  account_transport(boost::asio::any_io_executor executor, std::shared_ptr<class http_client> client, account_options options,
                    account_callbacks callbacks);
  ~account_transport();
  account_transport(const account_transport&) = delete;
  account_transport& operator=(const account_transport&) = delete;

  /// Before the first request: tokens and usage as stored.
  void restore(std::vector<token_value> tokens, std::string usage);
  /// Which account it turned out to be. Before `restore`, where it is known by then.
  void identify(const remote_account& account);
  /// Configured secrets of a reconnect; forgets what was obtained with the old ones.
  void replace_secrets(std::map<std::string, secret> secrets);

  boost::asio::awaitable<sent_request> send(outgoing_request request);
  /// For authorize jobs: no authorization header, secrets are filled in, token members of the answer are kept, made durable and replaced.
  boost::asio::awaitable<sent_request> send_authorize(outgoing_request request);

  /// How many more requests of default cost could leave now without waiting; for claiming no more than can be sent.
  [[nodiscard]] std::size_t admissible() const;
  /// {"limits": [{"id", "amount", "used", "resets_at"}]} for the API.
  [[nodiscard]] std::string limits_json() const;
  [[nodiscard]] std::string usage() const;

  /// No new request leaves; what is written is left to finish. Waiting ones are answered `not_sent`.
  void stop();

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace leadsync

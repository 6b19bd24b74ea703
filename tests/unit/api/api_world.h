#pragma once

#include "api/control_api.h"
#include "tests/unit/api/fake_commands.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

namespace leadsync::test {

/// A folder that goes with the test.
struct scratch_folder {
  std::filesystem::path path;
  scratch_folder();
  ~scratch_folder();
};

struct reply {
  int status = 0;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  [[nodiscard]] boost::json::object document() const;
  [[nodiscard]] std::string header(std::string_view name) const;
};
struct asked {
  std::string body;
  std::string content_type = "application/json";
  std::string if_match;
  std::string idempotency_key;
  std::string accept;
};

/// The API on a real store, asked without a socket. Every answer is written to $LEADSYNC_API_ANSWERS for the schema check, if it is set.
class api_world {
 public:
  api_world();
  ~api_world();

  scratch_folder folder;
  boost::asio::io_context context;
  std::unique_ptr<store> data;
  std::optional<fake_commands> daemon;
  std::optional<api::control_api> api;

  /// Runs a coroutine to its end.
  template <class T>
  T await(boost::asio::awaitable<T> task) {
    std::optional<T> value;
    boost::asio::co_spawn(context, std::move(task), [&value](std::exception_ptr failure, T given) {
      if (failure) std::rethrow_exception(failure);
      value.emplace(std::move(given));
    });
    context.restart();
    // The store completes from its own thread: there is work until it has.
    const auto guard = boost::asio::make_work_guard(context);
    while (!value) context.run_one();
    return std::move(*value);
  }

  reply ask(api::http_method method, std::string target, asked with = asked());
  reply get(std::string target) { return ask(api::http_method::get, std::move(target)); }
  reply post(std::string target, std::string body) { return ask(api::http_method::post, std::move(target), {.body = std::move(body)}); }

  /// One failed, one cleared and one waiting lead, with an attempt log.
  void add_history();

 private:
  void record(const api::http_request& request, const reply& given);
  std::ofstream answers_;
};

}  // namespace leadsync::test

#pragma once

#include "client.h"
#include "connection.h"
#include "json_access.h"
#include "terminal.h"

#include <boost/json/value.hpp>

#include <memory>
#include <string>

namespace leadsync::client {

/// One run of the client: the global options, the daemon, and where to write.
class session {
 public:
  explicit session(surroundings around);

  // Global options, set by the parser.
  std::string socket_path;
  std::string integration_name;
  bool json = false;

  [[nodiscard]] std::ostream& out() const { return around_.out; }
  [[nodiscard]] std::ostream& err() const { return around_.err; }
  [[nodiscard]] const style& how() const { return how_; }
  [[nodiscard]] bool shows_progress() const { return around_.err_is_terminal; }

  [[nodiscard]] connection& daemon();
  /// GET and parse.
  [[nodiscard]] boost::json::value get(const std::string& path);
  /// The integration that is meant: by option, else the only one. Throws failure where that is not clear.
  [[nodiscard]] const std::string& integration();
  /// "/v1/integrations/NAME" + rest
  [[nodiscard]] std::string path(std::string_view rest);

  /// With --json: prints the answer as it came, and tells that there is nothing more to print.
  [[nodiscard]] bool printed_as_json(const answer& given) const;
  [[nodiscard]] bool printed_as_json(const boost::json::value& document) const;

  /// What the run ends with where nothing fails: `partial`, where not all went well.
  exit_code outcome = exit_code::ok;

 private:
  surroundings around_;
  style how_;
  std::unique_ptr<connection> daemon_;
};

}  // namespace leadsync::client

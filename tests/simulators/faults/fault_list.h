#pragma once

#include "http/message.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync::simulator {

/// Answers that the CRM words itself have the kinds that it knows ("429_burst", "423"); these are the simulator's own:
/// cut_before, cut_after, 524_after, slow_body, truncated_body, silent_row, hidden_row, latency.
struct fault {
  std::int64_t id = 0;
  std::string kind;
  std::string method;       ///< empty: any
  std::string path_prefix;  ///< empty: any
  std::size_t skip = 0;     ///< matching requests that pass first
  std::optional<std::size_t> count;
  double probability = 1;
  std::optional<std::int64_t> retry_after;  ///< seconds
  std::int64_t min_ms = 0, max_ms = 0;      ///< latency
  std::size_t fired = 0;
};

class fault_list {
 public:
  /// Says what is wrong with the description, empty where nothing is.
  [[nodiscard]] std::string add(const boost::json::object& description, std::int64_t& id);
  bool remove(std::int64_t id);
  void clear() { faults_.clear(); }

  /// The faults that befall this request: at most one that changes the answer, and any number of delays.
  [[nodiscard]] std::vector<fault> draw(const request& call, std::mt19937_64& random);
  [[nodiscard]] boost::json::array to_json() const;

 private:
  std::vector<fault> faults_;
  std::int64_t next_id_ = 1;
};

}  // namespace leadsync::simulator

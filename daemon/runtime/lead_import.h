#pragma once

#include "intake/lead_reader.h"
#include "store/store.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace leadsync {

struct import_report {
  import_id import;
  std::int64_t added = 0, updated = 0, unchanged = 0, rejected = 0;
  std::vector<accepted_lead> first_leads;    ///< at most 100
  std::vector<rejected_row> first_rejected;  ///< at most 20; the store has all
};

/// What is imported: how its bytes are read, and what its record says.
struct import_request {
  std::string content_type;  ///< of HTTP, or a file's name; where it says nothing, the first bytes decide
  std::string source;        ///< file name, or "api"
  std::string event;         ///< of rows that name none
  std::string time_zone;     ///< of times written without a zone
  principal by;
};

/// One lead of the API, durable when it returns; it makes no import record.
boost::asio::awaitable<result<accepted_lead>> add_one_lead(store& data, std::string json, import_request request);

/// Carries the bytes of one file or body through a reader into the store, a thousand leads per commit. Each `feed` returns when what it
/// completed is durable, so whoever sends is slowed to the store's pace and memory does not grow with the file.
class lead_import final : private lead_sink {
 public:
  using task_of_nothing = boost::asio::awaitable<result<>>;

  /// Makes the import's record. `leads_added` is called after each commit.
  static boost::asio::awaitable<result<std::unique_ptr<lead_import>>> begin(store& data, import_request request,
                                                                            std::function<void()> leads_added);

  /// An error of the reader or the store ends the import; call `abandon` then.
  task_of_nothing feed(std::string bytes);
  boost::asio::awaitable<result<import_report>> finish();
  /// Keeps what was accepted, and records why the rest is missing.
  boost::asio::awaitable<import_report> abandon(std::string why);

 private:
  lead_import(store& data, std::unique_ptr<lead_reader> reader, std::function<void()> leads_added);

  void accept(std::uint64_t row_number, captured_lead lead) override;
  void reject(refused_row row) override;
  task_of_nothing flush(std::size_t keep_below);

  store& data_;
  std::unique_ptr<lead_reader> reader_;
  std::function<void()> leads_added_;
  std::vector<captured_lead> leads_;
  std::vector<rejected_row> rejected_;
  import_report report_;
};

}  // namespace leadsync

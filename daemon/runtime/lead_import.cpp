#include "runtime/lead_import.h"

#include <algorithm>
#include <iterator>

namespace leadsync {
namespace {

constexpr std::size_t chunk = 1000;
constexpr std::size_t leads_reported = 100;
constexpr std::size_t rows_reported = 20;
/// Bytes given to the reader at once: what becomes of them waits in memory until it is stored.
constexpr std::size_t piece = 64u << 10;
constexpr std::size_t rejected_held = 100;  ///< each may be 64 KiB

intake_options options_of(const import_request& request) {
  intake_options options;
  options.event = request.event;
  options.time_zone = request.time_zone;
  return options;
}

}  // namespace

boost::asio::awaitable<result<accepted_lead>> add_one_lead(store& data, std::string json, import_request request) {
  auto lead = parse_api_lead(json, options_of(request));
  if (!lead) co_return lead.error();
  std::vector<captured_lead> leads;
  leads.push_back(std::move(*lead));
  const auto accepted = co_await data.add_leads(import_id(), std::move(leads));
  if (!accepted) co_return accepted.error();
  co_return accepted->front();
}

lead_import::lead_import(store& data, std::unique_ptr<lead_reader> reader, std::function<void()> leads_added)
    : data_(data), reader_(std::move(reader)), leads_added_(std::move(leads_added)) {}

boost::asio::awaitable<result<std::unique_ptr<lead_import>>> lead_import::begin(store& data, import_request request,
                                                                                std::function<void()> leads_added) {
  auto reader = make_lead_reader(request.content_type, options_of(request));
  if (!reader) co_return reader.error();
  std::unique_ptr<lead_import> made(new lead_import(data, std::move(*reader), std::move(leads_added)));
  import_seed seed;
  seed.source = std::move(request.source);
  seed.event = std::move(request.event);
  seed.by = std::move(request.by);
  const auto id = co_await data.begin_import(std::move(seed));
  if (!id) co_return id.error();
  made->report_.import = *id;
  co_return made;
}

lead_import::task_of_nothing lead_import::feed(std::string bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    if (auto read = reader_->feed(std::string_view(bytes).substr(at, piece), *this); !read) co_return read.error();
    auto flushed = co_await flush(chunk);
    if (!flushed) co_return flushed.error();
  }
  co_return result<>();
}

boost::asio::awaitable<result<import_report>> lead_import::finish() {
  const auto read = reader_->finish(*this);
  auto flushed = co_await flush(1);
  if (!flushed) co_return flushed.error();
  if (!read) co_return read.error();
  const std::string no_failure;
  auto finished = co_await data_.finish_import(report_.import, no_failure);
  if (!finished) co_return finished.error();
  co_return std::move(report_);
}

boost::asio::awaitable<import_report> lead_import::abandon(std::string why) {
  // Rows before the break were read whole: they hold. Where the store itself fails, there is nothing more to do.
  const auto flushed = co_await flush(1);
  if (!flushed) leads_.clear();
  const auto finished = co_await data_.finish_import(report_.import, std::move(why));
  static_cast<void>(finished);
  co_return std::move(report_);
}

void lead_import::accept(std::uint64_t, captured_lead lead) { leads_.push_back(std::move(lead)); }

void lead_import::reject(refused_row row) {
  rejected_.push_back({std::int64_t(row.row_number), std::move(row.reason), std::move(row.raw)});
  ++report_.rejected;
  if (report_.first_rejected.size() < rows_reported) report_.first_rejected.push_back(rejected_.back());
}

lead_import::task_of_nothing lead_import::flush(std::size_t keep_below) {
  while (leads_.size() >= keep_below) {
    const auto count = std::min(leads_.size(), chunk);
    const auto end = leads_.begin() + std::ptrdiff_t(count);
    std::vector<captured_lead> batch(std::make_move_iterator(leads_.begin()), std::make_move_iterator(end));
    leads_.erase(leads_.begin(), end);
    auto accepted = co_await data_.add_leads(report_.import, std::move(batch));
    if (!accepted) co_return with_context(accepted.error(), "storing leads");
    for (const auto& lead : *accepted) {
      report_.added += lead.outcome == intake_outcome::added;
      report_.updated += lead.outcome == intake_outcome::updated;
      report_.unchanged += lead.outcome == intake_outcome::unchanged;
      if (report_.first_leads.size() < leads_reported) report_.first_leads.push_back(lead);
    }
    if (leads_added_) leads_added_();
  }
  if (rejected_.size() >= std::min(keep_below, rejected_held)) {
    auto rejected = co_await data_.reject_rows(report_.import, std::move(rejected_));
    rejected_.clear();
    if (!rejected) co_return with_context(rejected.error(), "storing rejected rows");
  }
  co_return result<>();
}

}  // namespace leadsync

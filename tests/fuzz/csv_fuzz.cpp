#include "intake/lead_reader.h"

#include <algorithm>
#include <cstdlib>

namespace {

struct counting_sink : leadsync::lead_sink {
  std::string seen;
  std::uint64_t last = 0;

  void note(std::uint64_t row, std::string_view what) {
    if (row <= last) std::abort();  // each row once, in order
    last = row;
    seen += std::to_string(row) + std::string(what) + "\n";
  }
  void accept(std::uint64_t row, leadsync::captured_lead lead) override { note(row, leadsync::to_json(lead.document)); }
  void reject(leadsync::refused_row row) override { note(row.row_number, row.reason); }
};

std::string read(std::string_view text, std::size_t piece) {
  counting_sink sink;
  const auto reader = leadsync::make_lead_reader("", {"event", "", ""}).value();
  leadsync::result<> done;
  for (std::size_t at = 0; at < text.size() && done; at += piece) done = reader->feed(text.substr(at, piece), sink);
  if (done) done = reader->finish(sink);
  return sink.seen + (done ? "" : done.error().context);
}

}  // namespace

/// The same text gives the same leads, whatever the pieces it comes in. Where the pieces may decide the encoding, only the faults count.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
  const auto whole = read(text, std::max<std::size_t>(size, 1));
  const auto parts = read(text, 7);
  if (ascii && whole != parts) std::abort();
  return 0;
}

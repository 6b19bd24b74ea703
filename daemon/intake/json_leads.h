#pragma once

#include "intake/capture_clock.h"
#include "intake/lead_reader.h"
#include "intake/text_decoder.h"

#include <cstdint>
#include <string>

namespace leadsync {

/// One lead, an array of leads, or leads one after the other. Holds one of them at a time.
class json_leads : public lead_reader {
 public:
  json_leads(const intake_options& options, capture_clock clock) : options_(options), clock_(std::move(clock)) {}

  result<> feed(std::string_view bytes, lead_sink& sink) override;
  result<> finish(lead_sink& sink) override;

 private:
  void take(char c, lead_sink& sink);
  void emit(lead_sink& sink);

  intake_options options_;
  capture_clock clock_;
  text_decoder decoder_;
  std::string element_;
  std::uint64_t number_ = 0;
  int depth_ = 0;  ///< of brackets within the element
  bool in_array_ = false;
  bool in_string_ = false;
  bool escaped_ = false;
  bool too_large_ = false;
};

/// One lead per line; a line that is no JSON spoils only itself.
class ndjson_reader : public lead_reader {
 public:
  ndjson_reader(const intake_options& options, capture_clock clock) : options_(options), clock_(std::move(clock)) {}

  result<> feed(std::string_view bytes, lead_sink& sink) override;
  result<> finish(lead_sink& sink) override;

 private:
  void take_lines(bool ended, lead_sink& sink);
  void take(std::string_view line, lead_sink& sink);

  intake_options options_;
  capture_clock clock_;
  text_decoder decoder_;
  std::string buffer_;
  std::uint64_t number_ = 0;
  bool skipping_ = false;  ///< inside of a line that was too long
};

}  // namespace leadsync

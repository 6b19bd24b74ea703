#include "intake/json_leads.h"

#include "base/text.h"
#include "intake/json_to_lead.h"

namespace leadsync {
namespace {

constexpr std::size_t longest_element = std::size_t(1) << 20;
constexpr std::size_t kept_raw_bytes = std::size_t(64) << 10;
constexpr std::size_t piece_bytes = std::size_t(64) << 10;
constexpr auto too_long = "longer than 1 MiB: this is no lead";

void hand_on(std::string_view text, std::uint64_t number, const intake_options& options, const capture_clock& clock, lead_sink& sink) {
  auto lead = lead_from_json(text, options, clock);
  if (lead) sink.accept(number, std::move(*lead));
  else sink.reject({number, lead.error().context, scrub_utf8(text.substr(0, kept_raw_bytes))});
}

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

result<> json_leads::feed(std::string_view bytes, lead_sink& sink) {
  std::string text;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece_bytes, bytes.size()))) {
    text.clear();
    decoder_.feed(bytes.substr(0, piece_bytes), text);
    for (const char c : text) take(c, sink);
  }
  return {};
}

result<> json_leads::finish(lead_sink& sink) {
  std::string text;
  decoder_.finish(text);
  for (const char c : text) take(c, sink);
  if (!element_.empty() || too_large_) emit(sink);
  if (number_ == 0 && !in_array_) return make_error(errc::invalid_input, "the text is empty");
  return {};
}

void json_leads::take(char c, lead_sink& sink) {
  if (element_.empty() && !too_large_) {
    if (is_blank(c) || c == ',' || c == ']') return;
    if (c == '[' && !in_array_ && number_ == 0) {
      in_array_ = true;
      return;
    }
  }
  // Outside of brackets and strings only a value of another type than object gets here; it ends where the next element may begin.
  const bool loose = depth_ == 0 && !in_string_;
  if (loose && !(element_.empty() && !too_large_) && (c == ',' || c == ']' || c == '\n')) return emit(sink);
  if (element_.size() < longest_element) element_ += c;
  else too_large_ = true;
  if (in_string_) {
    if (escaped_) escaped_ = false;
    else if (c == '\\') escaped_ = true;
    else if (c == '"') in_string_ = false;
    return;
  }
  if (c == '"') in_string_ = true;
  else if (c == '{' || c == '[') ++depth_;
  else if ((c == '}' || c == ']') && depth_ > 0 && --depth_ == 0) emit(sink);
}

void json_leads::emit(lead_sink& sink) {
  ++number_;
  if (too_large_) sink.reject({number_, too_long, scrub_utf8(std::string_view(element_).substr(0, kept_raw_bytes))});
  else hand_on(element_, number_, options_, clock_, sink);
  element_.clear();
  depth_ = 0;
  in_string_ = escaped_ = too_large_ = false;
}

result<> ndjson_reader::feed(std::string_view bytes, lead_sink& sink) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece_bytes, bytes.size()))) {
    decoder_.feed(bytes.substr(0, piece_bytes), buffer_);
    take_lines(false, sink);
  }
  return {};
}

result<> ndjson_reader::finish(lead_sink& sink) {
  decoder_.finish(buffer_);
  take_lines(true, sink);
  return {};
}

void ndjson_reader::take_lines(bool ended, lead_sink& sink) {
  std::size_t at = 0;
  while (at < buffer_.size()) {
    const auto end = buffer_.find('\n', at);
    if (end == buffer_.npos && !ended) break;
    const auto line = std::string_view(buffer_).substr(at, end == buffer_.npos ? end : end - at);
    at = end == buffer_.npos ? buffer_.size() : end + 1;
    if (skipping_) skipping_ = false;
    else take(line, sink);
  }
  buffer_.erase(0, at);
  if (buffer_.size() > longest_element) {
    if (!skipping_) sink.reject({++number_, too_long, scrub_utf8(std::string_view(buffer_).substr(0, kept_raw_bytes))});
    skipping_ = true;
    buffer_.clear();
  }
}

void ndjson_reader::take(std::string_view line, lead_sink& sink) {
  ++number_;
  line = trim(line);
  if (!line.empty()) hand_on(line, number_, options_, clock_, sink);
}

}  // namespace leadsync

#include "intake/capture_clock.h"

#include "base/text.h"

#include <date/tz.h>

namespace leadsync {
namespace {

using namespace std::chrono;

void append_number(std::string& out, int value, int digits) {
  char text[4];
  for (int i = digits; i-- > 0; value /= 10) text[i] = char('0' + value % 10);
  out.append(text, std::size_t(digits));
}

void append_time(std::string& out, milliseconds time) {
  const auto second = int(duration_cast<seconds>(time).count());
  out += 'T';
  append_number(out, second / 3600, 2);
  out += ':';
  append_number(out, second / 60 % 60, 2);
  out += ':';
  append_number(out, second % 60, 2);
  if (const auto millis = int(time.count() % 1000); millis != 0) {
    out += '.';
    append_number(out, millis, 3);
  }
}

void append_offset(std::string& out, minutes offset) {
  if (offset == minutes(0)) {
    out += 'Z';
    return;
  }
  out += offset < minutes(0) ? '-' : '+';
  const auto size = int(abs(offset).count());
  append_number(out, size / 60, 2);
  out += ':';
  append_number(out, size % 60, 2);
}

}  // namespace

result<capture_clock> capture_clock::make(std::string_view time_zone) {
  capture_clock clock;
  if (time_zone.empty()) return clock;
  try {
    clock.zone_ = date::locate_zone(std::string(time_zone));
  } catch (const std::exception&) {
    return make_error(errc::invalid_input, "\"" + std::string(time_zone.substr(0, 64)) + "\" is not a time zone such as Europe/Berlin");
  }
  return clock;
}

void capture_clock::learn(std::string_view date_cell) {
  const auto shown = order_shown_by(date_cell);
  if (shown == day_order::unknown || contradictory_) return;
  contradictory_ = order_ != day_order::unknown && order_ != shown;
  order_ = contradictory_ ? day_order::unknown : shown;
}

std::optional<std::string> capture_clock::read(std::string_view date_cell, std::string_view time_cell) const {
  date_cell = trim(date_cell);
  time_cell = trim(time_cell);
  if (date_cell.empty()) std::swap(date_cell, time_cell);
  auto written = parse_date_text(date_cell, order_);
  if (!written) return std::nullopt;
  if (!time_cell.empty() && !written->time) {
    written->time = parse_time_text(time_cell);
    if (!written->time) return std::nullopt;
  }
  std::string text;
  append_number(text, int(written->day.year()), 4);
  text += '-';
  append_number(text, int(unsigned(written->day.month())), 2);
  text += '-';
  append_number(text, int(unsigned(written->day.day())), 2);
  if (!written->time) return text;
  append_time(text, *written->time);
  if (!written->offset && zone_) {
    const auto since_epoch = sys_days(written->day).time_since_epoch() + duration_cast<seconds>(*written->time);
    written->offset = duration_cast<minutes>(zone_->get_info(date::local_seconds(since_epoch)).first.offset);
  }
  if (written->offset) append_offset(text, *written->offset);
  return text;
}

}  // namespace leadsync

#include "sync.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace leadsync::pipedrive {
namespace {
/// Longer than the index lags and than clocks differ.
constexpr std::chrono::minutes recent_span{3};
constexpr int most_pages = 20;

/// RFC 3339 without a fraction of a second, which the API refuses. Empty where `now` cannot be read.
std::string shortly_before(std::string_view now) {
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (std::sscanf(std::string(now).c_str(), "%4d-%2u-%2uT%2u:%2u:%2u", &year, &month, &day, &hour, &minute, &second) != 6) return {};
  using namespace std::chrono;
  const auto at = sys_days(std::chrono::year(year) / int(month) / int(day)) + hours(hour) + minutes(minute) + seconds(second) - recent_span;
  const auto date = floor<days>(at);
  const year_month_day civil(date);
  const hh_mm_ss time(at - date);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", int(civil.year()), unsigned(civil.month()), unsigned(civil.day()),
                int(time.hours().count()), int(time.minutes().count()), int(time.seconds().count()));
  return text;
}

/// Without regard to letters beyond ASCII, of which only the number of bytes is compared.
std::string skeleton(std::string_view text) {
  auto out = folded(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  return out;
}

std::string host_of(std::string_view website) {
  auto host = folded(website);
  if (const auto scheme = host.find("://"); scheme != host.npos) host.erase(0, scheme + 3);
  host.resize(std::min(host.find_first_of("/?#:"), host.size()));
  return host.starts_with("www.") ? host.substr(4) : host;
}

void add_candidate(record& one, std::string id) {
  if (!id.empty() && std::find(one.candidates.begin(), one.candidates.end(), id) == one.candidates.end()) one.candidates.push_back(std::move(id));
}

/// The oldest record first, so that every run takes the same one.
void sort_candidates(record& one) {
  std::sort(one.candidates.begin(), one.candidates.end(), [](const std::string& left, const std::string& right) {
    return std::pair(left.size(), std::string_view(left)) < std::pair(right.size(), std::string_view(right));
  });
}

sdk::task<> search_by(sync_job* job, const object_kind* kind, phase of, record* one, std::string field, std::string term) {
  auto request = job->api.search(v2(*kind, "search?term=") + sdk::percent_encode(term) + "&fields=" + field + "&exact_match=true&limit=100");
  request.phase(std::string(phase_names[of])).leads(one->leads);
  const auto answer = co_await job->ask(std::move(request));
  const auto document = success_of(answer);
  if (!object_of(document, "data").contains("items")) {
    one->settled = true;
    job->fail(of, one->ordinal, classify(answer, asked::read), answer.number());
    co_return;
  }
  for (const auto& entry : list_of(object_of(document, "data"), "items")) {
    const auto& item = object_of(as_object(entry), "item");
    const bool matches = field == "email" ? has_email(item, one->match) : field != "name" || skeleton(text_of(item, "name")) == skeleton(one->match);
    if (matches) add_candidate(*one, id_of(item, "id"));
  }
  sort_candidates(*one);
}
}  // namespace

bool is_it(const sync_job& job, const object_kind& kind, const json::object& data, const record& one, bool loosely) {
  const auto key_field = job.key_field(kind);
  if (!key_field.empty() && text_of(object_of(data, "custom_fields"), key_field) == one.key) return true;
  if (one.match.empty()) return false;
  if (kind.match == "email") return has_email(data, one.match);
  const auto host = host_of(text_of(data, "website"));
  if (!host.empty() && !one.domain.empty() && host != one.domain) return false;
  const auto name = text_of(data, "name");
  return loosely ? skeleton(name) == skeleton(one.match) : folded(name) == one.match;
}

sdk::task<bool> read_record(sync_job* job, const object_kind* kind, phase of, record* one, std::string id) {
  auto request = job->api.get(v2(*kind, id), 1);
  request.phase(std::string(phase_names[of])).leads(one->leads);
  const auto answer = co_await job->ask(std::move(request));
  one->request = answer.number();
  one->current = record_of(answer);
  if (flag_of(one->current, "is_deleted") || answer.status() == 404) co_return false;
  if (id_of(one->current, "id") != id) {  // of a merged one the winner's is told: not the record asked for
    one->settled = true;
    auto why = classify(answer, asked::stored);
    if (!one->current.empty()) why = {"TARGET_GONE", "RECORD_GONE", "Pipedrive answered with another record", {}};
    job->fail(of, one->ordinal, why, answer.number());
  }
  co_return true;
}

sdk::task<> search(sync_job* job, const object_kind* kind, phase of, record* one) {
  const bool keyed = !job->key_field(*kind).empty();
  // Our key where nothing else tells who it is, or where an earlier attempt may have made it.
  if (keyed && (one->ambiguous || one->match.empty())) co_await search_by(job, kind, of, one, "custom_fields", one->key);
  if (!one->settled && one->candidates.empty() && !one->match.empty()) co_await search_by(job, kind, of, one, std::string(kind->match), one->match);
}

sdk::task<> read_recent(sync_job* job, const object_kind* kind, phase of, std::vector<record*> unresolved) {
  std::vector<std::uint32_t> leads;
  for (const auto* one : unresolved) leads.insert(leads.end(), one->leads.begin(), one->leads.end());
  const auto key_field = job->key_field(*kind);
  std::string first = v2(*kind) + "?updated_since=" + sdk::percent_encode(shortly_before(text_of(job->document, "now"))) +
                      "&sort_by=add_time&sort_direction=desc&limit=500";
  if (!key_field.empty()) first += "&custom_fields=" + std::string(key_field);
  std::string cursor;
  for (int page = 0; page < most_pages; ++page) {
    auto request = job->api.get(first + (cursor.empty() ? "" : "&cursor=" + sdk::percent_encode(cursor)), 10);
    request.phase(std::string(phase_names[of])).leads(leads);
    const auto answer = co_await job->ask(std::move(request));
    const auto document = success_of(answer);
    cursor = id_of(object_of(document, "additional_data"), "next_cursor");
    const bool unreadable = !document.contains("data");
    failure why;
    if (unreadable) why = classify(answer, asked::read);
    else if (!cursor.empty() && page + 1 == most_pages) why = {"REMOTE_BUSY", "MUCH_CHANGED", "too many records changed within the last minutes to look through", {}};
    for (auto* one : unresolved) {
      if (!why.category.empty()) {
        one->settled = true;
        job->fail(of, one->ordinal, why, answer.number());
        continue;
      }
      for (const auto& row : list_of(document, "data"))
        if (!flag_of(as_object(row), "is_deleted") && is_it(*job, *kind, as_object(row), *one, false)) add_candidate(*one, id_of(as_object(row), "id"));
      sort_candidates(*one);
    }
    if (cursor.empty() || unreadable) co_return;
  }
}
}  // namespace leadsync::pipedrive

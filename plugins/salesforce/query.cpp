#include "query.h"

namespace leadsync::salesforce {
namespace {
constexpr std::size_t longest_list = 9'000;  // bytes, encoded: URL and headers may have 16,384
constexpr int most_pages = 100;
}  // namespace

std::string soql_text(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) quoted += c;
  }
  return quoted += '\'';
}

std::string row_text(const json::object& row, std::string_view field) {
  const auto* value = row.if_contains(field);
  if (!value || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

sdk::task<query_result> query(std::string soql, std::string phase, std::vector<std::uint32_t> leads) {
  query_result result;
  std::string url = std::string(api) + "/query?q=" + sdk::percent_encode(soql);
  for (int page = 0; page < most_pages && !url.empty(); ++page) {
    const auto answer = co_await sdk::http.get(url).phase(phase).leads(leads);
    result.where.request = answer.number();
    const auto document = parsed_value(answer.body());
    const auto& found = as_object(document);
    if (!answer.ok() || !found.contains("records")) {
      result.failed = classify(answer);
      co_return result;
    }
    for (const auto& row : list_of(found, "records")) result.rows.push_back(as_object(row));
    url = text_of(found, "nextRecordsUrl");
    if (url.empty() && !flag_of(found, "done")) result.failed = failure{"UNEXPECTED", "MALFORMED_ANSWER", "a query's answer neither ends nor goes on"};
    if (!url.starts_with("/")) url.clear();
  }
  co_return result;
}

sdk::task<query_result> query_each(lookup what, std::vector<std::string> values, std::string phase, std::vector<std::uint32_t> leads) {
  query_result all;
  std::size_t next = 0;
  while (next < values.size()) {
    std::string list;
    for (std::size_t encoded = 0; next < values.size() && encoded < longest_list; ++next) {
      const auto one = what.like ? what.field + " LIKE " + soql_text("%" + values[next] + "%") : soql_text(values[next]);
      encoded += sdk::percent_encode(one).size() + 9;
      if (!list.empty()) list += what.like ? " OR " : ",";
      list += one;
    }
    const auto condition = (what.like ? "(" : what.field + " IN (") + list + ")";
    auto soql = "SELECT " + what.selected + " FROM " + what.type + " WHERE " + condition + what.and_also;
    auto part = co_await query(std::move(soql), phase, leads);
    all.where = part.where;
    all.rows.insert(all.rows.end(), part.rows.begin(), part.rows.end());
    all.failed = std::move(part.failed);
    if (all.failed) co_return all;
  }
  co_return all;
}
}  // namespace leadsync::salesforce

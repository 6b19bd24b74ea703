#include "salesforce/answers.h"
#include "salesforce/soql.h"

#include "base/text.h"

#include <algorithm>

namespace leadsync::simulator::salesforce {
namespace {

constexpr std::size_t page_size = 2000;

response page(org& account, const call& from, json::array rows, std::size_t total) {
  json::object body{{"totalSize", total}, {"done", rows.size() <= page_size}};
  if (rows.size() > page_size) {
    const auto locator = "01g5e00000AbCdEQA0-" + std::to_string(account.cursors.size() + 1);
    account.cursors[locator] = json::array(rows.begin() + page_size, rows.end());
    rows.erase(rows.begin() + page_size, rows.end());
    body["nextRecordsUrl"] = "/services/data/v" + from.version + "/query/" + locator;
  }
  body["records"] = std::move(rows);
  return ok(body);
}

response run(org& account, const call& from, const std::string& text) {
  soql query;
  if (const auto wrong = parse_soql(text, query); !wrong.empty()) return refuse(400, "MALFORMED_QUERY", wrong);
  auto* type = account.find_type(query.from);
  if (!type)
    return refuse(400, "INVALID_TYPE", "\n" + text + "\n^\nERROR at Row:1:Column:1\nsObject type '" + query.from +
                                           "' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. "
                                           "Please reference your WSDL or the describe call for the appropriate names.");
  for (const auto& name : fields_of(query))
    if (!type->find_field(name))
      return refuse(400, "INVALID_FIELD", "\n" + text + "\n^\nERROR at Row:1:Column:1\nNo such column '" + name + "' on entity '" + type->name() +
                                              "'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. "
                                              "Please reference your WSDL or the describe call for the appropriate names.");
  std::vector<const record*> found;
  for (const auto& one : type->records())
    if (!one.deleted && matches(query.where, *type, one)) found.push_back(&one);
  if (!query.order_by.empty())
    std::stable_sort(found.begin(), found.end(), [&](const record* left, const record* right) {
      return query.descending ? right->text(query.order_by) < left->text(query.order_by) : left->text(query.order_by) < right->text(query.order_by);
    });
  if (found.size() > query.limit) found.resize(query.limit);
  json::array rows;
  for (const auto* one : found) {
    json::object row{{"attributes", {{"type", type->name()}, {"url", "/services/data/v" + from.version + "/sobjects/" + type->name() + "/" + one->id}}}};
    for (const auto& name : query.selected) {
      const auto* what = type->find_field(name);
      const auto value = one->values.find(what->name);
      row[what->name] = value == one->values.end() ? (what->type == "boolean" ? json::value(false) : json::value(nullptr)) : value->second;
    }
    rows.push_back(std::move(row));
  }
  const auto total = rows.size();
  return page(account, from, std::move(rows), total);
}

}  // namespace

response handle_query(org& account, const call& from) {
  if (!from.is("GET")) return method_not_allowed(from, "GET,HEAD");
  if (from.path.size() == 2) {
    const auto rest = account.cursors.find(from.segment(1));
    if (rest == account.cursors.end()) return refuse(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    const auto rows = rest->second;
    return page(account, from, rows, rows.size());
  }
  const auto text = from.raw.parameter("q");
  return text ? run(account, from, *text) : refuse(400, "MALFORMED_QUERY", "unexpected token: <EOF>");
}

}  // namespace leadsync::simulator::salesforce

#pragma once
#include <leadsync/testkit.hpp>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

extern "C" const leadsync_plugin* leadsync_plugin_entry(void);

namespace leadsync::pipedrive_test {

using testkit::fault;
using testkit::response;

constexpr std::string_view person_key = "1111111111111111111111111111111111111111", organization_key = "2222222222222222222222222222222222222222";
constexpr std::string_view all_keys = R"({"person":"1111111111111111111111111111111111111111","organization":"2222222222222222222222222222222222222222","lead":"origin_id"})";

/// What a call succeeded with.
inline response found(std::string data, std::string_view additional = "null") {
  return testkit::json(200, R"({"success":true,"data":)" + std::move(data) + R"(,"additional_data":)" + std::string(additional) + "}");
}
inline response nobody() { return found(R"({"items":[]})", R"({"next_cursor":null})"); }
inline response empty_list() { return found("[]", R"({"next_cursor":null})"); }
inline response hits(const std::vector<std::string>& items) {
  std::string list;
  for (const auto& item : items) list += (list.empty() ? "" : ",") + (R"({"result_score":0.5,"item":)" + item + "}");
  return found(R"({"items":[)" + list + "]}");
}
inline response refused(std::uint32_t status, std::string_view error, std::string_view more = "") {
  return testkit::json(status, R"({"success":false,"error":)" + boost::json::serialize(boost::json::value(error)) + std::string(more) + "}");
}

inline std::string field(std::string_view name, std::string_view value, std::string_view type = "text", std::string_view mode = "overwrite") {
  return boost::json::serialize(boost::json::object{{name, {{"type", type}, {"value", value}, {"mode", mode}}}});
}

/// A lead as the daemon renders it. `objects` are JSON of fields by object; empty: no such object.
struct lead_text {
  int ordinal = 0;
  std::string person = R"({"name":{"type":"text","value":"Ada Lovelace","mode":"overwrite"},"email":{"type":"email","value":"Ada@Example.test","mode":"overwrite"}})";
  std::string lead, note;
  std::string company = "null", remote_ids = "{}", phases_done = "[]";
  bool ambiguous = false;

  [[nodiscard]] std::string text() const {
    const auto object = [](std::string_view name, const std::string& fields) { return fields.empty() ? "" : ",\"" + std::string(name) + R"(":{"fields":)" + fields + "}"; };
    const auto objects = object("person", person) + object("lead", lead) + object("note", note);
    return R"({"lead":)" + std::to_string(ordinal) + R"(,"key":"key-)" + std::to_string(ordinal) + R"(","company":)" + company + R"(,"ambiguous":)" +
           (ambiguous ? "true" : "false") + R"(,"remote_ids":)" + remote_ids + R"(,"phases_done":)" + phases_done + R"(,"objects":{)" +
           (objects.empty() ? "" : objects.substr(1)) + "}}";
  }
};

inline std::string company_text(std::string_view remote_id = "null", bool ambiguous = false, std::string_view domain = "\"acme.test\"", int ordinal = 0) {
  return R"({"company":)" + std::to_string(ordinal) + R"(,"key":"ckey","domain":)" + std::string(domain) + R"(,"name":"Acme","remote_id":)" + std::string(remote_id) +
         R"(,"ambiguous":)" + (ambiguous ? "true" : "false") +
         R"(,"objects":{"organization":{"fields":{"name":{"type":"text","value":"Acme","mode":"if_empty"}}}}})";
}

inline std::string sync_job(const std::vector<lead_text>& leads, const std::vector<std::string>& companies = {}, std::string_view key_fields = "{}",
                            std::string_view settings = "{}") {
  std::string lead_list, company_list;
  for (const auto& one : leads) lead_list += (lead_list.empty() ? "" : ",") + one.text();
  for (const auto& one : companies) company_list += (company_list.empty() ? "" : ",") + one;
  return R"({"kind":"sync","protocol":1,"now":"2026-11-25T00:01:00.000Z","seed":"7","api_base":"https://api.pipedrive.com","settings":)" + std::string(settings) +
         R"(,"account":{"id":"4711","url":"https://acme.pipedrive.com"},"key_fields":)" + std::string(key_fields) + R"(,"companies":[)" + company_list +
         R"(],"leads":[)" + lead_list + "]}";
}

class transcript : public testkit::session {
 public:
  explicit transcript(const std::string& job) : session(leadsync_plugin_entry(), job) {}

  [[nodiscard]] boost::json::value sent() const { return boost::json::parse(requests().at(0).body); }
  [[nodiscard]] boost::json::value result() const { return boost::json::parse(result_json()); }
  /// A member of the one verdict of a lead (or, in the company phase, a company); empty where there is none or are several.
  [[nodiscard]] std::string member(int ordinal, std::string_view phase, std::string_view name) const {
    std::string out;
    int count = 0;
    const auto all = boost::json::parse(verdicts_json());
    for (const auto& entry : all.as_array()) {
      const auto& one = entry.as_object();
      const auto* subject = one.if_contains(phase == "company" ? "company" : "lead");
      if (one.at("phase").as_string() != phase || !subject || subject->as_int64() != ordinal) continue;
      ++count;
      const auto* value = one.if_contains(name);
      out = !value ? "" : value->is_string() ? std::string(value->as_string()) : boost::json::serialize(*value);
    }
    EXPECT_LE(count, 1) << "more than one verdict for " << ordinal << " in " << phase;
    return out;
  }
  [[nodiscard]] std::string status(int ordinal, std::string_view phase) const { return member(ordinal, phase, "status"); }
  [[nodiscard]] std::string category(int ordinal, std::string_view phase) const { return member(ordinal, phase, "category"); }
};

constexpr std::string_view by_email = "/api/v2/persons/search?term=ada%40example.test&fields=email&exact_match=true&limit=100";
constexpr std::string_view recent_persons = "/api/v2/persons?updated_since=2026-11-24T23%3A58%3A00Z&sort_by=add_time&sort_direction=desc&limit=500";

}  // namespace leadsync::pipedrive_test

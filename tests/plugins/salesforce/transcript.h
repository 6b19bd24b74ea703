#pragma once
#include <leadsync/testkit.hpp>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

extern "C" const leadsync_plugin* leadsync_plugin_entry(void);

namespace leadsync::salesforce_test {

using testkit::fault;
inline testkit::response reply(std::uint32_t status, std::string body) { return testkit::json(status, std::move(body)); }

inline std::string quote(std::string_view text) { return boost::json::serialize(boost::json::value(text)); }

/// "name=value" pairs as text fields.
inline std::string fields(const std::vector<std::pair<std::string, std::string>>& values, std::string_view mode = "overwrite") {
  std::string out;
  for (const auto& [name, value] : values)
    out += (out.empty() ? "" : ",") + quote(name) + R"(:{"type":"text","value":)" + quote(value) + R"(,"mode":)" + quote(mode) + "}";
  return "{" + out + "}";
}

/// A lead as the daemon renders it.
struct lead_text {
  int ordinal = 0;
  std::string person = "{}";  // fields
  std::string task = {};      // fields; empty: no such object
  std::string company = "null";
  std::string remote_ids = "{}";
  std::string phases_done = "[]";
  bool ambiguous = false;

  [[nodiscard]] std::string text() const {
    return R"({"lead":)" + std::to_string(ordinal) + R"(,"key":"key-)" + std::to_string(ordinal) + R"(","company":)" + company + R"(,"ambiguous":)" +
           (ambiguous ? "true" : "false") + R"(,"remote_ids":)" + remote_ids + R"(,"phases_done":)" + phases_done +
           R"(,"objects":{"person":{"fields":)" + person + "}" + (task.empty() ? "" : R"(,"task":{"fields":)" + task + "}") + "}}";
  }
};

inline std::string acme(std::string_view remote_id = "", std::string_view own = R"({"Name":{"type":"text","value":"Acme","mode":"if_empty"}})",
                        std::string_view name = R"("Acme")") {
  return R"({"company":0,"key":"ckey-0","domain":"acme.test","name":)" + std::string(name) + R"(,"remote_id":)" +
         (remote_id.empty() ? "null" : quote(remote_id)) + R"(,"ambiguous":false,"objects":{"account":{"fields":)" + std::string(own) + "}}}";
}

constexpr std::string_view all_keys = R"({"person":"leadsync_key__c","account":"leadsync_key__c","task":"leadsync_key__c"})";
inline const std::string contacts = R"({"strategy":"accounts_and_contacts"})";

/// People are found by our key alone where `settings` says nothing of it: one call less in each test.
inline std::string sync_job(const std::vector<lead_text>& leads, std::string_view key_fields = all_keys, std::string settings = "{}",
                            const std::string& companies = "") {
  if (settings.find("\"match\"") == std::string::npos) settings.insert(1, settings == "{}" ? "\"match\":\"key\"" : "\"match\":\"key\",");
  std::string list;
  for (const auto& one : leads) list += (list.empty() ? "" : ",") + one.text();
  return R"({"kind":"sync","protocol":1,"now":"2026-11-25T09:30:00.000Z","seed":"7","api_base":"https://acme.my.salesforce.com","settings":)" +
         settings + R"(,"account":{"id":"00D5e000000PRODEA4","url":"https://acme.my.salesforce.com"},"key_fields":)" +
         std::string(key_fields) + R"(,"companies":[)" + companies + R"(],"leads":[)" + list + "]}";
}

/// `count` leads with an e-mail address each, person0@example.test and so on.
inline std::vector<lead_text> people(int count) {
  std::vector<lead_text> leads;
  for (int i = 0; i < count; ++i)
    leads.push_back({.ordinal = i, .person = fields({{"LastName", "P" + std::to_string(i)}, {"Email", "person" + std::to_string(i) + "@example.test"}})});
  return leads;
}

inline std::string id_of(int number, std::string_view prefix = "00Q") {
  const auto digits = std::to_string(number);
  return std::string(prefix) + std::string("5e0000000000").substr(0, 12 - digits.size()) + digits + "AAA";
}
inline std::string good(int number, std::string_view prefix = "00Q") { return R"({"id":")" + id_of(number, prefix) + R"(","success":true,"errors":[],"created":true})"; }
inline std::string bad(std::string_view code, std::string_view message, std::string_view names = "") {
  return R"({"success":false,"errors":[{"statusCode":)" + quote(code) + R"(,"message":)" + quote(message) + R"(,"fields":[)" + std::string(names) + "]}]}";
}
inline std::string rows(const std::vector<std::string>& all) {
  std::string out;
  for (const auto& one : all) out += (out.empty() ? "" : ",") + one;
  return "[" + out + "]";
}
inline std::string goods(int count, int first = 0, std::string_view prefix = "00Q") {
  std::vector<std::string> all;
  for (int i = first; i < first + count; ++i) all.push_back(good(i, prefix));
  return rows(all);
}
inline std::string found(const std::vector<std::string>& records) {
  return R"({"totalSize":)" + std::to_string(records.size()) + R"(,"done":true,"records":)" + rows(records) + "}";
}

class transcript : public testkit::session {
 public:
  explicit transcript(const std::string& job) : session(leadsync_plugin_entry(), job) {}

  boost::json::value sent() const { return boost::json::parse(requests().at(0).body); }
  boost::json::value result() const { return boost::json::parse(result_json()); }
  std::size_t record_count() const { return sent().at("records").as_array().size(); }

  /// The one verdict of a lead (or, in the company phase, a company); an empty object where there is none or are several.
  boost::json::object verdict(int ordinal, std::string_view phase) const {
    boost::json::object chosen;
    int count = 0;
    const auto all = boost::json::parse(verdicts_json());
    for (const auto& entry : all.as_array()) {
      const auto* subject = entry.as_object().if_contains(phase == "company" ? "company" : "lead");
      if (entry.at("phase").as_string() != phase || !subject || subject->as_int64() != ordinal) continue;
      chosen = entry.as_object();
      ++count;
    }
    EXPECT_LE(count, 1) << "more than one verdict for " << ordinal << " in " << phase;
    return chosen;
  }
  std::string member(int ordinal, std::string_view phase, std::string_view name) const {
    const auto chosen = verdict(ordinal, phase);
    const auto* value = chosen.if_contains(name);
    return !value ? "" : value->is_string() ? std::string(value->as_string()) : boost::json::serialize(*value);
  }
  std::string status(int ordinal, std::string_view phase = "person") const { return member(ordinal, phase, "status"); }
  std::string category(int ordinal, std::string_view phase = "person") const { return member(ordinal, phase, "category"); }
  std::string at(std::string_view pointer) const {
    boost::system::error_code failure;
    const auto document = sent();
    const auto* value = document.find_pointer(pointer, failure);
    return !value ? "(none)" : value->is_string() ? std::string(value->as_string()) : boost::json::serialize(*value);
  }
};

constexpr std::string_view leads_upsert = "/services/data/v62.0/composite/sobjects/Lead/leadsync_key__c";
constexpr std::string_view contacts_upsert = "/services/data/v62.0/composite/sobjects/Contact/leadsync_key__c";
constexpr std::string_view tasks_upsert = "/services/data/v62.0/composite/sobjects/Task/leadsync_key__c";
constexpr std::string_view accounts_upsert = "/services/data/v62.0/composite/sobjects/Account/leadsync_key__c";
constexpr std::string_view collection = "/services/data/v62.0/composite/sobjects";

}  // namespace leadsync::salesforce_test

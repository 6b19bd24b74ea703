#pragma once
#include <leadsync/testkit.hpp>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

extern "C" const leadsync_plugin* leadsync_plugin_entry(void);

namespace leadsync::zoho_test {

using testkit::fault;
using testkit::response;
inline response reply(std::uint32_t status, std::string body) { return testkit::json(status, std::move(body)); }
inline std::string quote(std::string_view text) { return boost::json::serialize(boost::json::value(text)); }

/// "name=value" pairs as text fields.
inline std::string fields(const std::vector<std::pair<std::string, std::string>>& values, std::string_view mode = "overwrite") {
  std::string out;
  for (const auto& [name, value] : values)
    out += (out.empty() ? "" : ",") + quote(name) + R"(:{"type":)" + quote(name == "Email" ? "email" : "text") + R"(,"value":)" + quote(value) + R"(,"mode":)" +
           quote(mode) + "}";
  return "{" + out + "}";
}

/// A lead as the daemon renders it.
struct lead_text {
  int ordinal = 0;
  std::string person = "{}";  // fields
  std::string note = {};      // its text; empty: no such object
  std::string company = "null";
  std::string remote_ids = "{}";
  std::string phases_done = "[]";
  bool ambiguous = false;

  [[nodiscard]] std::string text() const {
    return R"({"lead":)" + std::to_string(ordinal) + R"(,"key":"key-)" + std::to_string(ordinal) + R"(","company":)" + company + R"(,"ambiguous":)" +
           (ambiguous ? "true" : "false") + R"(,"remote_ids":)" + remote_ids + R"(,"phases_done":)" + phases_done + R"(,"objects":{"person":{"fields":)" +
           person + "}" + (note.empty() ? "" : R"(,"note":{"fields":)" + fields({{"Note_Content", note}}) + "}") + "}}";
  }
};

inline std::string company_text(std::string_view name, std::string_view remote_id = "") {
  return R"({"company":0,"key":"ckey-0","domain":"acme.test","name":)" + quote(name) + R"(,"remote_id":)" + (remote_id.empty() ? "null" : quote(remote_id)) +
         R"(,"ambiguous":false,"objects":{"account":{"fields":)" + fields({{"Account_Name", std::string(name)}}) + "}}}";
}

constexpr std::string_view all_keys = R"({"person":"leadsync_key","account":"leadsync_key"})";

inline std::string sync_job(const std::vector<lead_text>& leads, std::string_view key_fields = all_keys, std::string_view settings = R"({"read_back":false})",
                            const std::string& companies = "") {
  std::string list;
  for (const auto& one : leads) list += (list.empty() ? "" : ",") + one.text();
  return R"({"kind":"sync","protocol":1,"now":"2026-11-25T09:30:00.000Z","seed":"7","api_base":"https://www.zohoapis.com","settings":)" +
         std::string(settings) + R"(,"account":{"id":"707","url":"https://crm.zoho.com/crm/org707"},"key_fields":)" + std::string(key_fields) +
         R"(,"companies":[)" + companies + R"(],"leads":[)" + list + "]}";
}

/// `count` leads, person0@example.test and so on.
inline std::vector<lead_text> people(int count) {
  std::vector<lead_text> leads;
  for (int i = 0; i < count; ++i)
    leads.push_back({.ordinal = i, .person = fields({{"Last_Name", "P"}, {"Email", "person" + std::to_string(i) + "@example.test"}})});
  return leads;
}

inline std::string good(std::string_view id, std::string_view action = "insert") {
  return R"({"code":"SUCCESS","duplicate_field":null,"action":)" + quote(action) + R"(,"details":{"id":)" + quote(id) + R"(},"message":"record added","status":"success"})";
}
inline std::string bad(std::string_view code, std::string_view details, std::string_view message = "invalid data") {
  return R"({"code":)" + quote(code) + R"(,"details":)" + std::string(details) + R"(,"message":)" + quote(message) + R"(,"status":"error"})";
}
inline std::string data(const std::vector<std::string>& rows) {
  std::string out;
  for (const auto& one : rows) out += (out.empty() ? "" : ",") + one;
  return R"({"data":[)" + out + "]}";
}

class transcript : public testkit::session {
 public:
  explicit transcript(const std::string& job) : session(leadsync_plugin_entry(), job) {}

  boost::json::value sent() const { return boost::json::parse(requests().at(0).body); }
  boost::json::value result() const { return boost::json::parse(result_json()); }

  /// The one verdict of a lead (or, in the company phase, a company); an empty object where there is none.
  boost::json::object verdict(int ordinal, std::string_view phase) const {
    boost::json::object found;
    int count = 0;
    const auto all = boost::json::parse(verdicts_json());
    for (const auto& entry : all.as_array()) {
      const auto* subject = entry.as_object().if_contains(phase == "company" ? "company" : "lead");
      if (entry.at("phase").as_string() != phase || !subject || subject->as_int64() != ordinal) continue;
      found = entry.as_object();
      ++count;
    }
    EXPECT_LE(count, 1) << "more than one verdict for " << ordinal << " in " << phase;
    return found;
  }
  std::string member(int ordinal, std::string_view phase, std::string_view name) const {
    const auto found = verdict(ordinal, phase);
    const auto* value = found.if_contains(name);
    return !value ? "" : value->is_string() ? std::string(value->as_string()) : boost::json::serialize(*value);
  }
  std::string status(int ordinal, std::string_view phase = "person") const { return member(ordinal, phase, "status"); }
  std::string category(int ordinal, std::string_view phase = "person") const { return member(ordinal, phase, "category"); }
};

constexpr std::string_view leads_upsert = "/crm/v8/Leads/upsert";
constexpr std::string_view leads_url = "/crm/v8/Leads";

}  // namespace leadsync::zoho_test

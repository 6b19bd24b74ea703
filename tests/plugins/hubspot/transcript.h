#pragma once
#include <leadsync/testkit.hpp>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

extern "C" const leadsync_plugin* leadsync_plugin_entry(void);

namespace leadsync::hubspot_test {

using testkit::fault;
inline testkit::response reply(std::uint32_t status, std::string body) { return testkit::json(status, std::move(body)); }
using testkit::response;

inline std::string quote(std::string_view text) { return boost::json::serialize(boost::json::value(text)); }

/// "name=value" pairs as overwriting text fields.
inline std::string fields(const std::vector<std::pair<std::string, std::string>>& values, std::string_view mode = "overwrite") {
  std::string out;
  for (const auto& [name, value] : values)
    out += (out.empty() ? "" : ",") + quote(name) + R"(:{"type":"text","value":)" + quote(value) + R"(,"mode":)" + quote(mode) + "}";
  return "{" + out + "}";
}

/// A lead as the daemon renders it.
struct lead_text {
  int ordinal = 0;
  std::string contact = "{}";  // fields
  std::string note = {};       // fields; empty: no such object
  std::string company = "null";
  std::string remote_ids = "{}";
  std::string phases_done = "[]";
  bool ambiguous = false;

  [[nodiscard]] std::string text() const {
    return R"({"lead":)" + std::to_string(ordinal) + R"(,"key":"key-)" + std::to_string(ordinal) + R"(","company":)" + company + R"(,"ambiguous":)" +
           (ambiguous ? "true" : "false") + R"(,"remote_ids":)" + remote_ids + R"(,"phases_done":)" + phases_done +
           R"(,"objects":{"contact":{"fields":)" + contact + "}" + (note.empty() ? "" : R"(,"note":{"fields":)" + note + "}") + "}}";
  }
};

struct company_text {
  int ordinal = 0;
  std::string domain = "acme.test";
  std::string name = "Acme";
  std::string remote_id = {};
  std::string fields = {};
  bool ambiguous = false;

  [[nodiscard]] std::string text() const {
    const auto or_null = [](const std::string& value) { return value.empty() ? std::string("null") : quote(value); };
    const auto own = fields.empty() ? hubspot_test::fields({{"name", name}, {"domain", domain}}) : fields;
    return R"({"company":)" + std::to_string(ordinal) + R"(,"key":"ckey-)" + std::to_string(ordinal) + R"(","domain":)" + or_null(domain) +
           R"(,"name":)" + quote(name) + R"(,"remote_id":)" + or_null(remote_id) + R"(,"ambiguous":)" + (ambiguous ? "true" : "false") +
           R"(,"objects":{"company":{"fields":)" + own + "}}}";
  }
};

template <class Text>
std::string list_text(const std::vector<Text>& all) {
  std::string out;
  for (const auto& one : all) out += (out.empty() ? "" : ",") + one.text();
  return "[" + out + "]";
}

constexpr std::string_view all_keys = R"({"contact":"leadsync_key","company":"leadsync_key","note":"leadsync_key"})";

inline std::string sync_job(const std::vector<lead_text>& leads, const std::vector<company_text>& companies = {},
                            std::string_view key_fields = "{}", std::string_view settings = "{}") {
  return R"({"kind":"sync","protocol":1,"now":"2026-11-25T09:30:00.000Z","seed":"7","api_base":"https://api.hubapi.com","settings":)" +
         std::string(settings) + R"(,"account":{"id":"4711"},"key_fields":)" + std::string(key_fields) + R"(,"companies":)" +
         list_text(companies) + R"(,"leads":)" + list_text(leads) + "}";
}

/// `count` leads with an e-mail address each, person0@example.test and so on.
inline std::vector<lead_text> people(int count) {
  std::vector<lead_text> leads;
  for (int i = 0; i < count; ++i)
    leads.push_back({.ordinal = i, .contact = fields({{"email", "person" + std::to_string(i) + "@example.test"}, {"firstname", "P"}})});
  return leads;
}

/// One row of `results`.
inline std::string row(std::string_view id, std::string_view properties = "{}", std::string_view more = "") {
  return R"({"id":")" + std::string(id) + R"(","properties":)" + std::string(properties) + std::string(more) + "}";
}
inline std::string traced(int trace, std::string_view id) { return row(id, "{}", R"(,"objectWriteTraceId":")" + std::to_string(trace) + "\""); }

inline std::string results(const std::vector<std::string>& rows, const std::vector<std::string>& errors = {}) {
  const auto joined = [](const std::vector<std::string>& list) {
    std::string out;
    for (const auto& one : list) out += (out.empty() ? "" : ",") + one;
    return out;
  };
  return R"({"status":"COMPLETE","results":[)" + joined(rows) + "]" + (errors.empty() ? "" : R"(,"errors":[)" + joined(errors) + "]") + "}";
}

/// A batch/read of what does not exist.
inline response nothing_found() {
  return reply(207, results({}, {R"({"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some objects","context":{"ids":["x"]}})"}));
}

class transcript : public testkit::session {
 public:
  explicit transcript(const std::string& job) : session(leadsync_plugin_entry(), job) {}

  boost::json::value body(std::size_t request) const { return boost::json::parse(history().at(request).body); }
  boost::json::value sent() const { return boost::json::parse(requests().at(0).body); }
  boost::json::value result() const { return boost::json::parse(result_json()); }

  std::vector<boost::json::object> verdicts_of(std::string_view phase) const {
    std::vector<boost::json::object> found;
    const auto all = boost::json::parse(verdicts_json());
    for (const auto& entry : all.as_array())
      if (entry.at("phase").as_string() == phase) found.push_back(entry.as_object());
    return found;
  }
  /// The one verdict of a lead (or, in the company phase, a company); an empty object where there is none or are several.
  boost::json::object verdict(int ordinal, std::string_view phase) const {
    boost::json::object found;
    int count = 0;
    for (const auto& entry : verdicts_of(phase)) {
      const auto* subject = entry.if_contains(phase == "company" ? "company" : "lead");
      if (!subject || subject->as_int64() != ordinal) continue;
      found = entry;
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
  std::string status(int ordinal, std::string_view phase) const { return member(ordinal, phase, "status"); }
  std::string category(int ordinal, std::string_view phase) const { return member(ordinal, phase, "category"); }
};

constexpr std::string_view contacts_upsert = "/crm/v3/objects/contacts/batch/upsert";
constexpr std::string_view contacts_update = "/crm/v3/objects/contacts/batch/update";
constexpr std::string_view contacts_create = "/crm/v3/objects/contacts/batch/create";
constexpr std::string_view contacts_read = "/crm/v3/objects/contacts/batch/read";

}  // namespace leadsync::hubspot_test

#include "account.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace leadsync::simulator {
namespace {

/// Bodies that the real API gave, kept outside of the repository: LEADSYNC_RECORDED_BODIES names the folder.
json::value recorded(const std::string& name) {
  const char* folder = std::getenv("LEADSYNC_RECORDED_BODIES");
  const std::filesystem::path path = std::filesystem::path(folder ? folder : "/nonexistent") / name;
  std::ifstream file(path);
  if (!file) return nullptr;
  std::stringstream text;
  text << file.rdbuf();
  return json::parse(text.str());
}

/// Every member of the recorded body is in ours, with the same type; the recorded rows of an array stand for all rows.
void expect_shape(const json::value& theirs, const json::value& ours, const std::string& at) {
  if (theirs.is_null()) return;
  ASSERT_EQ(theirs.kind() == json::kind::int64 ? json::kind::uint64 : theirs.kind(), ours.kind() == json::kind::int64 ? json::kind::uint64 : ours.kind()) << at;
  if (theirs.is_object()) {
    for (const auto& [name, value] : theirs.get_object()) {
      const std::string_view key(name);
      if (at.ends_with("/properties")) continue;  // the account's own
      ASSERT_TRUE(ours.get_object().contains(name)) << at << " lacks " << key;
      expect_shape(value, ours.get_object().at(name), at + "/" + std::string(key));
    }
  } else if (theirs.is_array() && !theirs.get_array().empty()) {
    ASSERT_FALSE(ours.get_array().empty()) << at;
    expect_shape(theirs.get_array().front(), ours.get_array().front(), at + "/0");
  }
}

TEST(RecordedBodies, HaveTheMembersAndTypesThatOursHave) {
  if (recorded("batch/create/contacts/err-partial-success.json").is_null()) GTEST_SKIP() << "no recorded bodies on this machine";
  account crm;
  const auto id = crm.create("contacts", R"({"email":"b@x.example"})");
  const auto company = crm.create("companies", R"({"name":"Acme"})");
  const auto create = "/crm/v3/objects/contacts/batch/create";
  const auto update = "/crm/v3/objects/contacts/batch/update";
  expect_shape(recorded("batch/create/contacts/err-partial-success.json"),
               crm.post(create, R"({"inputs":[{"properties":{"email":"a@x.example"},"objectWriteTraceId":"1"},{"properties":{"email":"b@x.example"},"objectWriteTraceId":"2"}]})").body, "partial");
  expect_shape(recorded("batch/create/contacts/err-conflict.json"), crm.post(create, R"({"inputs":[{"properties":{"email":"b@x.example"}}]})").body, "conflict");
  expect_shape(recorded("batch/create/contacts/err-many-invalid-properties.json"), crm.post(create, R"({"inputs":[{"properties":{"first000name":"1"}}]})").body, "invalid");
  expect_shape(recorded("batch/create/contacts/success.json"), crm.post(create, R"({"inputs":[{"properties":{"email":"c@x.example"}}]})").body, "created");
  expect_shape(recorded("batch/update/contacts/err-duplicate-ids.json"), crm.post(update, R"({"inputs":[{"id":"1","properties":{}},{"id":"1","properties":{}}]})").body, "duplicates");
  expect_shape(recorded("batch/update/contacts/err-partial-success.json"),
               crm.post(update, R"({"inputs":[{"id":"1","properties":{"city":"Ulm"}},{"id":")" + id + R"(","properties":{"city":"Ulm"}}]})").body, "missing");
  expect_shape(recorded("search/error-invalid-object.json"), crm.get("/crm/v3/objects/butterflies").body, "type");
  expect_shape(recorded("post-auth/account-info.json"), crm.get("/account-info/v3/details").body, "account");
  expect_shape(recorded("associations/contact-to-company-resp.json"),
               crm.post("/crm/v4/associations/contacts/companies/batch/create", R"({"inputs":[{"from":{"id":")" + id + R"("},"to":{"id":")" + company +
                                                                                    R"("},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}]}]})").body, "associated");
  expect_shape(recorded("search/contacts/contacts-to-companies.json"),
               crm.post("/crm/v4/associations/contacts/companies/batch/read", R"({"inputs":[{"id":")" + id + R"("},{"id":"103107104018"}]})").body, "associations");
}

}  // namespace
}  // namespace leadsync::simulator

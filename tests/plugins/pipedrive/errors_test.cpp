#include "plugins/pipedrive/errors.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <sstream>

namespace leadsync::pipedrive {
namespace {

struct known_failure {
  std::string_view name;
  unsigned status;
  std::string body;
  asked what;
  std::string_view category;
  std::string_view field = "";
  std::int64_t retry_after_ms = 0;
  std::vector<std::pair<std::string, std::string>> headers = {};
};

std::string said(std::string_view error, std::string_view more = "") {
  return R"({"success":false,"error":)" + json::serialize(json::value(error)) + std::string(more) + "}";
}
constexpr std::string_view schema = R"(,"code":"ERR_SCHEMA_VALIDATION_FAILED")";
constexpr std::string_view info = R"(,"error_info":"Please check developers.pipedrive.com","data":null,"additional_data":null)";
constexpr std::string_view hash = "4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f";

const std::vector<known_failure>& table() {
  static const std::vector<known_failure> all{
      {"token, revoked", 400, said("Invalid grant: refresh_token is invalid"), asked::token, "AUTHENTICATION"},
      {"token, wrong client", 400, said("Invalid client: client is invalid"), asked::token, "AUTHENTICATION"},
      {"token, no credentials", 400, R"({"message":"Invalid client: cannot retrieve client credentials"})", asked::token, "AUTHENTICATION"},
      {"token, described", 400, R"({"error_description":"Invalid grant: authorization_code has expired"})", asked::token, "AUTHENTICATION"},
      {"token, no grant", 400, said("Missing parameter: grant_type"), asked::token, "UNEXPECTED"},
      {"token, other grant", 400, said("Unsupported grant type: grant_type is invalid"), asked::token, "UNEXPECTED"},
      {"token, redirect", 400, said("Invalid request: redirect_uri is invalid"), asked::token, "UNEXPECTED"},
      {"token, server", 500, "", asked::token, "CONNECTION"},
      {"header", 400, said("Invalid request: malformed authorization header"), asked::read, "AUTHENTICATION"},
      {"expired", 401, said("Invalid token: access_token is invalid"), asked::read, "AUTHENTICATION"},
      {"bad token", 401, said("unauthorized access", R"(,"errorCode":401,"error_info":"Please check developers.pipedrive.com")"), asked::read, "AUTHENTICATION"},
      {"scope", 403, said("Scope and URL mismatch", R"(,"errorCode":403,"error_info":"Please check developers.pipedrive.com")"), asked::read, "PERMISSION"},
      {"rights", 403, said("You do not have permissions to do this.", info), asked::blind_write, "PERMISSION"},
      {"plan", 403, said("Couldn't add the deal. Open deals limit reached.", R"(,"code":"feature_capping_deals_limit")"), asked::blind_write, "PERMISSION"},
      {"no service", 403, said("Requested service is not available", info), asked::blind_write, "PERMISSION"},
      {"closed account", 402, said("Payment required"), asked::read, "PERMISSION"},
      {"feature off", 415, said("Feature is not enabled"), asked::read, "PERMISSION"},
      {"cloudflare", 403, "<html><head><title>Access denied</title></head></html>", asked::read, "THROTTLED", "", 300'000},
      {"daily", 429, said("daily request budget exceeded", R"(,"errorCode":429)"), asked::read, "QUOTA_EXHAUSTED", "", 3'939'000, {{"retry-after", "3939"}}},
      {"daily by its wait", 429, said("Request over limit"), asked::read, "QUOTA_EXHAUSTED", "", 61'000, {{"retry-after", "61"}}},
      {"burst", 429, said("Request over limit", R"(,"errorCode":429)"), asked::read, "THROTTLED", "", 2'000, {{"x-ratelimit-reset", "1"}}},
      {"burst, longer", 429, said("Request over limit"), asked::read, "THROTTLED", "", 4'000, {{"x-ratelimit-reset", "4"}}},
      {"lead gone", 404, said("requested lead not found", info), asked::stored, "TARGET_GONE"},
      {"record gone", 404, said("Entity was not found", info), asked::stored, "TARGET_GONE"},
      {"no such path", 404, said("%Resource not found"), asked::read, "UNEXPECTED"},
      {"field gone", 410, said("The field is not found"), asked::read, "MISSING_REMOTE_FIELD"},
      {"hash at the root", 400, said("Validation failed: 4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f: Parameter '4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f' is not allowed for this request", schema), asked::blind_write, "MISSING_REMOTE_FIELD", hash},
      {"unknown key", 400, said("Validation failed: custom_fields: Unknown key 'title'", schema), asked::blind_write, "MISSING_REMOTE_FIELD", "title"},
      {"unknown key, v1", 400, said("Invalid field(s) in the payload: foo"), asked::keyed_write, "MISSING_REMOTE_FIELD", "foo"},
      {"label for an enum", 400, said("Validation failed: custom_fields: Expected 'number' as value for single option custom field", R"(,"code":"ERR_SCHEMA_VALIDATION_FAILED","field_code":"4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f")"), asked::blind_write, "DATA_VALUE_VALIDATION", hash},
      {"text for a link", 400, said("Validation failed: custom_fields: Expected 'number' as value for organization custom field 'Parent'", schema), asked::blind_write, "DATA_FORMAT_VALIDATION"},
      {"object for a scalar", 400, said("Validation failed: custom_fields: Invalid collection", R"(,"code":"ERR_SCHEMA_VALIDATION_FAILED","additional_data":{"field_code":"x"})"), asked::blind_write, "DATA_FORMAT_VALIDATION", "x"},
      {"text for a time", 400, said("Validation failed: custom_fields: Time custom field value expected 'object'", schema), asked::blind_write, "DATA_FORMAT_VALIDATION"},
      {"empty text", 400, said("Expected non-empty 'string' as value, use null to clear", schema), asked::blind_write, "DATA_FORMAT_VALIDATION"},
      {"milliseconds", 400, said("Validation failed: updated_since: x is not a valid datetime", schema), asked::read, "DATA_FORMAT_VALIDATION"},
      {"schema, unseen", 400, said("Validation failed: something new", schema), asked::blind_write, "DATA_FORMAT_VALIDATION"},
      {"no name", 400, said("Name must be given."), asked::blind_write, "REQUIRED_FIELD_MISSING"},
      {"no organization name", 400, said("Organization name must be given."), asked::blind_write, "REQUIRED_FIELD_MISSING"},
      {"no link", 400, said("One of the \"person_id\" or \"organization_id\" must be set."), asked::blind_write, "REQUIRED_FIELD_MISSING", "person_id"},
      {"loose note", 400, said("Note must be associated with at least one organization, person, deal, lead or project."), asked::blind_write, "REQUIRED_FIELD_MISSING"},
      {"note's subject", 400, said("Cannot add/update note because deal does not exist or you have no permissions to access this deal."), asked::blind_write, "TARGET_GONE"},
      {"marketing", 400, said("Email must be given if marketing status is set."), asked::blind_write, "REQUIRED_FIELD_MISSING"},
      {"long title", 400, said("\"title\" length must be less than or equal to 255 characters long"), asked::blind_write, "DATA_TOO_LONG", "title"},
      {"bad request", 400, said("Bad request"), asked::keyed_write, "DATA_VALUE_VALIDATION"},
      {"unknown", 500, said("Internal Server Error", R"(,"code":"ERR_UNKNOWN")"), asked::blind_write, "UNEXPECTED"},
      {"unknown, of a read", 500, said("Internal Server Error", R"(,"code":"ERR_UNKNOWN")"), asked::read, "CONNECTION"},
      {"gateway", 502, "<html>", asked::blind_write, "CONNECTION", "", 30'000},
      {"maintenance", 503, "", asked::read, "REMOTE_BUSY"},
      {"too large", 413, "", asked::blind_write, "PAYLOAD_REJECTED"},
      {"success is false", 200, said("Something went wrong"), asked::blind_write, "UNEXPECTED"},
      {"no JSON", 200, "<html>", asked::read, "UNEXPECTED"},
      {"no record", 200, R"({"success":true,"data":null})", asked::blind_write, "AMBIGUOUS_WRITE"}};
  return all;
}

/// The SDK's answer as the daemon would give it.
class given_answer {
 public:
  explicit given_answer(unsigned status, std::string body, std::vector<std::pair<std::string, std::string>> headers = {}, std::uint32_t transport = LEADSYNC_OK)
      : body_(std::move(body)), texts_(std::move(headers)) {
    for (const auto& [name, value] : texts_) headers_.push_back({sizeof(leadsync_header), {name.data(), name.size()}, {value.data(), value.size()}});
    for (const auto& one : headers_) pointers_.push_back(&one);
    response_ = {sizeof response_, transport, status, pointers_.data(), pointers_.size(), {body_.data(), body_.size()}, {}, 0, 0};
  }
  [[nodiscard]] sdk::answer get() const { return sdk::answer(0, &response_); }

 private:
  std::string body_;
  std::vector<std::pair<std::string, std::string>> texts_;
  std::vector<leadsync_header> headers_;
  std::vector<const leadsync_header*> pointers_;
  leadsync_response response_{};
};

TEST(Errors, AreFiledUnderTheirCategories) {
  for (const auto& one : table()) {
    const given_answer answer(one.status, one.body, one.headers);
    const auto why = classify(answer.get(), one.what);
    EXPECT_EQ(why.category, one.category) << one.name;
    EXPECT_EQ(why.field, one.field) << one.name;
    EXPECT_EQ(why.retry_after_ms, one.retry_after_ms) << one.name;
    EXPECT_FALSE(why.message.empty() || why.crm_code.empty()) << one.name;
  }
}

TEST(Errors, OfTheLineDependOnWhatWasAsked) {
  const auto of = [](std::uint32_t transport, asked what) { return std::string(classify(given_answer(0, "", {}, transport).get(), what).category); };
  EXPECT_EQ(of(LEADSYNC_NOT_SENT, asked::blind_write), "CONNECTION");
  EXPECT_EQ(of(LEADSYNC_SENT_NO_ANSWER, asked::blind_write), "AMBIGUOUS_WRITE");
  EXPECT_EQ(of(LEADSYNC_TRUNCATED, asked::blind_write), "AMBIGUOUS_WRITE");
  EXPECT_EQ(of(LEADSYNC_SENT_NO_ANSWER, asked::keyed_write), "CONNECTION");
  EXPECT_EQ(of(LEADSYNC_SENT_NO_ANSWER, asked::read), "CONNECTION");
  EXPECT_EQ(of(LEADSYNC_REFUSED_HOST, asked::read), "PLUGIN_FAULT");
}

/// Every body of Pipedrive's published examples.
TEST(Errors, OfThePublishedCatalogueAreFiled) {
  const char* folder = std::getenv("LEADSYNC_ERROR_CATALOGUES");
  const std::filesystem::path file = std::filesystem::path(folder ? folder : "/work/shared/crm/specs") / "pipedrive/derived-error-bodies.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  const std::map<unsigned, std::string_view> by_status{{400, "DATA_VALUE_VALIDATION"}, {401, "AUTHENTICATION"}, {403, "PERMISSION"}, {404, "TARGET_GONE"}, {410, "MISSING_REMOTE_FIELD"}};
  const auto catalogue = parsed(text.str());
  std::size_t count = 0;
  for (const auto& entry : list_of(catalogue, "errors")) {
    const auto status = static_cast<unsigned>(as_object(entry).at("status").as_int64());
    const auto body = json::serialize(as_object(entry).at("body"));
    const auto why = classify(given_answer(status, body).get(), asked::stored);
    EXPECT_EQ(why.category, by_status.at(status)) << body;
    EXPECT_EQ(why.message.find("HTTP "), std::string::npos) << "Pipedrive's own text is kept: " << body;
    ++count;
  }
  EXPECT_EQ(count, 10u);
}

}  // namespace
}  // namespace leadsync::pipedrive

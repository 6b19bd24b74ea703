#include "transcript.h"

#include <map>

namespace leadsync::salesforce_test {
namespace {

constexpr std::string_view jobs = "/services/data/v62.0/jobs/ingest";
constexpr std::string_view job = "/services/data/v62.0/jobs/ingest/750x";
const std::string rules = "/services/data/v62.0/query?q=SELECT%20Id%20FROM%20AssignmentRule%20WHERE%20SobjectType%20%3D%20%27Lead%27%20AND%20Active%20%3D%20true";

std::string part(std::string_view name) { return std::string(job) + std::string(name); }
testkit::response csv(std::string text) {
  auto made = reply(200, std::move(text));
  made.headers = {{"content-type", "text/csv"}};
  return made;
}
testkit::response state(std::string_view name) { return reply(200, R"({"id":"750x","state":")" + std::string(name) + "\"}"); }

std::string quoted_row(const std::vector<std::string>& cells) {
  std::string out;
  for (const auto& cell : cells) out += (out.empty() ? "\"" : ",\"") + cell + "\"";
  return out + "\n";
}

/// The results of people(): those of `bad` by their error, all others succeeded; the last comes first, as their order is nobody's.
struct results {
  std::map<int, std::string> errors;
  int count = 2000;
  [[nodiscard]] std::string good() const {
    std::string out = quoted_row({"sf__Id", "sf__Created", "leadsync_key__c", "LastName", "Email"});
    for (int i = count - 1; i >= 0; --i)
      if (!errors.contains(i)) out += quoted_row({id_of(i), "true", "key-" + std::to_string(i), "P" + std::to_string(i), ""});
    return out;
  }
  [[nodiscard]] std::string bad() const {
    std::string out = quoted_row({"sf__Id", "sf__Error", "leadsync_key__c", "LastName", "Email"});
    for (const auto& [i, error] : errors) out += quoted_row({"", error, "key-" + std::to_string(i), "P" + std::to_string(i), ""});
    return out;
  }
};

void upload(transcript& talk, std::string_view rule = "") {
  talk.expect("GET", rules);
  talk.answer(reply(200, rule.empty() ? found({}) : found({R"({"Id":)" + quote(rule) + "}"})));
  talk.expect("POST", jobs);
  talk.answer(state("Open"));
  talk.expect("PUT", part("/batches"));
  talk.answer(reply(201, ""));
  talk.expect("PATCH", job);
  talk.answer(state("UploadComplete"));
}

void finish(transcript& talk, const results& what) {
  talk.expect("GET", job);
  talk.answer(state("JobComplete"));
  talk.expect("GET", part("/successfulResults/"));
  talk.answer(csv(what.good()));
  talk.expect("GET", part("/failedResults/"));
  talk.answer(csv(what.bad()));
}

TEST(Ingest, UploadsABacklogAsOneJob) {
  auto leads = people(2000);
  leads[1].person = R"({"LastName":{"type":"text","value":"O\"Neil, Ada","mode":"overwrite"},"Email":{"type":"text","value":null,"mode":"overwrite"},)"
                    R"("DoNotCall":{"type":"boolean","value":true,"mode":"overwrite"}})";
  transcript talk(sync_job(leads));
  talk.answer(reply(200, found({})));
  const auto& opening = talk.expect("POST", jobs);
  EXPECT_EQ(opening.effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"object":"Lead","operation":"upsert","contentType":"CSV","lineEnding":"LF","externalIdFieldName":"leadsync_key__c"})"));
  EXPECT_EQ(talk.checkpoint(), "");
  talk.answer(state("Open"));
  EXPECT_EQ(talk.checkpoint(), R"({"ingest":{"person":"750x"}})") << "durable before the upload leaves";
  const auto& uploading = talk.expect("PUT", part("/batches"));
  EXPECT_EQ(uploading.header("Content-Type"), "text/csv");
  EXPECT_EQ(uploading.body.substr(0, uploading.body.find("key-2")),
            "leadsync_key__c,LastName,Email,DoNotCall\nkey-0,P0,person0@example.test,\nkey-1,\"O\"\"Neil, Ada\",#N/A,true\n");
  talk.answer(reply(201, ""));
  EXPECT_EQ(talk.at("/state"), "UploadComplete");
  talk.answer(state("UploadComplete"));
  talk.answer(state("InProgress"));
  talk.expect_wait();
  talk.pass_time();
  const results told{.errors = {{7, "STRING_TOO_LONG:Last Name: data value too large: P7 (max length=1):LastName --"}}};
  finish(talk, told);
  talk.expect_done();
  EXPECT_EQ(talk.member(1999, "person", "remote_id"), id_of(1999));
  EXPECT_EQ(talk.status(0), "ok");
  EXPECT_EQ(talk.category(7), "DATA_TOO_LONG");
  EXPECT_EQ(talk.member(7, "person", "locus"), R"({"object":"person","remote_field":"LastName","value":"P7"})");
  EXPECT_EQ(talk.member(7, "person", "response_pointer"), "bytes=" + std::to_string(told.bad().find('\n') + 1) + "-" + std::to_string(told.bad().size() - 2));
}

TEST(Ingest, WritesFewByCalls) {
  transcript talk(sync_job(people(1999)));
  EXPECT_EQ(talk.record_count(), 200u);
}

TEST(Ingest, NamesTheActiveAssignmentRuleAndLeavesOwnedLeadsToCalls) {
  auto leads = people(2001);
  leads[4].person = fields({{"LastName", "Owned"}, {"OwnerId", "0055e000000001AAA"}});
  transcript talk(sync_job(leads));
  talk.answer(reply(200, found({R"({"Id":"01Q5e0000000001AAA"})"})));
  EXPECT_EQ(talk.at("/assignmentRuleId"), "01Q5e0000000001AAA");
  talk.answer(state("Open"));
  EXPECT_EQ(talk.requests().front().body.find("Owned"), std::string::npos);
  talk.answer(reply(201, ""));
  talk.answer(state("UploadComplete"));
  results all{.count = 2001};
  all.errors[4] = "never sent";  // and so in no result
  talk.expect("GET", job);
  talk.answer(state("JobComplete"));
  talk.answer(csv(all.good()));
  talk.answer(csv(results{}.bad()));
  const auto& rest = talk.expect("PATCH", leads_upsert);
  EXPECT_EQ(rest.header("Sforce-Auto-Assign"), "FALSE");
  EXPECT_EQ(talk.record_count(), 1u);
  talk.answer(reply(200, goods(1, 4)));
  talk.expect_done();
}

TEST(Ingest, OpensNoJobWhereAllAreLeftToCalls) {
  auto leads = people(2000);
  for (auto& lead : leads) lead.person = fields({{"LastName", "Owned"}, {"OwnerId", "0055e000000001AAA"}});
  transcript talk(sync_job(leads));
  talk.answer(reply(200, found({R"({"Id":"01Q5e0000000001AAA"})"})));
  talk.expect("PATCH", leads_upsert);
}

TEST(Ingest, LeavesWhatAJobDoesNotTellOfToCalls) {
  transcript talk(sync_job(people(2000)));
  upload(talk);
  results all;
  all.errors[3] = "lost";
  talk.answer(state("Failed"));
  talk.answer(csv(all.good()));
  talk.answer(csv(results{}.bad()));
  talk.expect("PATCH", leads_upsert);
  EXPECT_EQ(talk.at("/records/0/leadsync_key__c"), "key-3");
  EXPECT_EQ(talk.record_count(), 1u);
}

TEST(Ingest, OfAJobThatIsRefusedGoesByCalls) {
  transcript talk(sync_job(people(2000)));
  talk.answer(reply(200, found({})));
  talk.answer(reply(400, R"([{"errorCode":"FEATURENOTENABLED","message":"Bulk API is not enabled"}])"));
  talk.expect("PATCH", leads_upsert);
  EXPECT_EQ(talk.record_count(), 200u);
}

TEST(Ingest, AbortsAJobWhoseUploadBrokeOff) {
  transcript talk(sync_job(people(2000)));
  talk.answer(reply(200, found({})));
  talk.answer(state("Open"));
  talk.answer(fault(LEADSYNC_SENT_NO_ANSWER));
  talk.expect("PATCH", job);
  EXPECT_EQ(talk.at("/state"), "Aborted");
  talk.answer(state("Aborted"));
  talk.expect("PATCH", leads_upsert);
}

TEST(Ingest, TakesTheResultsOfTheJobThatAnEarlierSessionLeft) {
  auto text = sync_job(people(3));
  text.insert(text.find(R"("companies")"), R"("checkpoint":"{\"ingest\":{\"person\":\"750x\"}}",)");
  transcript talk(text);
  finish(talk, {.count = 3});
  talk.expect_done();
  EXPECT_EQ(talk.member(2, "person", "remote_id"), id_of(2));
}

TEST(Ingest, AbortsALeftJobThatWasNeverUploaded) {
  auto text = sync_job(people(3));
  text.insert(text.find(R"("companies")"), R"("checkpoint":"{\"ingest\":{\"person\":\"750x\"}}",)");
  transcript talk(text);
  talk.answer(state("Open"));
  talk.expect("PATCH", job);
  EXPECT_EQ(talk.at("/state"), "Aborted");
  talk.answer(state("Aborted"));
  talk.expect("PATCH", leads_upsert);
}

TEST(Ingest, SaysWhyNothingIsHeardOfAJob) {
  transcript talk(sync_job(people(2000)));
  upload(talk);
  for (int polls = 0; polls < 5; ++polls) {
    talk.answer(reply(503, "<html>"));
    if (polls < 4) talk.pass_time();
  }
  talk.expect("PATCH", job);
  EXPECT_EQ(talk.at("/state"), "Aborted") << "so that it takes nothing back later";
  talk.answer(reply(503, "<html>"));
  talk.expect_done();
  EXPECT_EQ(talk.category(0), "REMOTE_BUSY");
  EXPECT_EQ(talk.category(1999), "REMOTE_BUSY");
}

TEST(Ingest, PassesAlertsOfDuplicateRulesByCalls) {
  transcript talk(sync_job(people(2000), all_keys, R"({"on_duplicate_blocked":"allow"})"));
  upload(talk);
  finish(talk, {.errors = {{5, "DUPLICATES_DETECTED:Use one of these records?: --"}}});
  const auto& again = talk.expect("PATCH", leads_upsert);
  EXPECT_NE(again.header("Sforce-Duplicate-Rule-Header"), "");
  EXPECT_EQ(talk.record_count(), 1u);
}

TEST(Ingest, JoinsManyMembersByTheirPerson) {
  auto leads = people(2000);
  for (int i = 0; i < 2000; ++i) {
    leads[std::size_t(i)].remote_ids = R"({"person":")" + id_of(i) + "\"}";
    leads[std::size_t(i)].phases_done = R"(["person"])";
  }
  transcript talk(sync_job(leads, all_keys, R"({"campaign_id":"7015e0000000001AAA"})"));
  EXPECT_EQ(talk.at("/operation"), "insert");
  EXPECT_EQ(talk.at("/object"), "CampaignMember");
  talk.answer(state("Open"));
  EXPECT_EQ(talk.requests().front().body.substr(0, 56), "LeadId,CampaignId\n00Q5e0000000000AAA,7015e0000000001AAA\n");
  talk.answer(reply(201, ""));
  talk.answer(state("UploadComplete"));
  talk.answer(state("JobComplete"));
  std::string good = quoted_row({"sf__Id", "sf__Created", "LeadId", "CampaignId"});
  for (int i = 1; i < 2000; ++i) good += quoted_row({id_of(i, "00v"), "true", id_of(i), "7015e0000000001AAA"});
  talk.answer(csv(good));
  talk.answer(csv(quoted_row({"sf__Id", "sf__Error", "LeadId", "CampaignId"}) +
                  quoted_row({"", "DUPLICATE_VALUE:Already a campaign member.: --", id_of(0), "7015e0000000001AAA"})));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "campaign"), "ok") << "it joined before";
  EXPECT_EQ(talk.status(1999, "campaign"), "ok");
}

TEST(Ingest, LeavesMembersThatNothingTellsApartToCalls) {
  auto leads = people(2000);
  for (int i = 0; i < 2000; ++i) {
    leads[std::size_t(i)].remote_ids = R"({"person":")" + id_of(i, i < 2 ? "003" : "00Q") + "\"}";  // two were converted
    leads[std::size_t(i)].phases_done = R"(["person"])";
  }
  transcript talk(sync_job(leads, all_keys, R"({"campaign_id":"7015e0000000001AAA","on_target_converted":"contact"})"));
  talk.answer(state("Open"));
  EXPECT_EQ(talk.requests().front().body.find("\n,"), std::string::npos) << "no row without its lead";
  talk.answer(reply(201, ""));
  talk.answer(state("UploadComplete"));
  talk.answer(state("JobComplete"));
  std::string good = quoted_row({"sf__Id", "sf__Created", "LeadId", "CampaignId"});
  for (int i = 2; i < 2000; ++i) good += quoted_row({id_of(i, "00v"), "true", id_of(i), "7015e0000000001AAA"});
  talk.answer(csv(good));
  talk.answer(csv(quoted_row({"sf__Id", "sf__Error", "LeadId", "CampaignId"})));
  talk.expect("POST", collection);
  EXPECT_EQ(talk.at("/records/0/ContactId"), id_of(0, "003"));
  talk.answer(reply(200, rows({salesforce_test::good(1, "00v"), bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")})));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "campaign"), "ok");
  EXPECT_EQ(talk.category(1, "campaign"), "CAMPAIGN_UNAVAILABLE");
}

TEST(Ingest, AbortsAJobThatIsNotWorkedOffInTwoHours) {
  transcript talk(sync_job(people(2000)));
  upload(talk);
  std::uint64_t waited = 0;
  for (int polls = 0; polls < 1000 && talk.requests().at(0).method == "GET"; ++polls) {
    talk.answer(state("InProgress"));
    if (!talk.waits()) continue;
    waited += talk.wait_ms();
    talk.pass_time();
  }
  talk.expect("PATCH", job);
  EXPECT_EQ(talk.at("/state"), "Aborted");
  EXPECT_GE(waited, 2u * 3600 * 1000);
  talk.answer(state("Aborted"));
  talk.pass_time();
  talk.answer(state("Aborted"));
  results half;
  for (int i = 1000; i < 2000; ++i) half.errors[i] = "not worked off";
  talk.answer(csv(half.good()));
  talk.answer(csv(results{}.bad()));
  talk.expect("PATCH", leads_upsert);
  EXPECT_EQ(talk.at("/records/0/leadsync_key__c"), "key-1000");
}

TEST(Ingest, TellsAValueThatCannotBeReadFromAFieldThatIsNotThere) {
  transcript talk(sync_job(people(2000)));
  upload(talk);
  finish(talk, {.errors = {{2, "INVALID_FIELD:Failed to deserialize field at col 3. Due to, '2003-04-9876' is not a valid value for the type xsd:date:Birthdate --"},
                           {9, "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record: --"}}});
  talk.expect_done();
  EXPECT_EQ(talk.category(2), "DATA_FORMAT_VALIDATION");
  EXPECT_EQ(talk.member(2, "person", "locus"), R"({"object":"person","remote_field":"Birthdate","value":"2003-04-9876"})");
  EXPECT_EQ(talk.category(9), "REMOTE_BUSY");
}

}  // namespace
}  // namespace leadsync::salesforce_test

#include "base/text.h"
#include "leadsync/testkit.hpp"
#include "model/remote_schema.h"
#include "sync/attempt_book.h"

#include <boost/json/parse.hpp>

#include <charconv>
#include <cstdio>
#include <cstdlib>

extern "C" const leadsync_plugin* leadsync_plugin_entry(void);

namespace {

using leadsync::testkit::request;
using leadsync::testkit::response;

#define CHECK(what) ((what) ? void() : (std::fprintf(stderr, "does not hold: %s\n", #what), std::abort()))

constexpr std::string_view jobs[] = {
    R"({"kind": "check"})", R"({"kind": "describe"})", R"({"kind": "provision"})", R"({"kind": "authorize", "credential": "oauth", "grant": "refresh"})",
    // Three leads of one company: one by e-mail address, one by name only, one known; notes, a list, and fields to fill where they are empty.
    R"({"kind": "sync", "now": "2026-11-25T09:30:00.000Z", "account": {"id": "1"}, "settings": {"list_id": "7"}, "key_fields": {},
        "companies": [{"company": 0, "key": "ck", "domain": "acme.test", "name": "Acme", "objects": {"company": {"fields": {
          "name": {"type": "text", "value": "Acme", "mode": "if_empty"}, "domain": {"type": "text", "value": "acme.test", "mode": "overwrite"}}}}}],
        "leads": [
          {"lead": 0, "key": "k0", "company": 0, "objects": {"contact": {"fields": {"email": {"type": "email", "value": "a@acme.test", "mode": "overwrite"},
            "timeline": {"type": "option", "value": "x", "mode": "if_empty"}}}, "note": {"fields": {"hs_note_body": {"type": "text", "value": "met"}}}}},
          {"lead": 1, "key": "k1", "company": 0, "objects": {"contact": {"fields": {"lastname": {"type": "text", "value": "B", "mode": "overwrite"}}}}},
          {"lead": 2, "key": "k2", "company": null, "remote_ids": {"contact": "102"}, "objects": {"contact": {"fields": {
            "email": {"type": "email", "value": "c@acme.test", "mode": "overwrite"}}}, "note": {"fields": {"hs_note_body": {"type": "text", "value": "b"}}}}}]})",
    // The same after doubt, with keys of ours in the account.
    R"({"kind": "sync", "now": "2026-11-25T09:30:00.000Z", "account": {"id": "1"}, "settings": {},
        "key_fields": {"contact": "leadsync_key", "company": "leadsync_key", "note": "leadsync_key"},
        "companies": [{"company": 0, "key": "ck", "name": "Acme", "ambiguous": true, "objects": {"company": {"fields": {
          "name": {"type": "text", "value": "Acme", "mode": "overwrite"}}}}}],
        "leads": [
          {"lead": 0, "key": "k0", "company": 0, "ambiguous": true, "objects": {"contact": {"fields": {
            "email": {"type": "email", "value": "a@acme.test", "mode": "overwrite"}}}, "note": {"fields": {"hs_note_body": {"type": "text", "value": "met"}}}}},
          {"lead": 1, "key": "k1", "company": null, "ambiguous": true, "objects": {"contact": {"fields": {
            "lastname": {"type": "text", "value": "B", "mode": "overwrite"}}}, "note": {"fields": {"hs_note_body": {"type": "text", "value": "x"}}}}},
          {"lead": 2, "key": "k2", "company": 0, "phases_done": ["person"], "remote_ids": {"contact": "102"}, "ambiguous": true, "objects": {"contact": {
            "fields": {}}, "note": {"fields": {"hs_note_body": {"type": "text", "value": "met"}}}}}]})"};
constexpr std::size_t first_sync = 4;

/// "429 @10 BODY": a status (below 10: a fate on the way), where given a Retry-After, and the body to the end of the line.
response read_answer(std::string_view line) {
  response made;
  const auto [end, failure] = std::from_chars(line.data(), line.data() + line.size(), made.status);
  line.remove_prefix(failure == std::errc() ? std::size_t(end - line.data()) : 0);
  if (made.status < 10) {
    made.transport = leadsync_transport(made.status % 6);
    made.status = made.transport == LEADSYNC_OK ? 200 : 0;
  }
  line = leadsync::trim(line);
  if (line.starts_with('@')) {
    const auto value = line.substr(1, line.find(' ') - 1);
    made.headers.emplace_back("retry-after", std::string(value));
    line.remove_prefix(1 + value.size());
  }
  made.body = line;
  return made;
}

void check_request(const request& sent) {
  CHECK(leadsync::is_valid_utf8(sent.url) && sent.url.starts_with('/'));
  CHECK(std::none_of(sent.url.begin(), sent.url.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; }));
  boost::system::error_code malformed;
  if (sent.header("Content-Type") == "application/json") static_cast<void>(boost::json::parse(sent.body, malformed));
  CHECK(!malformed);
}

/// What the daemon makes of the verdicts: none is missing, doubled or beyond the contract.
void check_verdicts(const std::string& verdicts_json, bool has_list) {
  auto verdicts = leadsync::parse_verdicts(verdicts_json);
  CHECK(verdicts.has_value());
  std::vector<leadsync::phase_rule> phases(5);
  phases[0] = {"company", {}, "company", true};
  phases[1] = {"person", {}, "contact", false};
  phases[2] = {"association", {"company", "person"}, "", false};
  phases[3] = {"note", {"person"}, "note", false};
  phases[4] = {"list", {"person"}, "", false};
  std::vector<leadsync::book_entry> leads(3);
  for (auto& lead : leads) lead.demanded = {"person", "note", "list"};
  for (const std::size_t with_company : {std::size_t(0), has_list ? std::size_t(1) : std::size_t(2)}) {
    leads[with_company].company = 0;
    leads[with_company].demanded = {"company", "person", "association", "note", "list"};
  }
  if (!has_list) leads[2].phases_done = {"person"};
  leadsync::attempt_book book(phases, leads, 1);
  const auto kept = book.add(std::move(*verdicts));
  if (!kept) std::fprintf(stderr, "%s\n", kept.error().context.c_str());
  CHECK(kept.has_value());
  for (std::uint32_t lead = 0; lead < 3; ++lead)
    for (const auto& each : book.result_of(lead).phases) {
      if (each.what == leadsync::category::plugin_fault) std::fprintf(stderr, "lead %u: %s\n", lead, each.message.c_str());
      CHECK(each.what != leadsync::category::plugin_fault || each.crm_code == "REFUSED_HOST");
      CHECK(each.status == leadsync::phase_status::ok || !each.message.empty());
      const bool makes_record = each.phase == "person" || each.phase == "company" || each.phase == "note";
      CHECK(each.status != leadsync::phase_status::ok || !makes_record || !each.remote_id.empty());
    }
}

}  // namespace

/// A CRM may answer anything: the session ends, by the contract, with a verdict for every lead. The first byte chooses the job, each line
/// is an answer; after the last comes the first again, and after forty an outage.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size < 2 || size > 65536) return -1;
  const auto chosen = std::size_t(data[0]) % std::size(jobs);
  std::vector<response> answers;
  for (const auto line : leadsync::split({reinterpret_cast<const char*>(data) + 1, size - 1}, '\n')) answers.push_back(read_answer(line));
  std::size_t next = 0;
  leadsync::testkit::session talk(leadsync_plugin_entry(), jobs[chosen]);
  talk.run(
      [&](const request& sent) {
        check_request(sent);
        return next < 40 ? answers[next++ % answers.size()] : leadsync::testkit::json(500, "{}");
      },
      1000);
  const auto failure = leadsync::parse_job_failure(talk.result_json());
  CHECK(failure.has_value());
  const bool broken = *failure && (*failure)->what == leadsync::category::plugin_fault && (*failure)->crm_code != "REFUSED_HOST";
  if (broken) std::fprintf(stderr, "%s\n", (*failure)->message.c_str());
  CHECK(!broken);
  if (chosen >= first_sync) check_verdicts(talk.verdicts_json(), chosen == first_sync);
  if (jobs[chosen].find("describe") != std::string_view::npos && !*failure) {
    const auto schema = leadsync::parse_remote_schema(talk.result_json());
    if (!schema) std::fprintf(stderr, "%s\n", schema.error().context.c_str());
    CHECK(schema.has_value());
  }
  return 0;
}

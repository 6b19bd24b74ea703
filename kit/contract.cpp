#include "contract.h"

#include "finding.h"

#include "base/text.h"
#include "model/remote_schema.h"

#include <boost/json.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>

namespace leadsync::kit {
namespace {

namespace json = boost::json;

std::string name_of(const plugin_request& request) { return request.method + " " + request.url; }

std::string host_of(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  return parsed ? std::string(parsed->host()) : std::string();
}

std::string api_base_of(const sample_job& job) {
  const auto document = json::parse(job.json);
  const auto* base = document.get_object().if_contains("api_base");
  return base && base->is_string() ? std::string(base->get_string()) : std::string();
}

const json::object& members_of(const json::value& value) {
  static const json::object none;
  return value.is_object() ? value.get_object() : none;
}

void check_account(const json::object& result) {
  const auto* account = result.if_contains("account");
  const auto* id = account ? members_of(*account).if_contains("id") : nullptr;
  if (!id || !id->is_string() || id->get_string().empty())
    throw finding("the result of check has no account.id, a text: " + json::serialize(result), "sdk/protocol.md, Job: check");
}

bool writes_object(const plugin_manifest& about, const std::string& phase) {
  return std::any_of(about.objects.begin(), about.objects.end(), [&](const auto& each) { return each.phase == phase; });
}

/// A verdict "ok" must come from something that the CRM said.
void check_grounds(const plugin_manifest& about, const played& session, const verdict& seen) {
  if (seen.status != phase_status::ok) return;
  const auto requests = session.requests();
  const auto about_whom = seen.lead ? "lead " + std::to_string(*seen.lead) : "company " + std::to_string(seen.company.value_or(0));
  if (seen.remote_id.empty() && writes_object(about, seen.phase))
    throw finding("phase \"" + seen.phase + "\" of " + about_whom + " is ok without a remote_id", "sdk/protocol.md, Verdict: ok (with remote_id)");
  if (!seen.request) return;
  const auto& by = *requests[*seen.request];
  if (by.response.transport != plugin_transport::ok && by.request.effect != plugin_effect::read)
    throw finding("phase \"" + seen.phase + "\" of " + about_whom + " is ok by " + name_of(by.request) + ", which had no answer: nobody knows whether it was carried out",
                  "sdk/plugin.h, LEADSYNC_SENT_NO_ANSWER: it may have been carried out; give AMBIGUOUS_WRITE, or look it up");
}

}  // namespace

std::vector<const answered_request*> played::requests() const {
  std::vector<const answered_request*> made;
  for (const auto& each : turns)
    for (const auto& one : each.exchanges) made.push_back(&one);
  return made;
}

void check_request(const plugin_manifest& about, const sample_job& job, const plugin_request& request) {
  if (!request.url.starts_with('/')) {
    const auto host = host_of(request.url);
    if (!about.admits_host(host) && host != host_of(api_base_of(job)))
      throw finding(name_of(request) + " goes to host \"" + host + "\", which the manifest does not name: leadsyncd refuses it", "sdk/protocol.md, Manifest: hosts");
  } else if (api_base_of(job).empty()) {
    throw finding(name_of(request) + " is relative, and neither the manifest nor an authorize job says to what", "sdk/protocol.md, Manifest: api_base");
  }
  for (const auto& header : request.headers) {
    const auto name = ascii_lower(header.name);
    const bool ours = (job.kind != "authorize" && !about.authorization_header.empty() && name == ascii_lower(about.authorization_header)) || name == "user-agent" ||
                      name == "host" || name == "content-length" || name == "transfer-encoding" || name == "connection";
    if (ours) throw finding(name_of(request) + " sets the header " + header.name, "sdk/plugin.h, leadsync_request.headers: authorization and user agent are the daemon's");
  }
  const bool safe = request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS";
  if (safe && request.effect != plugin_effect::read)
    throw finding(name_of(request) + " says that it writes", "sdk/plugin.h, leadsync_effect: a GET reads");
  if (!safe && request.method != "POST" && request.effect == plugin_effect::read)
    throw finding(name_of(request) + " says that it only reads", "sdk/plugin.h, leadsync_effect: what repeating it would do decides what is durable before it leaves");
  const bool known = request.phase.empty() || std::any_of(about.phases.begin(), about.phases.end(), [&](const auto& each) { return each.name == request.phase; });
  if (!known) throw finding(name_of(request) + " belongs to phase \"" + request.phase + "\", which the manifest does not have", "sdk/protocol.md, Manifest: phases");
  if (job.kind == "sync" && request.effect == plugin_effect::blind_write && request.leads.empty())
    throw finding(name_of(request) + " is a blind write for no lead: after a crash nobody is looked up", "sdk/plugin.h, leadsync_request.leads");
}

std::vector<verdict> check_verdicts(attempt_book& book, const std::string& verdicts_json, std::size_t requests_so_far) {
  if (verdicts_json.empty()) return {};
  auto parsed = parse_verdicts(verdicts_json);
  if (!parsed) throw finding("its verdicts cannot be read: " + parsed.error().context, "sdk/protocol.md, Verdict");
  for (const auto& each : *parsed)
    if (each.request && *each.request >= requests_so_far)
      throw finding("a verdict is decided by request " + std::to_string(*each.request) + ", and only " + std::to_string(requests_so_far) + " were sent",
                    "sdk/protocol.md, Verdict: request");
  auto kept = *parsed;
  if (auto added = book.add(std::move(*parsed)); !added) throw finding(added.error().context, "sdk/protocol.md, Verdict");
  return kept;
}

void check_end(const plugin_manifest& about, const sample_job& job, const attempt_book& book, const played& session) {
  auto failure = parse_job_failure(session.result_json);
  if (!failure) throw finding("its result cannot be read: " + failure.error().context, "sdk/protocol.md, Verdict: a job that fails as a whole");
  if (job.kind == "sync") {
    auto judged = book;
    if (*failure) judged.fail_rest(**failure);
    for (std::uint32_t lead = 0; lead < job.entries.size(); ++lead) {
      const auto came_to = judged.result_of(lead);
      for (const auto& each : came_to.phases)
        if (each.crm_code == "NO_VERDICT")
          throw finding("lead " + std::to_string(lead) + " has no verdict for phase \"" + each.phase + "\"", "sdk/protocol.md, Verdict: every lead gets a verdict for each phase that it has not done");
    }
    for (const auto& each : session.verdicts) check_grounds(about, session, each);
    return;
  }
  if (*failure) return;
  const auto result = json::parse(session.result_json).as_object();
  if (job.kind == "check") check_account(result);
  if (job.kind == "describe")
    if (auto schema = parse_remote_schema(session.result_json); !schema)
      throw finding("the result of describe: " + schema.error().context, "sdk/protocol.md, Job: describe");
}

}  // namespace leadsync::kit

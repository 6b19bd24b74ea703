#include "sync.h"

#include <algorithm>

namespace leadsync::pipedrive {
namespace {
void done(sync_job* job, phase of, record* one, std::size_t request) {
  one->settled = one->ok = true;
  json::array warnings;
  if (one->candidates.size() > 1)
    warnings.push_back(json::object{{"code", "SEVERAL_MATCHES"}, {"field", of == person_phase ? "email" : "name"},
                                    {"message", std::to_string(one->candidates.size()) + " records match; the oldest was used"}});
  if (one->recreated) warnings.push_back(json::object{{"code", "RECREATED"}, {"message", "its record was deleted or merged in Pipedrive"}});
  job->succeed(of, one->ordinal, one->id, request, std::move(warnings));
}

sdk::task<> update(sync_job* job, const object_kind* kind, phase of, record* one) {
  const auto body = changes(api::v2, *one->fields, one->current, job->setting("currency"));
  if (body.empty()) {
    done(job, of, one, one->request);
    co_return;
  }
  auto request = job->concerning(job->api.write("PATCH", v2(*kind, one->id), body, 5).keyed_write(), of, *one);
  const auto answer = co_await job->ask(std::move(request));
  const auto saved = record_of(answer);
  if (id_of(saved, "id") == one->id) {
    one->current = saved;
    done(job, of, one, answer.number());
  } else {
    one->settled = true;
    job->fail(of, one->ordinal, classify(answer, answer.status() == 404 ? asked::stored : asked::keyed_write), answer.number(), one->fields);
  }
}

sdk::task<> create(sync_job* job, const object_kind* kind, phase of, record* one) {
  auto body = wire_values(api::v2, *one->fields, job->setting("currency"));
  drop_empty(body);
  if (!body.contains("name") && !one->match.empty()) body["name"] = one->match;
  const auto key_field = job->key_field(*kind);
  if (!key_field.empty()) {
    if (!body.contains("custom_fields")) body["custom_fields"] = json::object{};
    body["custom_fields"].get_object()[key_field] = one->key;
  }
  for (const auto& link : one->linked) body[link.key()] = link.value();
  one->settled = true;
  if (!body.contains("name")) {
    const failure why{"NOT_ENOUGH_DATA", "", "Pipedrive wants a name or an e-mail address of a person, and a name of an organization", "name"};
    job->fail(of, one->ordinal, why, {}, one->fields);
    co_return;
  }
  if (one->ambiguous && key_field.empty() && one->match.empty()) {
    const failure why{"AMBIGUOUS_WRITE", "", "an earlier request may have created it, and nothing tells it from others", {}};
    job->fail(of, one->ordinal, why, {}, one->fields);
    co_return;
  }
  auto request = job->concerning(job->api.write("POST", v2(*kind), body, 5).blind_write(), of, *one);
  const auto answer = co_await job->ask(std::move(request));
  one->current = record_of(answer);
  one->id = id_of(one->current, "id");
  if (!one->id.empty()) {
    done(job, of, one, answer.number());
    co_return;
  }
  // Not found may only be what it links to.
  auto why = classify(answer, answer.status() == 404 ? asked::stored : asked::blind_write);
  if (key_field.empty() && one->match.empty() && why.category == "CONNECTION" && answer.status() != 0) why.category = "AMBIGUOUS_WRITE";
  job->fail(of, one->ordinal, why, answer.number(), one->fields);
}

sdk::task<> read_known(sync_job* job, const object_kind* kind, phase of, record* one) {
  auto id = one->id;
  if (co_await read_record(job, kind, of, one, std::move(id))) co_return;
  // A company of ours that was deleted is looked for, and made again; a person where that is the policy.
  one->recreated = of == person_phase && job->setting("on_target_gone") == "recreate";
  if (of == company_phase || one->recreated) {
    one->id.clear();
    one->current.clear();
    co_return;
  }
  one->settled = true;
  const failure why{"TARGET_GONE", "RECORD_GONE", "the person was deleted or merged in Pipedrive", {}};
  job->fail(of, one->ordinal, why, one->request);
}
}  // namespace

sdk::task<> write_record(sync_job* job, const object_kind* kind, phase of, record* one) {
  if (one->candidates.size() > 1 && job->setting("on_ambiguous_match") == "fail") {
    const failure why{"AMBIGUOUS_MATCH", "SEVERAL_MATCHES", std::to_string(one->candidates.size()) + " records in Pipedrive match", std::string(kind->match)};
    job->fail(of, one->ordinal, why, {}, one->fields);
    one->settled = true;
    co_return;
  }
  for (const auto& candidate : one->candidates) {
    if (!one->id.empty()) break;
    auto id = candidate;
    const bool there = co_await read_record(job, kind, of, one, std::move(id));
    if (one->settled) co_return;
    // The index may still tell of what is deleted, or was changed since.
    if (there && is_it(*job, *kind, one->current, *one, true)) one->id = candidate;
  }
  if (one->id.empty()) co_await create(job, kind, of, one);
  else co_await update(job, kind, of, one);
}

sdk::task<> write_records(sync_job* job, const object_kind* kind, phase of, std::vector<record*> all) {
  std::vector<sdk::task<>> reads, searches, writes;
  for (auto* one : all)
    if (!one->id.empty()) reads.push_back(read_known(job, kind, of, one));
  co_await sdk::all(std::move(reads));
  for (auto* one : all)
    if (!one->settled && one->id.empty()) searches.push_back(search(job, kind, of, one));
  co_await sdk::all(std::move(searches));
  std::vector<record*> unresolved;
  for (auto* one : all)
    if (!one->settled && one->id.empty() && one->candidates.empty()) unresolved.push_back(one);
  if (!unresolved.empty()) co_await read_recent(job, kind, of, unresolved);
  for (auto* one : all)
    if (!one->settled) writes.push_back(write_record(job, kind, of, one));
  co_await sdk::all(std::move(writes));
}
}  // namespace leadsync::pipedrive

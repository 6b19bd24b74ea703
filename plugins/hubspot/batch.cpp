#include "batch.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <unordered_set>
#include <utility>

namespace leadsync::hubspot {

constexpr auto nowhere = static_cast<std::size_t>(-1);

struct batch::call {
  write_kind kind;
  std::string id_property;
  records inputs;
  bool blind = false;
};

std::vector<std::uint32_t> leads_of(const records& inputs) {
  std::vector<std::uint32_t> leads;
  for (const auto* one : inputs) leads.insert(leads.end(), one->leads.begin(), one->leads.end());
  return leads;
}

namespace {
void append_member(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  ((out += ",\"") += name) += "\":";
  append_quoted(out, value);
}

std::string identity_of(const record& one, std::string_view id_property) {
  if (id_property == "from") return one.from;
  return id_property == "email" ? one.email : id_property == "id" ? one.id : one.key;
}

/// The same, of a record in an answer.
std::string answered_identity(const json::object& result, std::string_view id_property) {
  if (id_property == "id") return id_of(result, "id");
  if (id_property == "from") return result.contains("from") ? id_of(object_of(result, "from"), "id") : id_of(result, "fromObjectId");
  const auto value = text_of(object_of(result, "properties"), id_property);
  return id_property == "email" ? folded(value) : std::string(value);
}

/// At most a hundred each. Two inputs with one identity poison a batch, so the second goes in a later one.
std::vector<records> chunks_of(const records& all, std::string_view id_property) {
  std::vector<records> chunks;
  std::vector<std::unordered_set<std::string>> used;
  for (auto* one : all) {
    const auto identity = identity_of(*one, id_property);
    std::size_t at = 0;
    while (at < chunks.size() && (chunks[at].size() == 100 || used[at].contains(identity))) ++at;
    if (at == chunks.size()) chunks.emplace_back(), used.emplace_back();
    chunks[at].push_back(one);
    if (!identity.empty()) used[at].insert(identity);
  }
  return chunks;
}

/// Whether the answer has every value that was sent: how to tell created records apart that have no identity.
bool echoes(const json::object& result, const record& one) {
  const auto& values = object_of(result, "properties");
  return std::all_of(one.values.fields->begin(), one.values.fields->end(),
                     [&](const auto& field) { return text_of(values, field.key()) == one.values.text(field.key()); });
}

bool holds(const std::vector<std::string>& list, const std::string& text) {
  return !text.empty() && std::find(list.begin(), list.end(), text) != list.end();
}

/// The inputs that a failure is about; none where it does not say.
std::vector<std::size_t> meant_by(const failure& why, const records& inputs, std::string_view id_property) {
  std::vector<std::size_t> named, senders, guilty;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto& one = *inputs[i];
    const bool by_id = holds(why.ids, identity_of(one, id_property)) || holds(why.ids, one.to);
    if (by_id || holds(why.trace_ids, std::to_string(i))) named.push_back(i);
    if (why.property.empty()) continue;
    const auto sent = one.values.text(why.property);
    const bool has_it = !why.value.empty() && (";" + sent + ";").find(";" + why.value + ";") != std::string::npos;  // of options A;B, one
    if (one.values.sends(why.property)) senders.push_back(i);
    if (why.category == "REQUIRED_FIELD_MISSING" ? sent.empty() : has_it) guilty.push_back(i);
  }
  if (!named.empty()) return named;
  if (why.category == "MISSING_REMOTE_FIELD" || why.category == "FIELD_NOT_WRITABLE") return senders;
  return senders.size() == 1 && why.category != "REQUIRED_FIELD_MISSING" ? senders : guilty;
}

place input_place(const sdk::answer& answer, std::size_t input, std::string_view list = {}, std::size_t index = 0) {
  return {answer.number(), "/inputs/" + std::to_string(input), list.empty() ? std::string{} : std::string(list) + std::to_string(index)};
}
}  // namespace

void warn(record& subject, std::string_view code, std::string_view field, std::string_view message) {
  if (!subject.warnings.empty()) subject.warnings += ',';
  subject.warnings += warning_text(code, field, message);
}

void batch::report(const record& subject, std::string_view status, std::string_view members, const place* where) const {
  std::string text = (phase_ == "company" ? "{\"company\":" : "{\"lead\":") + std::to_string(subject.ordinal);
  append_member(text, "phase", phase_);
  append_member(text, "status", status);
  text += members;
  if (where) {
    (text += ",\"request\":") += std::to_string(where->request);
    append_member(text, "request_pointer", where->request_pointer);
    append_member(text, "response_pointer", where->response_pointer);
  }
  context_.report(text += '}');
}

void batch::succeed(record& subject, const place* where) {
  subject.settled = subject.ok = true;
  std::string text;
  append_member(text, "remote_id", subject.id);
  append_member(text, "url", link_.empty() || subject.id.empty() ? subject.url : link_ + std::string(kind_.type_id) + "/" + subject.id);
  if (!subject.warnings.empty()) ((text += ",\"warnings\":[") += subject.warnings) += ']';
  report(subject, "ok", text, where);
}

void batch::fail(record& subject, const failure& why, const place* where) {
  subject.settled = true;
  auto category = why.category;
  auto retry_after_ms = why.retry_after_ms;
  // The field is mapped, but this lead has nothing for it: that is the lead's fault and not the mapping's.
  if (category == "REQUIRED_FIELD_MISSING" && subject.values.fields->contains(why.property)) category = "NOT_ENOUGH_DATA";
  // A search may still list what was deleted a moment ago; only of the daemon's own id can it be said that it is gone.
  if (category == "TARGET_GONE" && !subject.pinned && phase_ == "company") category = "REMOTE_BUSY", retry_after_ms = 5000;
  std::string text;
  append_member(text, "category", category);
  append_member(text, "crm_code", why.crm_code);
  append_member(text, "message", why.message.empty() ? category : std::string_view(why.message));
  ((text += ",\"locus\":{\"object\":\"") += kind_.name) += '"';
  append_member(text, "remote_field", why.property);
  append_member(text, "value", why.value.empty() && !why.property.empty() ? subject.values.text(why.property) : why.value);
  text += '}';
  if (retry_after_ms > 0) (text += ",\"retry_after_ms\":") += std::to_string(retry_after_ms);
  report(subject, "failed", text, where);
}

void batch::skip(const record& subject, std::string_view why) {
  std::string text;
  append_member(text, "message", why);
  report(subject, "skipped", text, nullptr);
}

sdk::request batch::request_for(const call& call) const {
  std::string body = "{\"inputs\":[";
  body.reserve(64 + call.inputs.size() * 512);
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    const auto& one = *call.inputs[i];
    body += i == 0 ? "{" : ",{";
    if (call.kind == write_kind::associate) {
      append_quoted(body += "\"from\":{\"id\":", one.from);
      append_quoted(body += "},\"to\":{\"id\":", one.to);
      body += "}}";
      continue;
    }
    if (call.kind != write_kind::create) append_quoted(body += "\"id\":", identity_of(one, call.id_property));
    if (call.kind == write_kind::upsert) append_quoted(body += ",\"idProperty\":", call.id_property);
    // Inputs may send different sets of properties: each has a map of its own. An account that refused that would refuse the batch
    // unattributed, and halving would get every input through all the same.
    one.values.append_to(body += call.kind == write_kind::create ? "\"properties\":" : ",\"properties\":");
    if (!one.associations.empty()) (body += ",\"associations\":") += one.associations;
    ((body += ",\"objectWriteTraceId\":\"") += std::to_string(i)) += "\"}";
  }
  constexpr std::string_view calls[] = {"batch/create", "batch/update", "batch/upsert"};
  const auto pair = std::string(kind_.path) + (phase_ == "note" ? "/contacts" : "/companies");
  const auto url = call.kind == write_kind::associate ? "/crm/v4/associations/" + pair + "/batch/associate/default"
                                                      : objects_url(kind_, calls[static_cast<std::size_t>(call.kind)]);
  auto request = sdk::http.post(url).phase(phase_).leads(leads_of(call.inputs)).json(body += "]}");
  return call.blind ? request.blind_write() : request.keyed_write();
}

sdk::task<> batch::write(write_kind kind, std::string id_property, records all) {
  for (auto* one : all)
    if (kind == write_kind::update && one->values.empty()) succeed(*one, nullptr);  // HubSpot refuses an update of nothing
  if (kind == write_kind::update) std::erase_if(all, [](const auto* one) { return one->settled; });
  const auto chunks = chunks_of(all, id_property);
  std::deque<records> waiting(chunks.begin(), chunks.end());
  records taken;
  for (int attributed_rounds = 0; !waiting.empty();) {
    call call{kind, id_property, std::move(waiting.front())};
    waiting.pop_front();
    // Only a contact with an e-mail address cannot be created twice.
    const auto no_email = [](const auto* one) { return one->email.empty(); };
    call.blind = kind == write_kind::create && std::any_of(call.inputs.begin(), call.inputs.end(), no_email);
    auto request = request_for(call);
    const auto answer = co_await std::move(request);
    const bool by_email = kind == write_kind::upsert && id_property == "email";
    if (by_email && answer.status() == 400 && answer.body().find("by non-unique") != std::string::npos) {
      co_await write_by_email(call.inputs, true);
      continue;
    }
    auto again = answer.ok() ? settle(call, answer, taken) : settle_refused(call, answer, taken, attributed_rounds < 2);
    // A refused batch wrote nothing: the rest goes again without the offenders. Those that are not told are found by halving.
    const bool attributed = !answer.ok() && again.size() < call.inputs.size();
    attributed_rounds += attributed;
    const auto middle = again.begin() + static_cast<std::ptrdiff_t>(attributed ? again.size() : (again.size() + 1) / 2);
    if (middle != again.end()) waiting.emplace_front(middle, again.end());
    if (!again.empty()) waiting.emplace_front(again.begin(), middle);
  }
  if (!taken.empty()) co_await write_by_email(taken, false);
}

void batch::reject(record& one, const failure& why, const place& where, records& taken) {
  if (policies_.recreates && why.category == "TARGET_GONE" && phase_ != "company" && std::exchange(one.pinned, false)) {
    one.id.clear();
    one.values.dropped.clear();
    warn(one, "RECREATED", {}, "its record was deleted in HubSpot");
    return;
  }
  const bool blocked = why.category == "DUPLICATE_BLOCKED";
  const bool by_email = blocked && (why.property.empty() || why.property == "email") && !one.pinned && !one.email.empty();
  const bool linked = blocked && !by_email && policies_.links_duplicates && phase_ == "person" && !one.pinned && !why.existing_id.empty();
  if ((!by_email && !linked) || std::exchange(one.converted, true)) return fail(one, why, &where);
  if (linked) warn(one, "LINKED", why.property, "a contact with the same unique value was there, and the lead was written to it");
  one.id = why.existing_id;
  taken.push_back(&one);
}

void batch::accept(const call& call, std::size_t input, const json::object& result, const place& where) {
  auto& one = *call.inputs[input];
  if (call.kind != write_kind::associate) {
    if (auto id = id_of(result, "id"); !id.empty()) one.id = std::move(id);  // a merged record answers with the id that it has now
    one.url = text_of(result, "url");
    // The stage only moves forward, and a step back is no error.
    const auto* stage = object_of(result, "properties").if_contains("lifecyclestage");
    if (stage && one.values.sends("lifecyclestage") && id_text(stage) != one.values.text("lifecyclestage"))
      warn(one, "NOT_APPLIED", "lifecyclestage", "HubSpot kept a later lifecycle stage");
    const failure nameless{call.blind ? "AMBIGUOUS_WRITE" : "UNEXPECTED", "ID_MISSING", "HubSpot's answer has no id for this record"};
    if (one.id.empty()) return fail(one, nameless, &where);
  }
  one.settled = one.ok = true;
  if (!deferred_) succeed(one, &where);
}

records batch::settle_refused(const call& call, const sdk::answer& answer, records& taken, bool attribute) {
  const auto failures = classify(answer, call.blind);
  const auto& inputs = call.inputs;
  const bool all_fail = failures.front().whole_batch || inputs.size() == 1;
  std::vector<const failure*> reasons(inputs.size(), all_fail ? &failures.front() : nullptr);
  if (attribute && !all_fail)
    for (const auto& why : failures)
      for (const auto input : meant_by(why, inputs, call.id_property))
        if (!reasons[input]) reasons[input] = &why;
  records again;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (reasons[i]) reject(*inputs[i], *reasons[i], input_place(answer, i), taken);
    else again.push_back(inputs[i]);
  return again;
}

records batch::settle(const call& call, const sdk::answer& answer, records& taken) {
  json::monotonic_resource memory(2 * answer.body().size() + 4096);
  boost::system::error_code malformed;
  const auto document = json::parse(answer.body(), malformed, &memory);
  if (!as_object(document).contains("results")) return settle_refused(call, answer, taken, false);
  const auto& results = list_of(as_object(document), "results");
  const auto& errors = list_of(as_object(document), "errors");
  const auto& inputs = call.inputs;
  std::vector<char> open(inputs.size(), true);
  std::size_t open_count = inputs.size();
  const auto take = [&](std::size_t input) { return std::exchange(open[input], false) && open_count--; };
  std::unordered_map<std::string, std::size_t> by_identity;  // only made where an answer names no trace ids
  std::vector<std::size_t> strays;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto& result = as_object(results[i]);
    const auto trace = text_of(result, "objectWriteTraceId");
    std::size_t input = inputs.size() == 1 ? 0 : nowhere;
    std::from_chars(trace.data(), trace.data() + trace.size(), input);
    if (input == nowhere) {
      if (by_identity.empty())
        for (std::size_t at = 0; at < inputs.size(); ++at) by_identity.emplace(identity_of(*inputs[at], call.id_property), at);
      const auto found = by_identity.find(answered_identity(result, call.id_property));
      if (found != by_identity.end() && !found->first.empty()) input = found->second;
    }
    if (input < inputs.size() && take(input)) accept(call, input, result, input_place(answer, input, "/results/", i));
    else if (input == nowhere) strays.push_back(i);
  }
  bool unexplained = false;  // an error that names no input
  for (std::size_t j = 0; j < errors.size(); ++j) {
    bool explains = false;
    const auto file = [&](std::size_t input, const failure& why) {
      explains = true;
      if (take(input)) reject(*inputs[input], why, input_place(answer, input, "/errors/", j), taken);
    };
    const auto failures = classify_item(as_object(errors[j]));
    for (const auto& why : failures)
      for (const auto input : meant_by(why, inputs, call.id_property)) file(input, why);
    if (!explains && open_count == 1 && strays.empty())
      file(static_cast<std::size_t>(std::find(open.begin(), open.end(), true) - open.begin()), failures.front());
    unexplained = unexplained || (!explains && open_count > 0);
  }
  if (call.kind == write_kind::associate) strays.clear();  // the other direction
  const bool last_pair = strays.size() == 1 && open_count == 1 && !unexplained;
  for (const auto stray : strays)
    for (std::size_t i = 0, found = false; i < inputs.size() && !found; ++i) {
      const auto& result = as_object(results[stray]);
      found = open[i] && (last_pair || (call.kind == write_kind::create && echoes(result, *inputs[i]))) && take(i);
      if (found) accept(call, i, result, input_place(answer, i, "/results/", stray));
    }
  records again;
  const failure missing{call.blind ? "AMBIGUOUS_WRITE" : "UNEXPECTED", "ROW_MISSING", "the answer lacks this record"};
  const bool repeatable = unexplained && inputs.size() > 1 && !(call.blind && !strays.empty());  // one alone cannot be halved
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (open[i] && repeatable) again.push_back(inputs[i]);
    else if (const auto where = input_place(answer, i); open[i]) fail(*inputs[i], missing, &where);
  return again;
}

sdk::task<lookup> batch::read(std::string id_property, records all, std::vector<std::string> wanted) {
  lookup result;
  if (id_property == "email") wanted.insert(wanted.end(), {"email", "hs_additional_emails"});
  if (id_property == key_property) wanted.push_back(id_property);
  for (const auto& chunk : chunks_of(all, id_property)) {
    json::object body{{"properties", json::value_from(wanted)}};
    if (id_property != "id") body["idProperty"] = id_property;
    auto& inputs = body["inputs"].emplace_array();
    for (const auto* one : chunk) inputs.push_back(json::object{{"id", identity_of(*one, id_property)}});
    auto request = sdk::http.post(objects_url(kind_, "batch/read")).phase(phase_).leads(leads_of(chunk)).read();
    request.json(json::serialize(body));
    const auto answer = co_await std::move(request);
    result.where.request = answer.number();
    const auto document = success_of(answer);
    if (!document.contains("results")) {
      result.failed = classify(answer).front();
      co_return result;
    }
    for (const auto& entry : list_of(document, "results")) {
      const auto& one = as_object(entry);
      result.found.emplace(answered_identity(one, id_property), one);
      // An address may be a contact's second one.
      auto others = id_property == "email" ? text_of(object_of(one, "properties"), "hs_additional_emails") : "";
      for (; !others.empty(); others.remove_prefix(std::min(others.size(), others.find(';')) + (others.find(';') != others.npos)))
        result.found.emplace(folded(others.substr(0, others.find(';'))), one);
    }
  }
  co_return result;
}

sdk::task<records> batch::resolve(std::string id_property, records all) {
  const std::vector<std::string> nothing_more;
  const auto existing = co_await read(id_property, all, nothing_more);
  for (auto* one : all) {
    if (existing.failed) fail(*one, *existing.failed, &existing.where);
    const auto at = existing.found.find(identity_of(*one, id_property));
    if (at != existing.found.end()) one->id = id_of(at->second, "id");
  }
  co_return existing.failed ? records{} : all;
}

sdk::task<records> batch::drop_what_is_set(std::string id_property, records all) {
  const auto asks = [&](const auto& field) { return is_if_empty(field.value()) && field.key() != id_property; };
  records asked;
  std::vector<std::string> wanted;
  for (auto* one : all)
    for (const auto& field : *one->values.fields) {
      if (!asks(field)) continue;
      if (asked.empty() || asked.back() != one) asked.push_back(one);
      if (std::find(wanted.begin(), wanted.end(), field.key()) == wanted.end()) wanted.emplace_back(field.key());
    }
  const auto existing = co_await read(id_property, asked, wanted);
  for (auto* one : asked) {
    if (existing.failed) fail(*one, *existing.failed, &existing.where);
    const auto at = existing.found.find(identity_of(*one, id_property));
    for (const auto& field : *one->values.fields)
      if (at != existing.found.end() && asks(field) && !text_of(object_of(at->second, "properties"), field.key()).empty())
        one->values.dropped.push_back(field.key());
  }
  std::erase_if(all, [](const auto* one) { return one->settled; });
  co_return all;
}

/// For contacts whose address turned out to be taken, and for accounts that refuse to match contacts by e-mail.
sdk::task<> batch::write_by_email(records all, bool create_missing) {
  records unknown, known, missing;
  for (auto* one : all) (one->id.empty() ? unknown : known).push_back(one);
  for (auto* one : co_await resolve("email", unknown)) (one->id.empty() ? missing : known).push_back(one);
  for (auto* one : known) one->values.dropped.push_back("email");  // it may be a secondary one of that contact: its primary one stays
  co_await write(write_kind::update, "id", known);
  if (create_missing) co_return co_await write(write_kind::create, "email", missing);
  const failure hidden{"DUPLICATE_BLOCKED", "CONFLICT", "a contact that cannot be found has this e-mail address"};
  for (auto* one : missing) fail(*one, hidden, nullptr);
}
}  // namespace leadsync::hubspot

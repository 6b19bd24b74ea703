#include "writer.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace leadsync::zoho {

struct writer::call {
  write_kind kind;
  records rows;
  bool blind = false;
};

std::vector<std::uint32_t> leads_of(const records& rows) {
  std::vector<std::uint32_t> leads;
  for (const auto* one : rows) leads.insert(leads.end(), one->leads.begin(), one->leads.end());
  return leads;
}

sdk::request costed(sdk::request request, std::size_t rows, bool query) {
  request.cost("credits", static_cast<std::uint32_t>(std::max<std::size_t>(1, (rows + 9) / 10))).cost("calls", 1);
  if (query || rows > 10) request.cost("heavy_calls", 1);
  return request;
}

namespace {

/// At most a hundred each. What Zoho does with two rows of one key in a call is not known, so the second goes in a later one.
std::vector<records> chunks_of(const records& all, const object_kind& kind) {
  std::vector<records> chunks;
  std::vector<std::set<std::string>> used;
  for (auto* one : all) {
    auto identity = one->id.empty() ? folded(one->values.text(kind.match_field)) : one->id;
    std::size_t at = 0;
    while (at < chunks.size() && (chunks[at].size() == 100 || used[at].contains(identity))) ++at;
    if (at == chunks.size()) chunks.emplace_back(), used.emplace_back();
    chunks[at].push_back(one);
    if (!identity.empty()) used[at].insert(std::move(identity));
  }
  return chunks;
}

place row_place(const sdk::answer& answer, std::size_t row, bool answered) {
  const auto pointer = "/data/" + std::to_string(row);
  return {answer.number(), pointer, answered ? pointer : std::string{}};
}

}  // namespace

writer::writer(sdk::session_context context, const json::object& job, const object_kind& kind, std::string_view phase)
    : context_(context), kind_(kind), phase_(phase) {
  const auto& settings = object_of(job, "settings");
  keyed_ = !text_of(object_of(job, "key_fields"), kind.name).empty();
  const auto* reads_back = settings.if_contains("read_back");
  reads_back_ = !reads_back || *reads_back != false;
  runs_workflows_ = flag_of(settings, "run_workflows");
  recreates_ = text_of(settings, "on_target_gone") == "recreate" && phase != "company";
  links_duplicates_ = text_of(settings, "on_duplicate_blocked") == "link";
  if (const auto url = text_of(object_of(job, "account"), "url"); !url.empty() && kind.name != notes.name)
    link_ = std::string(url) + "/tab/" + std::string(kind.module) + "/";
}

void writer::report(const record& subject, std::string_view status, std::string members, const place* where) const {
  std::string text = (phase_ == "company" ? "{\"company\":" : "{\"lead\":") + std::to_string(subject.ordinal);
  ((text += ",\"phase\":\"") += phase_) += "\",\"status\":\"";
  ((text += status) += '"') += members;
  if (where) {
    (text += ",\"request\":") += std::to_string(where->request);
    if (!where->request_pointer.empty()) (text += ",\"request_pointer\":") += sdk::json_quote(where->request_pointer);
    if (!where->response_pointer.empty()) (text += ",\"response_pointer\":") += sdk::json_quote(where->response_pointer);
  }
  context_.report(text += '}');
}

void writer::succeed(record& subject, const place* where) {
  subject.settled = subject.ok = true;
  std::string text;
  const bool tells_id = !subject.id.empty() && phase_ != "association" && phase_ != "tag" && phase_ != "campaign";  // those make no record
  if (tells_id) (text += ",\"remote_id\":") += sdk::json_quote(subject.id);
  if (tells_id && !link_.empty()) (text += ",\"url\":") += sdk::json_quote(link_ + subject.id);
  for (std::size_t i = 0; i < subject.warnings.size(); ++i) (text += i == 0 ? ",\"warnings\":[" : ",") += subject.warnings[i];
  if (!subject.warnings.empty()) text += ']';
  report(subject, "ok", std::move(text), where);
}

void writer::fail(record& subject, const failure& why, const place* where) {
  subject.settled = true;
  auto category = why.category;
  // Mapped, but this lead has nothing for it: that is the lead's fault and not the mapping's.
  if (category == "REQUIRED_FIELD_MISSING" && subject.values.mapped->contains(why.field)) category = "NOT_ENOUGH_DATA";
  if (why.by_type) {
    const auto type = text_of(object_of(*subject.values.mapped, why.field), "type");
    for (const std::string_view formal : {"email", "phone", "url", "date", "instant", "decimal", "boolean"})
      if (type == formal) category = "DATA_FORMAT_VALIDATION";
  }
  std::string text;
  (text += ",\"category\":") += sdk::json_quote(category);
  if (!why.crm_code.empty()) (text += ",\"crm_code\":") += sdk::json_quote(why.crm_code);
  (text += ",\"message\":") += sdk::json_quote(why.message.empty() ? std::string_view(category) : std::string_view(why.message));
  (text += ",\"locus\":{\"object\":") += sdk::json_quote(kind_.name);
  if (!why.field.empty()) (text += ",\"remote_field\":") += sdk::json_quote(why.field);
  if (const auto value = subject.values.text(why.field); !value.empty()) (text += ",\"value\":") += sdk::json_quote(value);
  text += '}';
  if (why.retry_after_ms > 0) (text += ",\"retry_after_ms\":") += std::to_string(why.retry_after_ms);
  report(subject, "failed", std::move(text), where);
}

void writer::skip(const record& subject, std::string_view why) { report(subject, "skipped", ",\"message\":" + sdk::json_quote(why), nullptr); }

sdk::request writer::request_for(const call& call) const {
  json::object body;
  auto& rows = body["data"].emplace_array();
  for (const auto* one : call.rows) {
    auto row = one->values.row();
    if (call.kind == write_kind::update) row["id"] = one->id;
    rows.push_back(std::move(row));
  }
  if (call.kind == write_kind::upsert) {
    auto& fields = body["duplicate_check_fields"].emplace_array();
    if (keyed_) fields.push_back(json::value(key_field));
    if (!kind_.match_field.empty()) fields.push_back(json::value(kind_.match_field));
  }
  if (!runs_workflows_) body["trigger"] = json::array{};  // left out, Zoho runs them all
  const auto url = module_url(kind_, call.kind == write_kind::upsert ? "/upsert" : "");
  auto request = (call.kind == write_kind::update ? sdk::http.put(url) : sdk::http.post(url)).phase(phase_).leads(leads_of(call.rows)).json(json::serialize(body));
  request = costed(std::move(request), call.rows.size());
  return call.blind ? request.blind_write() : request.keyed_write();
}

sdk::task<> writer::write(write_kind kind, records all) {
  for (auto* one : all)
    if (kind == write_kind::update && one->values.row().empty()) succeed(*one, nullptr);
  std::erase_if(all, [](const auto* one) { return one->settled; });
  const auto chunks = chunks_of(all, kind_);
  std::deque<records> waiting(chunks.begin(), chunks.end());
  records taken;
  while (!waiting.empty()) {
    call call{kind, std::move(waiting.front()), kind == write_kind::insert};
    waiting.pop_front();
    auto request = request_for(call);
    const auto answer = co_await std::move(request);
    const auto again = settle(call, answer, taken);
    // Some were told apart: the rest goes again without them. Where none was, they are found by halving.
    const bool told = again.size() < call.rows.size();
    const auto middle = again.begin() + static_cast<std::ptrdiff_t>(told ? again.size() : (again.size() + 1) / 2);
    if (middle != again.end()) waiting.emplace_front(middle, again.end());
    if (!again.empty()) waiting.emplace_front(again.begin(), middle);
  }
  co_await read_back();
  if (!taken.empty()) co_await write(write_kind::update, taken);
}

records writer::settle(const call& call, const sdk::answer& answer, records& taken) {
  const auto document = answer.transport() == sdk::transport_result::ok ? parsed(answer.body()) : json::object{};
  const auto* data = document.if_contains("data");
  const auto& rows = call.rows;
  if (!data || !data->is_array() || answer.status() >= 500 || answer.status() == 429) {
    const auto why = classify(answer, call.blind);
    const bool of_one = why.row >= 0 && static_cast<std::size_t>(why.row) < rows.size();
    records again;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const bool meant = why.whole_batch || rows.size() == 1 || (of_one && static_cast<std::size_t>(why.row) == i);
      if (meant) reject(*rows[i], why, row_place(answer, i, false), taken);
      else again.push_back(rows[i]);
    }
    return again;
  }
  // Rows have nothing in common with what was sent but their order: one too few, or a path that says otherwise, and none can be told.
  const auto& results = data->get_array();
  bool in_order = results.size() == rows.size();
  for (std::size_t i = 0; in_order && i < rows.size(); ++i)
    if (text_of(as_object(results[i]), "status") != "success") {
      const auto said = classify_row(as_object(results[i])).row;
      in_order = said < 0 || static_cast<std::size_t>(said) == i;
    }
  if (!in_order && !call.blind && rows.size() > 1) return rows;
  const failure missing{call.blind ? "AMBIGUOUS_WRITE" : "UNEXPECTED", "ROW_MISSING", "Zoho's answer lacks this record, or has another order"};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto where = row_place(answer, i, in_order);
    if (!in_order) fail(*rows[i], missing, &where);
    else if (const auto& row = as_object(results[i]); text_of(row, "status") == "success" && text_of(row, "code") == "SUCCESS") accept(*rows[i], row, call, where);
    else reject(*rows[i], classify_row(row), where, taken);
  }
  return {};
}

void writer::accept(record& one, const json::object& row, const call& call, const place& where) {
  const auto id = id_of(object_of(row, "details"), "id");
  const failure nameless{call.blind ? "AMBIGUOUS_WRITE" : "UNEXPECTED", "ID_MISSING", "Zoho's answer has no id for this record"};
  if (id.empty()) return fail(one, nameless, &where);
  one.id = id;
  one.ok = true;
  if (call.blind || !reads_back_ || kind_.name == notes.name) return succeed(one, &where);
  one.settled = true;
  written_.push_back({&one, where});
}

/// Zoho names the record that has the value: it is ours to write, where the value is what we match by.
void writer::reject(record& one, const failure& why, const place& where, records& taken) {
  if (recreates_ && why.category == "TARGET_GONE" && std::exchange(one.pinned, false)) {
    one.id.clear();
    one.values.dropped.clear();
    one.warnings.push_back(warning_text("RECREATED", "", "its record was deleted in Zoho"));
    return;
  }
  const bool named = why.category == "DUPLICATE_BLOCKED" && !why.existing_id.empty();
  const bool adopts = named && (is_match_field(why.field) || links_duplicates_);
  if (!adopts || one.pinned || std::exchange(one.adopted, true)) return fail(one, why, &where);
  if (!is_match_field(why.field)) one.warnings.push_back(warning_text("LINKED", why.field, "a record with the same unique value was there, and the lead was written to it"));
  one.id = why.existing_id;
  taken.push_back(&one);
}

void writer::compare(record& one, const names& asked, const json::object& row, const place& where) {
  std::string missing;
  for (const auto& [name, sent] : one.values.row()) {
    if (is_blank(&sent) || !asked.contains(name)) continue;
    if (!row.contains(name)) missing = missing.empty() ? std::string(name) : missing;
    else if (is_blank(row.if_contains(name)))
      one.warnings.push_back(warning_text("NOT_APPLIED", name, "Zoho said SUCCESS and kept no value: the field is on no layout, or its list lacks the value"));
  }
  one.ok = missing.empty();
  if (!one.ok) fail(one, {"MISSING_REMOTE_FIELD", "FIELD_DROPPED", "Zoho said SUCCESS and dropped " + missing + ", which the module does not have", missing}, &where);
}

sdk::task<> writer::read_back() {
  while (!written_.empty()) {
    const auto count = static_cast<std::ptrdiff_t>(std::min<std::size_t>(100, written_.size()));
    const std::vector<written> part(written_.begin(), written_.begin() + count);
    written_.erase(written_.begin(), written_.begin() + count);
    records rows;
    names asked;
    for (const auto& each : part) {
      rows.push_back(each.subject);
      for (const auto& field : each.subject->values.row())
        if (asked.size() < 50) asked.emplace(field.key());  // more are not read in one call
    }
    const auto existing = co_await read_by_id(rows, asked);
    for (const auto& each : part) {
      auto& one = *each.subject;
      const auto at = existing.found.find(one.id);
      if (at == existing.found.end()) one.warnings.push_back(warning_text("NOT_VERIFIED", "", "Zoho said SUCCESS; what it kept could not be read"));
      else compare(one, asked, at->second, each.where);
      if (one.ok) succeed(one, &each.where);
    }
  }
}

sdk::task<lookup> writer::read_by_id(records rows, names asked) {
  std::string ids, fields;
  for (const auto* one : rows) (ids += ids.empty() ? "" : ",") += one->id;
  for (const auto& name : asked) (fields += fields.empty() ? "" : ",") += name;
  auto request = costed(sdk::http.get(module_url(kind_, "?ids=" + ids + "&fields=" + fields + "&per_page=200")).phase(phase_).leads(leads_of(rows)), 1);
  const auto answer = co_await std::move(request);
  lookup result{answer, {}, answer.status() == 204};
  const auto document = success_of(answer);
  result.good = result.good || document.contains("data");
  for (const auto& entry : list_of(document, "data")) result.found.emplace(id_of(as_object(entry), "id"), as_object(entry));
  co_return result;
}

/// By our key and by the module's own field; the store itself is asked, not the search index.
sdk::task<lookup> writer::read_by_match(records rows, names asked) {
  std::string keys, matches, query = "select ";
  for (const auto* one : rows) {
    if (keyed_) (keys += keys.empty() ? "" : ",") += coql_text(one->key);
    if (const auto value = one->values.text(kind_.match_field); !value.empty()) (matches += matches.empty() ? "" : ",") += coql_text(value);
  }
  lookup result{{}, {}, true};
  if (keys.empty() && matches.empty()) co_return result;
  if (keyed_) asked.emplace(key_field);
  asked.emplace(kind_.match_field);
  for (const auto& name : asked) (query += query.size() == 7 ? "" : ", ") += name;
  (query += " from ") += kind_.module;
  if (!keys.empty()) ((((query += " where ") += key_field) += " in (") += keys) += ")";
  if (!matches.empty()) ((((query += keys.empty() ? " where " : " or ") += kind_.match_field) += " in (") += matches) += ")";
  query += " limit 200";
  const auto body = json::serialize(json::object{{"select_query", query}});
  auto request = costed(sdk::http.post("/crm/v8/coql").phase(phase_).leads(leads_of(rows)).read().json(body), 1, true);
  result.answer = co_await std::move(request);
  const auto document = success_of(result.answer);
  result.good = result.answer.status() == 204 || document.contains("data");
  for (const auto& entry : list_of(document, "data")) {
    const auto& row = as_object(entry);
    for (const auto* one : rows) {
      const auto match = folded(one->values.text(kind_.match_field));
      const bool same = (keyed_ && text_of(row, key_field) == one->key) || (!match.empty() && folded(text_of(row, kind_.match_field)) == match);
      if (same) result.found.emplace(one->key, row);
    }
  }
  co_return result;
}

sdk::task<records> writer::drop_what_is_set(records all) {
  const auto asks = [&](const auto& field) { return is_if_empty(field.value()) && !is_match_field(field.key()); };
  records parts[2];
  names asked;
  for (auto* one : all) {
    bool any = false;
    for (const auto& field : *one->values.mapped)
      if (asks(field)) asked.emplace(field.key()), any = true;
    if (any) parts[one->id.empty()].push_back(one);
  }
  for (std::size_t unknown = 0; unknown < 2; ++unknown)
    for (std::size_t begin = 0; begin < parts[unknown].size(); begin += 50) {
      const auto& part = parts[unknown];
      const records rows(part.begin() + static_cast<std::ptrdiff_t>(begin), part.begin() + static_cast<std::ptrdiff_t>(std::min(part.size(), begin + 50)));
      lookup existing;
      if (unknown) existing = co_await read_by_match(rows, asked);
      else existing = co_await read_by_id(rows, asked);
      const auto why = existing.good ? failure{} : classify(existing.answer);
      const place where{existing.answer.number(), {}, {}};
      // A name that cannot be asked for must not keep its lead: what might be overwritten stays unsent.
      const bool unaskable = why.crm_code == "SYNTAX_ERROR" || why.crm_code == "INVALID_QUERY";
      for (auto* one : rows) {
        if (!existing.good && !unaskable) fail(*one, why, &where);
        if (unaskable) one->warnings.push_back(warning_text("NOT_APPLIED", "", "what is only to be filled where it is empty was not sent: " + why.message));
        const auto at = existing.found.find(unknown ? one->key : one->id);
        for (const auto& field : *one->values.mapped)
          if (asks(field) && (unaskable || (at != existing.found.end() && !is_blank(at->second.if_contains(field.key()))))) one->values.dropped.push_back(field.key());
      }
    }
  std::erase_if(all, [](const auto* one) { return one->settled; });
  co_return all;
}
}  // namespace leadsync::zoho

#include "collection.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>

namespace leadsync::salesforce {
namespace {
constexpr std::size_t largest_call = 200;
constexpr std::size_t fewest_in_bulk = 2'000;
constexpr std::size_t first_line = 2;  // of the request's body that holds a record

std::string identity_of(const record& one, write_kind kind) {
  return kind == write_kind::update ? one.id : kind == write_kind::upsert ? folded(one.key) : std::string{};
}

/// Of two records with one identity in a call the second would be refused, so it goes in a later one.
std::vector<records> chunks_of(const records& all, write_kind kind) {
  std::vector<records> chunks;
  std::vector<std::unordered_set<std::string>> used;
  for (auto* one : all) {
    const auto identity = identity_of(*one, kind);
    std::size_t at = 0;
    while (at < chunks.size() && (chunks[at].size() == largest_call || used[at].contains(identity))) ++at;
    if (at == chunks.size()) chunks.emplace_back(), used.emplace_back();
    chunks[at].push_back(one);
    if (!identity.empty()) used[at].insert(identity);
  }
  return chunks;
}

place row_place(const sdk::answer& answer, std::size_t input, bool has_row) {
  const auto index = std::to_string(input);
  return {answer.number(), "/records/" + index, has_row ? "/" + index : std::string{}};
}

/// A row for each record, in their order. An array of errors of the call has no "success".
const json::array* rows_of(const json::value& document) {
  const auto* rows = document.if_array();
  const bool are_rows = rows && std::all_of(rows->begin(), rows->end(), [](const auto& row) { return as_object(row).contains("success"); });
  return are_rows && !rows->empty() ? rows : nullptr;
}
}  // namespace

/// One record to a line: Salesforce tells the line of a value that it cannot read.
sdk::request collection::request_for(const call& call) const {
  std::string body = "{\"allOrNone\":false,\"records\":[";
  body.reserve(64 + call.inputs.size() * 512);
  bool owned = false;
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    const auto& one = *call.inputs[i];
    body += i == 0 ? "\n{\"attributes\":{\"type\":" : ",\n{\"attributes\":{\"type\":";
    append_quoted(body, kind_.type);
    body += '}';
    if (call.kind == write_kind::update) append_quoted(body += ",\"id\":", one.id);
    if (call.kind == write_kind::upsert) append_quoted((body += ",\"").append(key_field) += "\":", one.key);
    one.values.append_to(body);
    body += '}';
    owned = owned || one.values.sends("OwnerId");
  }
  body += "\n]}";
  auto url = std::string(api) + "/composite/sobjects";
  if (call.kind == write_kind::upsert) (((url += '/') += kind_.type) += '/') += key_field;
  auto request = sdk::request(call.kind == write_kind::create ? "POST" : "PATCH", url);
  request.phase(phase_).leads(leads_of(call.inputs)).json(std::move(body)).header("Sforce-Call-Options", "client=leadsync");
  // Active assignment rules would take from its owner what was sent with one.
  if (owned) request.header("Sforce-Auto-Assign", "FALSE");
  if (options_.allow_duplicates) request.header("Sforce-Duplicate-Rule-Header", "allowSave=true; includeRecordDetails=false; runAsCurrentUser=true");
  return call.blind ? request.blind_write() : request.keyed_write();
}

sdk::task<> collection::write(write_kind kind, records all) {
  for (auto* one : all)
    if (kind == write_kind::update && one->values.empty()) succeed(*one, nullptr);
  std::erase_if(all, [](const auto* one) { return one->settled; });
  if (kind != write_kind::update) co_await take_left(kind, &all);
  const bool is_keyed = kind == write_kind::upsert || (kind == write_kind::create && !unrepeated_.empty());
  if (jobs_ && is_keyed && all.size() >= fewest_in_bulk) all = co_await ingest(kind, std::move(all));
  const auto chunks = chunks_of(all, kind);
  std::deque<records> waiting(chunks.begin(), chunks.end());
  records moved;
  while (!waiting.empty()) {
    call call{kind, std::move(waiting.front()), kind == write_kind::create && unrepeated_.empty()};
    waiting.pop_front();
    auto request = request_for(call);
    const auto answer = co_await std::move(request);
    auto again = settle(call, answer, moved);
    // A refused call wrote nothing: the rest goes again without the offender. One that is not told is found by halving.
    const auto size = again.size() < call.inputs.size() ? again.size() : (again.size() + 1) / 2;
    const auto middle = again.begin() + static_cast<std::ptrdiff_t>(size);
    if (middle != again.end()) waiting.emplace_front(middle, again.end());
    if (!again.empty()) waiting.emplace_front(again.begin(), middle);
  }
  if (!moved.empty()) co_await write(write_kind::update, moved);
}

records collection::settle(const call& call, const sdk::answer& answer, records& moved) {
  const auto document = answer.transport() == sdk::transport_result::ok ? parsed_value(answer.body()) : json::value();
  const auto* rows = rows_of(document);
  if (!rows || (!answer.ok() && answer.status() != 400)) return settle_refused(call, answer);
  const auto& inputs = call.inputs;
  bool fits = rows->size() == inputs.size();
  for (std::size_t i = 0; fits && call.kind == write_kind::update && i < inputs.size(); ++i) {
    const auto& row = as_object((*rows)[i]);
    fits = !flag_of(row, "success") || same_id(text_of(row, "id"), inputs[i]->id);
  }
  if (!fits) {
    // Rows have nothing but their position to tell whose they are.
    if (!call.blind && inputs.size() > 1) return inputs;
    const failure missing{call.blind ? "AMBIGUOUS_WRITE" : "UNEXPECTED", "ROW_MISSING", "the answer lacks this record, or mixes it up"};
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto where = row_place(answer, i, false);
      fail(*inputs[i], missing, &where);
    }
    return {};
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) settle_row(call, i, as_object((*rows)[i]), row_place(answer, i, true), moved);
  return {};
}

void collection::settle_row(const call& call, std::size_t input, const json::object& row, const place& where, records& moved) {
  auto& one = *call.inputs[input];
  if (flag_of(row, "success")) {
    if (call.kind != write_kind::update) one.id = id_of(row, "id");
    if (!one.id.empty()) return succeed(one, &where);
    return fail(one, {call.blind ? "AMBIGUOUS_WRITE" : "UNEXPECTED", "ID_MISSING", "the answer has no id for this record"}, &where);
  }
  const auto why = refined(classify_row(list_of(row, "errors")), one);
  if (!unrepeated_.empty() && why.crm_code == "DUPLICATE_VALUE") return succeed(one, &where);
  // Another write of the same key was faster, or a recycled record holds it.
  const bool own_key = call.kind == write_kind::upsert && why.crm_code == "DUPLICATE_VALUE" && why.field == key_field && !why.existing_id.empty();
  if (takes_aside(one, why)) return;
  if (!own_key || one.moved) return fail(one, why, &where);
  one.moved = true;
  one.id = why.existing_id;
  moved.push_back(&one);
}

bool collection::takes_aside(record& one, const failure& why) {
  const bool is_person = phase_ == "person";
  if (one.aside || (!is_person && phase_ != "note")) return false;
  const bool gone = options_.recreates && why.category == "TARGET_GONE" && !one.id.empty() && why.crm_code != "INVALID_CROSS_REFERENCE_KEY";
  const bool converted = is_person && options_.follows_conversions && why.category == "TARGET_CONVERTED";
  const bool blocked = is_person && options_.links_duplicates && why.crm_code == "DUPLICATES_DETECTED";
  one.aside = gone || converted || blocked;
  if (gone) one.id.clear(), warn(one, "RECREATED", "its record was deleted in Salesforce");
  if (converted) aside_.converted.push_back(&one);
  if (blocked) aside_.blocked.push_back(&one);
  return one.aside;
}

records collection::settle_refused(const call& call, const sdk::answer& answer) {
  const auto why = classify(answer, call.blind);
  const auto& inputs = call.inputs;
  const bool all_fail = why.whole_call || inputs.size() == 1;
  std::size_t guilty = inputs.size();
  if (!all_fail && why.line >= first_line && why.line - first_line < inputs.size()) {
    guilty = why.line - first_line;
    // The line is believed where the quoted value stands there.
    if (inputs[guilty]->values.field_with(why.value).empty()) guilty = inputs.size();
  }
  records again;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto where = row_place(answer, i, false);
    if (all_fail || i == guilty) fail(*inputs[i], why, &where);
    else again.push_back(inputs[i]);
  }
  return again;
}

sdk::task<records> collection::drop_what_is_set(std::string identity, records all) {
  records asked;
  std::vector<std::string> values;
  std::string selected = "Id";
  std::unordered_set<std::string_view> wanted;
  if (identity != "Id") selected += "," + identity;
  const auto identity_in = [&](const record& one) { return identity == "Id" ? one.id.substr(0, 15) : folded(one.key); };
  for (auto* one : all)
    for (const auto& field : *one->values.fields) {
      if (!is_if_empty(field.value())) continue;
      if (asked.empty() || asked.back() != one) asked.push_back(one), values.push_back(identity == "Id" ? one->id : one->key);
      if (wanted.insert(field.key()).second) (selected += ",") += field.key();
    }
  if (asked.empty()) co_return all;
  lookup what{std::string(kind_.type), selected, identity};
  const auto existing = co_await query_each(std::move(what), std::move(values), phase_, leads_of(asked));
  std::unordered_map<std::string, const json::object*> by_identity;
  for (const auto& row : existing.rows)
    by_identity.emplace(identity == "Id" ? row_text(row, "Id").substr(0, 15) : folded(row_text(row, identity)), &row);
  for (auto* one : asked) {
    if (existing.failed) fail(*one, *existing.failed, &existing.where);
    const auto at = by_identity.find(identity_in(*one));
    if (at == by_identity.end()) continue;
    for (const auto& field : *one->values.fields)
      if (is_if_empty(field.value()) && !row_text(*at->second, field.key()).empty()) one->values.dropped.push_back(field.key());
  }
  std::erase_if(all, [](const auto* one) { return one->settled; });
  co_return all;
}
}  // namespace leadsync::salesforce

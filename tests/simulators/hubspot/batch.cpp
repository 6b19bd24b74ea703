#include "hubspot/batch.h"

#include "hubspot/record_writer.h"

#include "base/text.h"

#include <algorithm>
#include <unordered_set>

namespace leadsync::simulator::hubspot {
namespace {

constexpr std::size_t largest_batch = 100;

/// The inputs, or the refusal of the whole request.
const json::array* inputs_of(const portal& account, const call& from, response& refused) {
  const auto* object = from.body.if_object();
  const auto* inputs = object ? object->if_contains("inputs") : nullptr;
  if (!inputs) {
    refused = missing_member(account, "inputs");
    return nullptr;
  }
  if (!inputs->is_array()) {
    refused = bad_json(account, "Cannot deserialize value of type `java.util.ArrayList`");
    return nullptr;
  }
  if (inputs->get_array().size() > largest_batch) {
    refused = invalid(account, "Batch size limit exceeded");
    return nullptr;
  }
  return &inputs->get_array();
}

std::vector<std::string> duplicates_of(const object_type& type, const std::vector<input>& inputs) {
  std::unordered_set<std::string> seen;
  std::vector<std::string> out;
  for (const auto& one : inputs) {
    const bool email = one.id_property && one.id_property == type.email_property();
    auto key = email ? ascii_lower(trim(one.id)) : one.id;
    if (!seen.insert(key).second && std::find(out.begin(), out.end(), key) == out.end()) out.push_back(std::move(key));
  }
  return out;
}

response refuse_duplicates(const portal& account, const std::vector<std::string>& ids) {
  json::array list;
  for (const auto& id : ids) list.emplace_back(id);
  return invalid(account, "Duplicate IDs found in batch input: [" + join(ids, ", ") + "]. IDs must be unique", {{"ids", std::move(list)}});
}

bool traces_are_unique(const std::vector<input>& inputs) {
  std::unordered_set<std::string_view> seen;
  return std::all_of(inputs.begin(), inputs.end(), [&](const input& one) { return !one.trace_id.empty() && seen.insert(one.trace_id).second; });
}

template <class Row>
void shuffle(portal& account, std::vector<Row>& rows) {
  if (account.options.shuffle_results) std::shuffle(rows.begin(), rows.end(), account.random);
}

struct written_row {
  const input* from;
  const record* written;
};

void append_row(std::string& out, record_writer& writer, const object_type& type, write_kind kind, const written_row& row) {
  const input& one = *row.from;
  const bool created = one.target == nullptr;
  std::string extra;
  if (!one.trace_id.empty() && kind != write_kind::update) {
    extra += R"(,"objectWriteTraceId":)";
    append_json_string(extra, one.trace_id);
  }
  if (kind == write_kind::upsert) extra += created ? R"(,"new":true)" : R"(,"new":false)";
  writer.append(out, *row.written, created ? selection{{}, true} : select_written(type, one.what.fields), extra);
}

/// All or nothing: every property error of every input in one answer, or the first other failure.
std::optional<response> refuse_whole(portal& account, const std::vector<std::pair<std::size_t, failure>>& failures) {
  std::vector<property_error> properties;
  for (const auto& [index, what] : failures) properties.insert(properties.end(), what.properties.begin(), what.properties.end());
  if (!properties.empty()) return refuse_properties(account, properties);
  for (const int status : {400, 409})
    for (const auto& [index, what] : failures)
      if (what.status == status) return to_response(account, what);
  return std::nullopt;
}

}  // namespace

response write_batch(portal& account, object_type& type, write_kind kind, const call& from) {
  response refused;
  const auto* sources = inputs_of(account, from, refused);
  if (!sources) return refused;
  std::vector<input> inputs(sources->size());
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (auto wrong = read_input(account, type, kind, from, (*sources)[i], inputs[i])) return std::move(*wrong);
  if (kind != write_kind::create)
    if (const auto ids = duplicates_of(type, inputs); !ids.empty()) return refuse_duplicates(account, ids);

  const bool partial = traces_are_unique(inputs) && (kind != write_kind::update || account.options.update_partial_with_trace);
  std::vector<written_row> rows;
  rows.reserve(inputs.size());
  json::array errors;
  std::vector<std::string> missing;
  const auto write = [&](input& one) {
    const record& written = apply(account, type, one, from.now);
    rows.push_back({&one, &written});
  };
  if (partial) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto wrong = check(account, type, kind, inputs[i], (*sources)[i], nullptr);
      if (!wrong) write(inputs[i]);
      else if (wrong->status == 404) missing.push_back(inputs[i].id);
      else errors.push_back(to_batch_error(*wrong, inputs[i].trace_id));
    }
  } else {
    claims taken;
    std::vector<std::pair<std::size_t, failure>> failures;
    std::vector<bool> good(inputs.size(), true);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      auto wrong = check(account, type, kind, inputs[i], (*sources)[i], &taken);
      if (!wrong) continue;
      good[i] = false;
      if (wrong->status == 404) missing.push_back(inputs[i].id);
      failures.emplace_back(i, std::move(*wrong));
    }
    if (auto whole = refuse_whole(account, failures)) return std::move(*whole);
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (good[i]) write(inputs[i]);
  }
  if (!missing.empty()) errors.push_back(to_batch_error(record_not_found(type, missing), {}));
  shuffle(account, rows);
  record_writer writer(account, type);
  std::string body = begin_batch(from.now, rows.size() * 1024);
  for (const auto& row : rows) {
    if (&row != &rows.front()) body += ',';
    append_row(body, writer, type, kind, row);
  }
  return end_batch(kind == write_kind::create ? 201 : 200, std::move(body), errors);
}

response read_batch(portal& account, object_type& type, const call& from) {
  response refused;
  const auto* sources = inputs_of(account, from, refused);
  if (!sources) return refused;
  const auto& body = from.body.get_object();
  std::optional<std::uint16_t> id_property;
  if (const auto name = text_member(body, "idProperty"); !name.empty() && name != "hs_object_id") {
    if (auto wrong = refuse_id_property(account, type, name, write_kind::upsert); wrong && name != "email") return std::move(*wrong);
    id_property = type.find_property(name);
    if (!id_property) return std::move(*refuse_id_property(account, type, name, write_kind::upsert));
  }
  std::vector<std::string> names;
  if (const auto* asked = body.if_contains("properties"); asked && asked->is_array())
    for (const auto& name : asked->get_array())
      if (name.is_string()) names.emplace_back(name.get_string());
  const auto which = select_properties(type, names);
  const bool archived = from.raw.parameter("archived") == "true";
  record_writer writer(account, type);
  std::vector<const record*> rows;
  std::vector<std::string> missing;
  std::unordered_set<std::uint64_t> shown;
  for (const auto& source : *sources) {
    const auto id = source.is_object() ? id_member(source.get_object(), "id") : std::string();
    if (id.empty()) return missing_member(account, "id");
    const record* found = nullptr;
    if (id_property)
      found = type.find_by(*id_property, id);
    else if (archived)
      found = type.find(std::strtoull(id.c_str(), nullptr, 10));
    else
      found = type.find_live(id);
    if (!found || found->archived != archived) {
      missing.push_back(id);
    } else if (shown.insert(found->id).second) {
      rows.push_back(found);
    }
  }
  json::array errors;
  if (!missing.empty()) errors.push_back(to_batch_error(record_not_found(type, missing), {}));
  shuffle(account, rows);
  std::string out = begin_batch(from.now, rows.size() * 512);
  for (const auto* row : rows) {
    if (row != rows.front()) out += ',';
    writer.append(out, *row, which);
  }
  return end_batch(200, std::move(out), errors);
}

response archive_batch(portal& account, object_type& type, const call& from) {
  response refused;
  const auto* sources = inputs_of(account, from, refused);
  if (!sources) return refused;
  for (const auto& source : *sources)
    if (record* found = source.is_object() ? type.find_live(id_member(source.get_object(), "id")) : nullptr) type.archive(*found, from.now);
  return {204};
}

}  // namespace leadsync::simulator::hubspot

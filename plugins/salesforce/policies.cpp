#include "sync.h"

#include <algorithm>
#include <memory>
#include <unordered_map>

namespace leadsync::salesforce {
namespace {
/// Fields that a contact has as well, under its own name. What else a lead has stays with the lead.
constexpr std::pair<std::string_view, std::string_view> of_contacts[] = {
    {"FirstName", "FirstName"}, {"LastName", "LastName"}, {"Salutation", "Salutation"}, {"Title", "Title"}, {"Email", "Email"}, {"Phone", "Phone"},
    {"MobilePhone", "MobilePhone"}, {"Fax", "Fax"}, {"Street", "MailingStreet"}, {"City", "MailingCity"}, {"State", "MailingState"},
    {"PostalCode", "MailingPostalCode"}, {"Country", "MailingCountry"}};

/// The ids of the records of this type that the duplicate rule found. Their member is misspelt by some versions.
std::vector<std::string> duplicates_in(const json::array& errors, std::string_view type) {
  std::vector<std::string> ids;
  for (const auto& error : errors)
    for (const auto* member : {"duplicateResult", "duplicateResut"})
      for (const auto& result : list_of(object_of(as_object(error), member), "matchResults"))
        for (const auto& match : list_of(as_object(result), "matchRecords")) {
          const auto& found = object_of(as_object(match), "record");
          if (const auto id = id_of(found, "Id"); !id.empty() && text_of(object_of(found, "attributes"), "type") == type) ids.push_back(id);
        }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

/// A single call tells the records that are in the way, which a row of many does not.
sdk::task<> find_duplicate(sync_job* job, collection* work, record* one) {
  const bool keyed = job->keyed(job->person);
  std::string body;
  one->values.append_to(body);
  body.front() = '{';
  auto url = std::string(api) + "/sobjects/" + std::string(job->person.type);
  if (keyed) (((url += '/') += key_field) += '/') += sdk::percent_encode(one->key);
  auto request = sdk::request(keyed ? "PATCH" : "POST", url);
  request.phase(std::string(phase_names[person_phase])).leads(one->leads).json(body + "}");
  keyed ? request.keyed_write() : request.blind_write();
  const auto answer = co_await std::move(request);
  const place where{answer.number(), {}, {}};
  const auto document = parsed_value(answer.body());
  one->id = text_of(as_object(document), "id");
  if (answer.ok() && !one->id.empty()) co_return work->succeed(*one, &where);
  const json::array none;
  const auto ids = duplicates_in(document.is_array() ? document.get_array() : none, job->person.type);
  if (ids.size() == 1) {
    one->id = ids.front();
    warn(*one, "LINKED", "a duplicate rule named this record, and the lead was written to it");
    co_return;
  }
  auto why = classify(answer, !keyed);
  if (ids.size() > 1) why.category = "AMBIGUOUS_MATCH", why.message += " (" + std::to_string(ids.size()) + " records)";
  work->fail(*one, std::move(why), &where);
}
}  // namespace

sdk::task<> link_duplicates(sync_job* job, collection* work, records blocked) {
  for (auto* one : blocked) co_await find_duplicate(job, work, one);
  std::erase_if(blocked, [](const auto* one) { return one->settled; });
  blocked = co_await work->drop_what_is_set("Id", blocked);
  co_await work->write(write_kind::update, blocked);
}

sdk::task<> follow_conversions(sync_job* job, collection* work, records converted) {
  if (converted.empty()) co_return;
  std::vector<std::string> ids, keys;
  for (const auto* one : converted)
    if (!one->id.starts_with(contact_records.prefix)) (one->id.empty() ? keys : ids).push_back(one->id.empty() ? one->key : one->id);
  std::unordered_map<std::string, std::string> contact_of;
  for (auto* values : {&ids, &keys}) {
    const std::string field(values == &ids ? "Id" : key_field);
    lookup what{std::string(lead_records.type), values == &ids ? "Id,ConvertedContactId" : field + ",ConvertedContactId", field};
    const auto found = co_await query_each(std::move(what), *values, std::string(phase_names[person_phase]), leads_of(converted));
    if (found.failed)
      for (auto* one : converted) work->fail(*one, *found.failed, &found.where);
    if (found.failed) co_return;
    for (const auto& row : found.rows) {
      const auto value = row_text(row, field);
      contact_of[values == &ids ? value.substr(0, 15) : folded(value)] = row_text(row, "ConvertedContactId");
    }
  }
  json::array all_fields;  // stays where it is until the contacts are written
  all_fields.reserve(converted.size());
  std::vector<std::pair<record*, std::unique_ptr<record>>> contacts;
  records written;
  for (auto* one : converted) {
    auto contact = one->id;
    if (!contact.starts_with(contact_records.prefix)) contact = contact_of[contact.empty() ? folded(one->key) : contact.substr(0, 15)];
    if (contact.empty()) {
      work->fail(*one, {"TARGET_CONVERTED", "CANNOT_UPDATE_CONVERTED_LEAD", "the lead was converted, and the contact that it became cannot be found"}, nullptr);
      continue;
    }
    json::object kept;
    for (const auto& [ours, theirs] : of_contacts)
      if (one->values.sends(ours) && one->values.fields->contains(ours)) kept[theirs] = one->values.fields->at(ours);
    auto& as_contact = *contacts.emplace_back(one, std::make_unique<record>(*one)).second;
    as_contact.id = contact;
    as_contact.values = {.fields = &all_fields.emplace_back(std::move(kept)).get_object()};
    warn(as_contact, "CONVERTED", "the lead was converted: its contact got what the two have in common");
    written.push_back(&as_contact);
  }
  auto of_contact = job->begin(person_phase, contact_records);
  written = co_await of_contact.drop_what_is_set("Id", written);
  co_await of_contact.write(write_kind::update, written);
  for (const auto& [one, as_contact] : contacts) one->id = as_contact->id, one->ok = as_contact->ok, one->settled = true;
}
}  // namespace leadsync::salesforce

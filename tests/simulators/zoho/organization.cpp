#include "zoho/organization.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace leadsync::simulator::zoho {
namespace {

std::string index_key(std::string_view field, const json::value& value) {
  return std::string(field) + '\n' + (value.is_string() ? ascii_lower(std::string_view(value.get_string())) : json::serialize(value));
}

field make(std::string api_name, std::string data_type, std::size_t length = 0) {
  std::string label = api_name;
  std::replace(label.begin(), label.end(), '_', ' ');
  field out;
  out.api_name = std::move(api_name);
  out.label = std::move(label);
  out.data_type = std::move(data_type);
  out.length = length;
  return out;
}

field picklist(std::string api_name, const std::vector<std::string>& values, std::string data_type = "picklist") {
  auto out = make(std::move(api_name), std::move(data_type), 120);
  if (out.data_type == "picklist") out.options.push_back({"-None-", "-None-"});
  for (const auto& value : values) out.options.push_back({value, value});
  return out;
}

std::vector<field> person_fields() {
  std::vector<field> out{make("Last_Name", "text", 80), make("First_Name", "text", 40), make("Email", "email", 100), make("Phone", "phone", 30),
                         make("Mobile", "phone", 30), make("Description", "textarea", 32000), make("Email_Opt_Out", "boolean"),
                         picklist("Lead_Source", {"Trade Show", "Advertisement", "Partner", "Web Research"})};
  out.front().mandatory = true;
  const auto add = [&](field made) {
    made.custom = made.api_name != "Owner" && made.api_name != "Full_Name";
    out.push_back(std::move(made));
  };
  add(picklist("Timeline", {"This quarter", "Next quarter"}));
  add(picklist("Interests", {"Pumps", "Valves", "Scanners"}, "multiselectpicklist"));
  add(make("Met_At", "datetime"));
  add(make("Next_Call", "date"));
  add(make("Booth_Notes", "text", 200));
  auto name = make("Full_Name", "text", 120);
  name.read_only = true;
  add(std::move(name));
  auto owner = make("Owner", "ownerlookup", 120);
  add(std::move(owner));
  return out;
}

}  // namespace

bool record::is_set(std::string_view name) const {
  const auto* value = values.if_contains(name);
  return value && !value->is_null();
}

field* module::find_field(std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& one) { return one.api_name == name; });
  return found == fields.end() ? nullptr : &*found;
}

record* module::find(std::string_view id) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(id.data(), id.data() + id.size(), number);
  const auto found = parsed.ec == std::errc{} && parsed.ptr == id.data() + id.size() ? by_id_.find(number) : by_id_.end();
  return found == by_id_.end() || found->second->deleted ? nullptr : found->second;
}

std::vector<record*> module::holders(std::string_view field, const json::value& value) {
  std::vector<record*> out;
  const auto key = index_key(field, value);
  const auto found = by_value_.find(key);
  if (found == by_value_.end()) return out;
  for (auto* one : found->second) {
    const auto* now = one->values.if_contains(field);
    if (one->deleted || one->converted || !now || index_key(field, *now) != key) continue;
    if (std::find(out.begin(), out.end(), one) == out.end()) out.push_back(one);
  }
  return out;
}

record& module::add(std::uint64_t id, instant now) {
  auto& made = records.emplace_back();
  made.id = id;
  made.created_at = made.modified_at = now;
  by_id_[id] = &made;
  return made;
}

void module::index(record& one) {
  for (const auto& each : fields) {
    if (!matches_by(each) || !one.is_set(each.api_name)) continue;
    auto& holders = by_value_[index_key(each.api_name, one.values.at(each.api_name))];
    if (holders.empty() || holders.back() != &one) holders.push_back(&one);
  }
}

void module::index_all() {
  by_value_.clear();
  for (auto& one : records) index(one);
}

void module::clear() {
  records.clear();
  by_value_.clear();
  by_id_.clear();
}

organization::organization(std::uint64_t seed) : tokens(seed) {
  using std::chrono::hours;
  quotas.add(quota("credits", window_kind::sliding, hours(24)));
  fill_with_defaults(*this);
}

module* organization::find_module(std::string_view api_name) {
  const auto found = std::find_if(modules.begin(), modules.end(), [&](const auto& one) { return one.api_name == api_name; });
  return found == modules.end() ? nullptr : &*found;
}

std::string organization::time_text(instant at) const { return to_rfc3339(at + offset).substr(0, 19) + offset_text; }

void fill_with_defaults(organization& org) {
  auto& leads = org.modules.emplace_back(module("Leads", "111111000000002175", "Email", person_fields()));
  for (auto& each : {make("Company", "text", 200), make("Designation", "text", 100), make("Website", "website", 450), make("Street", "text", 250),
                     make("City", "text", 100), make("State", "text", 100), make("Zip_Code", "text", 30), make("Country", "text", 100),
                     make("No_of_Employees", "integer"), make("Annual_Revenue", "currency"), picklist("Lead_Status", {"Not Contacted", "Contacted", "Junk Lead"})})
    leads.fields.push_back(each);
  leads.find_field("Company")->mandatory = true;
  auto& contacts = org.modules.emplace_back(module("Contacts", "111111000000002179", "Email", person_fields()));
  for (auto& each : {make("Title", "text", 100), make("Mailing_Street", "text", 250), make("Mailing_City", "text", 100), make("Mailing_State", "text", 100),
                     make("Mailing_Zip", "text", 30), make("Mailing_Country", "text", 100), make("Account_Name", "lookup")})
    contacts.fields.push_back(each);
  contacts.find_field("Account_Name")->lookup = "Accounts";
  auto& accounts = org.modules.emplace_back(module("Accounts", "111111000000002177", "Account_Name",
    {make("Account_Name", "text", 200), make("Website", "website", 450), make("Phone", "phone", 30), make("Description", "textarea", 32000),
               make("Employees", "integer"), make("Owner", "ownerlookup", 120)}));
  accounts.fields.front().mandatory = true;
  org.modules.emplace_back(module("Notes", "111111000000002197", {},
    {make("Note_Title", "text", 120), make("Note_Content", "textarea", 65535)}));
  auto& campaigns = org.modules.emplace_back(module("Campaigns", "111111000000002185", {}, {make("Campaign_Name", "text", 200)}));
  campaigns.fields.front().mandatory = true;
  campaigns.add(111111000000077001, instant{}).values["Campaign_Name"] = "Expo 2026";
  std::uint64_t field_id = 111111000000002589;
  for (auto& each : org.modules)
    for (auto& one : each.fields) one.id = std::to_string(field_id += 2);
}

}  // namespace leadsync::simulator::zoho

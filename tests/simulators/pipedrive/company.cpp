#include "pipedrive/company.h"

namespace leadsync::simulator::pipedrive {
namespace {

struct system_field {
  const char *entity, *code, *name, *type;
};
constexpr system_field system_fields[] = {
    {"person", "name", "Name", "varchar"},           {"person", "email", "Email", "varchar"},
    {"person", "phone", "Phone", "phone"},           {"person", "first_name", "First name", "varchar"},
    {"person", "last_name", "Last name", "varchar"}, {"person", "owner_id", "Owner", "user"},
    {"person", "org_id", "Organization", "org"},     {"person", "add_time", "Person created", "date"},
    {"person", "visible_to", "Visible to", "visible_to"},
    {"organization", "name", "Name", "varchar"},     {"organization", "owner_id", "Owner", "user"},
    {"organization", "address", "Address", "address"}, {"organization", "website", "Website", "varchar"},
    {"organization", "linkedin", "LinkedIn profile", "varchar"}, {"organization", "annual_revenue", "Annual revenue", "int"},
    {"organization", "employee_count", "Number of employees", "int"}, {"organization", "visible_to", "Visible to", "visible_to"},
    {"deal", "title", "Title", "varchar"},           {"deal", "value", "Value", "monetary"},
    {"deal", "stage_id", "Stage", "stage"},          {"deal", "status", "Status", "status"}};

}  // namespace

company::company(std::uint64_t seed, const std::vector<std::string>& api_tokens) : tokens(seed), random_(seed ^ 0x636f6d70ULL) {
  for (const auto& token : api_tokens) tokens.add_api_token(token);
  users = {{101, "Maria Lopez", "maria.lopez@example.com", true}, {102, "Jonas Weber", "jonas.weber@example.com", true}, {103, "Left Long Ago", "left@example.com", false}};
  for (const auto& [name, color] : {std::pair("Hot", "red"), {"Warm", "yellow"}, {"Cold", "blue"}}) labels.push_back({uuid(), name, color});
  for (const auto& one : system_fields) fields[one.entity].push_back({one.code, one.name, one.type, {}, false});
  const auto with_options = [this](const char* entity, const char* code, const char* name, const char* type, std::vector<std::string> labels_wanted) {
    auto& made = add_field(entity, name, type, std::move(labels_wanted));
    made.code = code;
    made.custom = false;
  };
  with_options("person", "label_ids", "Labels", "set", {"Customer", "Prospect"});
  with_options("organization", "label_ids", "Labels", "set", {"Customer", "Prospect"});
  with_options("organization", "industry", "Industry", "enum", {"Software", "Retail"});
  with_options("deal", "channel", "Source channel", "enum", {"Trade show", "Webinar"});
  add_field("person", "Product Interest", "set", {"Scanner", "Badge Printing", "Analytics"});
  add_field("person", "Lead Rating", "enum", {"Hot", "Warm", "Cold"});
  add_field("person", "Booth", "varchar");
  add_field("deal", "Timeline", "enum", {"This quarter", "Next quarter"});
  add_field("deal", "Products", "set", {"Scanner", "Analytics"});
  add_field("deal", "Event", "varchar");
  add_field("deal", "Budget", "monetary");
  add_field("deal", "Capture Date", "date");
  quotas.add(quota("burst", window_kind::sliding, std::chrono::milliseconds(2000)));
  quotas.add(quota("search", window_kind::sliding, std::chrono::milliseconds(2000)));
  quotas.add(quota("daily", window_kind::daily, std::chrono::hours(24)));
}

std::string company::hash() {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (int i = 0; i < 40; ++i) out += digits[random_() % 16];
  return out;
}

std::string company::uuid() {
  auto out = hash().substr(0, 36);
  for (const std::size_t at : {8u, 13u, 18u, 23u}) out[at] = '-';
  out[14] = '1';
  return out;
}

table* company::find_table(std::string_view plural) {
  if (plural == "persons") return &persons;
  if (plural == "organizations") return &organizations;
  if (plural == "deals") return &deals;
  if (plural == "leads") return &leads;
  return plural == "notes" ? &notes : nullptr;
}

field* company::find_field(std::string_view entity, std::string_view code) {
  const auto list = fields.find(entity);
  if (list == fields.end()) return nullptr;
  for (auto& one : list->second)
    if (one.code == code) return &one;
  return nullptr;
}

const user* company::find_user(std::int64_t user_id) const {
  for (const auto& one : users)
    if (one.id == user_id) return &one;
  return nullptr;
}

field& company::add_field(std::string_view entity, std::string name, std::string type, std::vector<std::string> option_labels) {
  auto& made = fields[std::string(entity)].emplace_back(field{hash(), std::move(name), std::move(type), {}, true});
  for (auto& text : option_labels) made.options.push_back({next_option_++, std::move(text)});
  return made;
}

}  // namespace leadsync::simulator::pipedrive

#include "base/text.h"
#include "pipedrive/endpoints.h"

#include <algorithm>

namespace leadsync::simulator::pipedrive {
namespace {

enum class shape { text, whole, number, whole_list, contact_list, object };
struct root_key {
  std::string_view entity, name;
  shape wanted;
};
constexpr root_key root_keys[] = {
    {"person", "name", shape::text}, {"person", "owner_id", shape::whole}, {"person", "org_id", shape::whole}, {"person", "emails", shape::contact_list},
    {"person", "phones", shape::contact_list}, {"person", "visible_to", shape::whole}, {"person", "label_ids", shape::whole_list},
    {"person", "marketing_status", shape::text}, {"person", "add_time", shape::text}, {"person", "custom_fields", shape::object},
    {"person", "job_title", shape::text}, {"person", "notes", shape::text}, {"person", "im", shape::contact_list}, {"person", "birthday", shape::text},
    {"person", "postal_address", shape::object},
    {"organization", "name", shape::text}, {"organization", "owner_id", shape::whole}, {"organization", "visible_to", shape::whole},
    {"organization", "label_ids", shape::whole_list}, {"organization", "address", shape::object}, {"organization", "website", shape::text},
    {"organization", "linkedin", shape::text}, {"organization", "industry", shape::whole}, {"organization", "annual_revenue", shape::number},
    {"organization", "employee_count", shape::whole}, {"organization", "add_time", shape::text}, {"organization", "custom_fields", shape::object},
    {"deal", "title", shape::text}, {"deal", "person_id", shape::whole}, {"deal", "org_id", shape::whole}, {"deal", "owner_id", shape::whole},
    {"deal", "pipeline_id", shape::whole}, {"deal", "stage_id", shape::whole}, {"deal", "value", shape::number}, {"deal", "currency", shape::text},
    {"deal", "status", shape::text}, {"deal", "expected_close_date", shape::text}, {"deal", "label_ids", shape::whole_list},
    {"deal", "visible_to", shape::whole}, {"deal", "custom_fields", shape::object}};
constexpr std::string_view contact_sync_keys[] = {"job_title", "notes", "im", "birthday", "postal_address"};

bool is_whole(const json::value& value) { return value.is_int64() || value.is_uint64(); }

std::string in_quotes(std::string_view name) { return "'" + std::string(name) + "'"; }

std::string_view wanted_type(shape wanted) {
  if (wanted == shape::text) return "string";
  if (wanted == shape::whole || wanted == shape::number) return "number";
  return wanted == shape::object ? "object" : "array";
}

bool fits(shape wanted, const json::value& value) {
  if (value.is_null()) return true;
  if (wanted == shape::text) return value.is_string() && !value.get_string().empty();
  if (wanted == shape::whole) return is_whole(value);
  if (wanted == shape::number) return value.is_number();
  if (wanted == shape::object) return value.is_object();
  if (!value.is_array()) return false;
  return std::all_of(value.get_array().begin(), value.get_array().end(), [&](const json::value& one) {
    return wanted == shape::whole_list ? is_whole(one) : one.is_object() && !text_of(one.get_object(), "value").empty();
  });
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  return parse_rfc3339(std::string(text) + "T00:00:00Z").has_value();
}

/// Empty where the value is good.
std::string custom_fault(const company& account, const field& of, const json::value& value) {
  const auto& type = of.type;
  if (value.is_null()) return {};
  if (type == "varchar" || type == "varchar_auto" || type == "text" || type == "phone") {
    if (value.is_object() || value.is_array()) return "Invalid collection";
    if (!value.is_string() || value.get_string().empty()) return "Expected non-empty 'string' as value for text custom field " + in_quotes(of.name) + ", use null to clear";
    if (type != "text" && code_point_count(std::string_view(value.get_string())) > 255) return in_quotes(of.name) + " length must be less than or equal to 255 characters long";
    return {};
  }
  if (type == "enum") {
    if (!is_whole(value)) return "Expected 'number' as value for single option custom field " + in_quotes(of.name);
    return of.find(value.to_number<std::int64_t>()) || !account.options.unknown_option_refused ? "" : "Invalid option for single option custom field " + in_quotes(of.name);
  }
  if (type == "set") {
    if (!value.is_array() || value.get_array().empty()) return "Expected non-empty 'array' as value for multiple option custom field " + in_quotes(of.name) + ", use null to clear";
    for (const auto& one : value.get_array()) {
      if (!is_whole(one)) return "Expected 'number' as item of multiple option custom field " + in_quotes(of.name);
      if (!of.find(one.to_number<std::int64_t>()) && account.options.unknown_option_refused) return "Invalid option for multiple option custom field " + in_quotes(of.name);
    }
    return {};
  }
  if (type == "monetary" || type == "address" || type == "time" || type == "timerange" || type == "daterange") {
    if (!value.is_object() || !value.get_object().contains("value")) return (type == "time" ? "Time" : of.name) + std::string(" custom field value expected 'object'");
    return type == "monetary" && (!value.at("value").is_number() || text_of(value.get_object(), "currency").size() != 3) ? "Expected 'number' and a currency as value for " + in_quotes(of.name) : "";
  }
  if (type == "date") return value.is_string() && is_date(value.get_string()) ? "" : in_quotes(of.name) + " is not a valid date";
  if (value.is_object() || value.is_array()) return "Invalid collection";
  return value.is_number() ? "" : "Expected 'number' as value for " + type + " custom field " + in_quotes(of.name);
}

void check_links(company& account, const json::object& body, faults& found) {
  const auto missing = [&](std::string_view key, table& kind) {
    const auto id = id_of(body, key);
    if (id.empty() || kind.find(id)) return;
    if (account.options.unknown_link_status == 404) found.other = entity_not_found();
    else found.texts.push_back(std::string(key) + ": " + id + " is not a valid id");
  };
  missing("org_id", account.organizations);
  missing("person_id", account.persons);
  const auto* owner = body.if_contains("owner_id");
  if (owner && is_whole(*owner) && !account.find_user(owner->to_number<std::int64_t>())) found.texts.push_back("owner_id: the user is not a valid owner");
}

}  // namespace

faults check_body(company& account, std::string_view entity, const json::object& body, bool creates) {
  faults found;
  const auto add = [&](std::string text, std::string_view code) {
    if (found.field_code.empty()) found.field_code = code;
    found.texts.push_back(std::move(text));
  };
  for (const auto& [name, value] : body) {
    const std::string key(name);
    const auto known = std::find_if(std::begin(root_keys), std::end(root_keys), [&](const auto& one) { return one.entity == entity && one.name == key; });
    if (known == std::end(root_keys)) {
      add(key + ": Parameter " + in_quotes(key) + " is not allowed for this request", key);
    } else if (entity == "person" && !account.options.contact_sync && std::find(std::begin(contact_sync_keys), std::end(contact_sync_keys), key) != std::end(contact_sync_keys)) {
      found.other = refuse(403, "Requested service is not available", "Please check developers.pipedrive.com");
    } else if (!fits(known->wanted, value)) {
      add(key + ": Expected " + in_quotes(wanted_type(known->wanted)), key);
    } else if ((key == "name" || key == "title") && value.is_string() && code_point_count(std::string_view(value.get_string())) > 255) {
      add("\"" + key + "\" length must be less than or equal to 255 characters long", key);
    }
  }
  const auto* custom = body.if_contains("custom_fields");
  if (custom && custom->is_object())
    for (const auto& [code, value] : custom->get_object()) {
      const auto* of = account.find_field(entity, code);
      if (!of || !of->custom) add("custom_fields: Unknown key " + in_quotes(code), code);
      else if (auto fault = custom_fault(account, *of, value); !fault.empty()) add("custom_fields: " + fault, code);
    }
  const std::string_view name = entity == "deal" ? "title" : "name";
  if (creates && text_of(body, name).empty() && found.texts.empty())
    found.other = refuse(400, entity == "organization" ? "Organization name must be given." : entity == "deal" ? "Title must be given." : "Name must be given.");
  const auto* emails = body.if_contains("emails");
  if (account.options.bad_email_refused && emails && emails->is_array())
    for (const auto& one : emails->get_array())
      if (one.is_object() && text_of(one.get_object(), "value").find('@') == std::string_view::npos) add("emails: value is not a valid email", "emails");
  check_links(account, body, found);
  return found;
}

void apply_body(company& account, std::string_view entity, const json::object& body, json::object& data) {
  for (const auto& [name, value] : body) {
    if (name == "custom_fields") continue;
    data[name] = value;
    if ((name == "emails" || name == "phones") && value.is_array()) {
      bool primary = false;
      for (auto& one : data[name].as_array()) {
        auto& entry = one.as_object();
        if (!entry.contains("label")) entry["label"] = "work";
        const bool wants = entry.contains("primary") && entry.at("primary") == true;
        entry["primary"] = wants && !primary;
        primary = primary || wants;
      }
      if (!primary && !data[name].as_array().empty()) data[name].as_array().front().as_object()["primary"] = true;
    }
  }
  if (const auto* custom = body.if_contains("custom_fields"))
    for (const auto& [code, value] : custom->as_object()) {
      auto& kept = data["custom_fields"].as_object();
      const auto* of = account.find_field(entity, code);
      if (value.is_null() || (of->type == "enum" && !of->find(value.to_number<std::int64_t>()))) kept.erase(code);
      else kept[code] = value;
    }
  if (entity != "person") return;
  const auto name = text_of(data, "name");
  const auto blank = name.find(' ');
  const std::string first(name.substr(0, blank)), last(blank == name.npos ? std::string_view() : name.substr(blank + 1));
  data["first_name"] = first;
  data["last_name"] = last.empty() ? json::value(nullptr) : json::value(last);
}

json::value lax_value(const field& of, const json::value& given) {
  const auto option_id = [&](const json::value& value) -> std::int64_t {
    if (is_whole(value)) return value.to_number<std::int64_t>();
    std::int64_t id = 0;
    if (value.is_string()) {
      const auto text = trim(std::string_view(value.get_string()));
      if (std::from_chars(text.data(), text.data() + text.size(), id).ptr != text.data() + text.size()) return 0;
    }
    return id;
  };
  if (of.type == "enum") {
    const auto* found = of.find(option_id(given));
    return found ? json::value(found->id) : json::value(nullptr);
  }
  if (of.type == "set") {
    std::string kept;
    const std::string list = given.is_string() ? std::string(given.get_string()) : given.is_array() ? "" : json::serialize(given);
    for (const auto part : split(list, ','))
      if (const auto* found = of.find(option_id(json::value(part)))) kept += (kept.empty() ? "" : ",") + std::to_string(found->id);
    return kept.empty() ? json::value(nullptr) : json::value(kept);
  }
  if (given.is_object() || given.is_array()) return nullptr;
  if (of.type == "double" || of.type == "monetary") {
    if (given.is_number()) return given;
    boost::system::error_code failure;
    auto number = given.is_string() ? json::parse(given.get_string(), failure) : json::value(nullptr);
    return !failure && number.is_number() ? number : json::value(nullptr);
  }
  if (of.type == "date" && !(given.is_string() && is_date(given.get_string()))) return nullptr;
  return given.is_string() && given.get_string().empty() ? json::value(nullptr) : given;
}

}  // namespace leadsync::simulator::pipedrive

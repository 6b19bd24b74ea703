#include "hubspot/portal.h"

namespace leadsync::simulator::hubspot {
namespace {

struct maker {
  object_type& type;
  std::string group;

  property& add(std::string name, std::string label, value_type kind, std::string field_type) {
    property made;
    made.name = std::move(name);
    made.label = std::move(label);
    made.type = kind;
    made.field_type = std::move(field_type);
    made.group = group;
    made.built_in = true;
    made.created_at = made.updated_at = from_millis(1'577'836'800'000);
    return type.at(type.add_property(std::move(made)));
  }
  property& text(std::string name, std::string label) { return add(std::move(name), std::move(label), value_type::string, "text"); }
  property& shown(std::string name, std::string label) {
    auto& made = text(std::move(name), std::move(label));
    made.by_default = true;
    return made;
  }
  property& choice(std::string name, std::string label, std::string field_type, std::vector<option> options) {
    auto& made = add(std::move(name), std::move(label), value_type::enumeration, std::move(field_type));
    made.options = std::move(options);
    for (std::size_t i = 0; i < made.options.size(); ++i) made.options[i].display_order = static_cast<std::int64_t>(i);
    return made;
  }
  property& from(computed source, std::string name, std::string label, value_type kind, std::string field_type, std::string constant = {}) {
    auto& made = add(std::move(name), std::move(label), kind, std::move(field_type));
    made.source = source;
    made.constant = std::move(constant);
    made.read_only = true;
    made.form_field = false;
    return made;
  }
  void owner() {
    auto& made = choice("hubspot_owner_id", "Owner", "select", {});
    made.external_options = true;
  }
  void system(const char* created, const char* modified) {
    from(computed::created_at, created, "Create Date", value_type::datetime, "date").by_default = true;
    from(computed::updated_at, modified, "Last Modified Date", value_type::datetime, "date").by_default = true;
    from(computed::object_id, "hs_object_id", "Record ID", value_type::number, "number").by_default = true;
    from(computed::constant, "hs_object_source", "Record source detail", value_type::string, "text", "INTEGRATION");
    from(computed::constant, "hs_object_source_label", "Record source", value_type::string, "text", "INTEGRATION");
  }
};

void fill_contacts(object_type& type) {
  maker make{type, "contactinformation"};
  make.shown("email", "Email");
  make.shown("firstname", "First Name");
  make.shown("lastname", "Last Name");
  for (const auto& [name, label] : {std::pair("company", "Company Name"), {"jobtitle", "Job Title"}, {"website", "Website URL"},
                                    {"address", "Street Address"}, {"city", "City"}, {"state", "State/Region"}, {"zip", "Postal Code"},
                                    {"country", "Country/Region"}, {"industry", "Industry"}, {"salutation", "Salutation"},
                                    {"hs_language", "Preferred language"}})
    make.text(name, label);
  make.add("phone", "Phone Number", value_type::string, "phonenumber");
  make.add("mobilephone", "Mobile Phone Number", value_type::string, "phonenumber");
  make.add("message", "Message", value_type::string, "textarea");
  make.choice("lifecyclestage", "Lifecycle Stage", "radio",
              {{"Subscriber", "subscriber"}, {"Lead", "lead"}, {"Marketing Qualified Lead", "marketingqualifiedlead"},
               {"Sales Qualified Lead", "salesqualifiedlead"}, {"Opportunity", "opportunity"}, {"Customer", "customer"},
               {"Evangelist", "evangelist"}, {"Other", "other"}});
  make.choice("hs_lead_status", "Lead Status", "radio",
              {{"New", "NEW"}, {"Open", "OPEN"}, {"In Progress", "IN_PROGRESS"}, {"Open Deal", "OPEN_DEAL"}, {"Unqualified", "UNQUALIFIED"},
               {"Attempted to Contact", "ATTEMPTED_TO_CONTACT"}, {"Connected", "CONNECTED"}, {"Bad Timing", "BAD_TIMING"}});
  make.owner();
  make.system("createdate", "lastmodifieddate");
  auto& others = make.text("hs_additional_emails", "Additional email addresses");
  others.calculated = others.read_only = true;
  type.declare_additional_emails(*type.find_property(others.name));
  make.from(computed::email_domain, "hs_email_domain", "Email Domain", value_type::string, "text").calculated = true;
  make.from(computed::full_name, "hs_full_name_or_email", "Full name or email", value_type::string, "calculation_equation").calculated = true;
  make.from(computed::object_id, "hs_all_contact_vids", "Merged record IDs", value_type::string, "text");
  make.from(computed::constant, "hs_is_contact", "Is a contact", value_type::boolean, "calculation_equation", "true");
  make.from(computed::constant, "hs_pipeline", "Pipeline", value_type::string, "text", "contacts-lifecycle-pipeline");
  make.from(computed::constant, "num_notes", "Number of Sales Activities", value_type::number, "number", "0");
  make.from(computed::constant, "hs_analytics_source", "Original Traffic Source", value_type::string, "text", "OFFLINE");

  const auto custom = [&](property& made) -> property& {
    made.built_in = false;
    made.group = "event_information";
    return made;
  };
  custom(make.choice("timeline", "Timeline", "select", {{"This quarter", "this_quarter"}, {"Next quarter", "next_quarter"}}));
  custom(make.choice("product_interest", "Product interest", "checkbox",
                     {{"Scanner", "scanner"}, {"Badge printing", "badge_printing"}, {"Analytics", "analytics"}, {"Mobile app", "mobile_app"}}));
  custom(make.choice("lead_rating", "Lead rating", "radio", {{"Hot", "hot"}, {"Warm", "warm"}, {"Cold", "cold"}}));
  custom(make.text("event_name", "Event name"));
  custom(make.add("capture_date", "Capture date", value_type::date, "date"));
  custom(make.add("captured_at", "Captured at", value_type::datetime, "date"));
  custom(make.add("budget", "Budget", value_type::number, "number"));
  custom(make.add("booth_notes", "Booth notes", value_type::string, "textarea")).rules = {{"MAX_LENGTH", "200"}};
  auto& opt_in = custom(make.add("marketing_opt_in", "Marketing opt-in", value_type::boolean, "booleancheckbox"));
  opt_in.options = {{"Yes", "true", "", 0}, {"No", "false", "", 1}};
}

void fill_companies(object_type& type) {
  maker make{type, "companyinformation"};
  make.shown("name", "Company name");
  make.shown("domain", "Company Domain Name");
  for (const auto& [name, label] : {std::pair("website", "Website URL"), {"address", "Street Address"}, {"city", "City"},
                                    {"state", "State/Region"}, {"zip", "Postal Code"}, {"country", "Country/Region"}})
    make.text(name, label);
  make.add("phone", "Phone Number", value_type::string, "phonenumber");
  make.add("description", "Description", value_type::string, "textarea");
  make.choice("industry", "Industry", "select",
              {{"Accounting", "ACCOUNTING"}, {"Automotive", "AUTOMOTIVE"}, {"Computer Software", "COMPUTER_SOFTWARE"},
               {"Events Services", "EVENTS_SERVICES"}, {"Financial Services", "FINANCIAL_SERVICES"}, {"Hospital & Health Care", "HOSPITAL_HEALTH_CARE"},
               {"Information Technology and Services", "INFORMATION_TECHNOLOGY_AND_SERVICES"}, {"Machinery", "MACHINERY"}, {"Retail", "RETAIL"}});
  make.add("numberofemployees", "Number of Employees", value_type::number, "number");
  make.add("annualrevenue", "Annual Revenue", value_type::number, "number");
  make.owner();
  make.system("createdate", "hs_lastmodifieddate");
}

void fill_notes(object_type& type) {
  maker make{type, "engagement"};
  make.add("hs_timestamp", "Activity date", value_type::datetime, "date").required = true;
  make.add("hs_note_body", "Note body", value_type::string, "html");
  make.text("hs_attachment_ids", "Attached file IDs");
  make.owner();
  make.system("hs_createdate", "hs_lastmodifieddate");
}

void fill_tasks(object_type& type) {
  maker make{type, "engagement"};
  make.add("hs_timestamp", "Due date", value_type::datetime, "date").required = true;
  make.text("hs_task_subject", "Task Title");
  make.add("hs_task_body", "Task Notes", value_type::string, "html");
  make.choice("hs_task_status", "Task Status", "select", {{"Not started", "NOT_STARTED"}, {"In progress", "IN_PROGRESS"}, {"Completed", "COMPLETED"}});
  make.choice("hs_task_priority", "Priority", "select", {{"Low", "LOW"}, {"Medium", "MEDIUM"}, {"High", "HIGH"}});
  make.owner();
  make.system("hs_createdate", "hs_lastmodifieddate");
}

void fill_leads(object_type& type) {
  maker make{type, "leadinformation"};
  make.shown("hs_lead_name", "Lead Name").required = true;
  make.choice("hs_lead_type", "Lead Type", "select", {{"New business", "NEW BUSINESS"}, {"Upsell", "UPSELL"}, {"Re-attempting", "RE-ATTEMPTING"}});
  make.choice("hs_lead_label", "Lead Label", "select", {{"Hot", "HOT"}, {"Warm", "WARM"}, {"Cold", "COLD"}});
  make.owner();
  make.system("hs_createdate", "hs_lastmodifieddate");
}

}  // namespace

void fill_with_defaults(portal& account) {
  auto& types = account.types;
  fill_contacts(types.emplace_back("contacts", "contact", "0-1", 171'596'000'001));
  fill_companies(types.emplace_back("companies", "company", "0-2", 29'013'000'001));
  fill_notes(types.emplace_back("notes", "note", "0-46", 87'400'000'001));
  fill_tasks(types.emplace_back("tasks", "task", "0-27", 64'200'000'001));
  fill_leads(types.emplace_back("leads", "lead", "0-136", 416'100'000'001));
  account.owners = {{14240720, 8813001, "maria.lopez@example.com", "Maria", "Lopez"},
                    {14240721, 8813002, "tom.becker@example.com", "Tom", "Becker"},
                    {14240722, 8813003, "gone.person@example.com", "Gone", "Person", true}};
  account.lists.push_back({1, "Event leads", "0-1", "MANUAL", {}, from_millis(1'767'225'600'000)});
  account.lists.push_back({2, "All contacts", "0-1", "DYNAMIC", {}, from_millis(1'767'225'600'000)});
  account.property_groups = {{"contacts", "contactinformation"}, {"contacts", "event_information"}, {"companies", "companyinformation"},
                             {"notes", "engagement"}, {"tasks", "engagement"}, {"leads", "leadinformation"}};
}

}  // namespace leadsync::simulator::hubspot

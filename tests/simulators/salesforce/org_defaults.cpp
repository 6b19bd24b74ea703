#include "salesforce/org.h"

namespace leadsync::simulator::salesforce {
namespace {

field text(std::string name, std::string label, int length, std::string type = "string") {
  field made{std::move(name), std::move(label), std::move(type), length};
  return made;
}
field required(field made) {
  made.nillable = false;
  return made;
}
field read_only(field made) {
  made.createable = made.updateable = false;
  return made;
}
field boolean(std::string name, std::string label) {
  field made{std::move(name), std::move(label), "boolean"};
  made.nillable = false;
  made.defaulted = true;
  return made;
}
field plain(std::string name, std::string label, std::string type) { return {std::move(name), std::move(label), std::move(type)}; }
field reference(std::string name, std::string label, std::string to) {
  field made{std::move(name), std::move(label), "reference", 18};
  made.reference_to = std::move(to);
  return made;
}
field picklist(std::string name, std::string label, std::vector<std::string> values, bool restricted = false) {
  field made{std::move(name), std::move(label), "picklist", 255};
  made.restricted = restricted;
  for (auto& value : values) made.options.push_back({std::move(value)});
  return made;
}
field with_default(field made, std::string value) {
  made.nillable = false;
  made.defaulted = true;
  made.default_value = std::move(value);
  return made;
}
field employees() {
  auto made = plain("NumberOfEmployees", "Employees", "int");
  made.digits = 8;
  return made;
}
field revenue() {
  auto made = plain("AnnualRevenue", "Annual Revenue", "currency");
  made.precision = 18;
  return made;
}
field email() {
  auto made = text("Email", "Email", 80, "email");
  made.id_lookup = true;
  return made;
}

const std::vector<std::string> sources = {"Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other"};
const std::vector<std::string> industries = {"Agriculture", "Apparel", "Banking", "Biotechnology", "Chemicals", "Communications", "Technology"};

void add_object(org& account, std::string name, std::string label, std::string prefix, std::vector<field> own) {
  std::vector<field> all{read_only(text("Id", label + " ID", 18, "id"))};
  all.front().nillable = false;
  for (auto& one : own) all.push_back(std::move(one));
  for (const auto* stamp : {"CreatedDate", "LastModifiedDate"}) all.push_back(read_only(plain(stamp, stamp, "datetime")));
  account.types.emplace_back(std::move(name), std::move(label), std::move(prefix), std::move(all));
}

std::vector<field> address(const std::string& prefix, const std::string& label) {
  return {text(prefix + "Street", label + "Street", 255, "textarea"), text(prefix + "City", label + "City", 40),
          text(prefix + "State", label + "State/Province", 80), text(prefix + "PostalCode", label + "Zip/Postal Code", 20),
          text(prefix + "Country", label + "Country", 80)};
}

std::vector<field> with(std::vector<field> all, std::vector<field> more) {
  for (auto& one : more) all.push_back(std::move(one));
  return all;
}

void add_people(org& account) {
  const auto owner = with_default(reference("OwnerId", "Owner ID", "User"), account.user_id);
  add_object(account, "Lead", "Lead", "00Q",
             with(address("", ""),
                  {required(text("LastName", "Last Name", 80)), text("FirstName", "First Name", 40), read_only(text("Name", "Full Name", 121)),
                   picklist("Salutation", "Salutation", {"Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx."}), text("Title", "Title", 128),
                   required(text("Company", "Company", 255)), text("Phone", "Phone", 40, "phone"), text("MobilePhone", "Mobile Phone", 40, "phone"),
                   email(), text("Website", "Website", 255, "url"), text("Description", "Description", 32000, "textarea"),
                   picklist("LeadSource", "Lead Source", sources), picklist("Industry", "Industry", industries),
                   with_default(picklist("Status", "Status", {"Open - Not Contacted", "Working - Contacted", "Closed - Converted", "Closed - Not Converted"}),
                                "Open - Not Contacted"),
                   picklist("Rating", "Rating", {"Hot", "Warm", "Cold"}), picklist("CleanStatus", "Clean Status", {"Matched", "Different", "Pending"}, true),
                   revenue(), employees(), owner, read_only(boolean("IsConverted", "Converted")), read_only(reference("MasterRecordId", "Master Record ID", "Lead")),
                   read_only(reference("ConvertedContactId", "Converted Contact ID", "Contact")), reference("RecordTypeId", "Record Type ID", "RecordType")}));
  add_object(account, "Contact", "Contact", "003",
             with(address("Mailing", "Mailing "),
                  {required(text("LastName", "Last Name", 80)), text("FirstName", "First Name", 40), reference("AccountId", "Account ID", "Account"),
                   text("Title", "Title", 128), text("Department", "Department", 80), text("Phone", "Business Phone", 40, "phone"),
                   text("MobilePhone", "Mobile Phone", 40, "phone"), email(), plain("Birthdate", "Birthdate", "date"),
                   picklist("LeadSource", "Lead Source", sources), text("Description", "Contact Description", 32000, "textarea"), owner,
                   reference("RecordTypeId", "Record Type ID", "RecordType")}));
  add_object(account, "Account", "Account", "001",
             with(address("Billing", "Billing "),
                  {required(text("Name", "Account Name", 255)), text("Website", "Website", 255, "url"), text("Phone", "Account Phone", 40, "phone"),
                   picklist("Industry", "Industry", industries), revenue(), employees(), text("Description", "Account Description", 32000, "textarea"), owner}));
}

void add_the_rest(org& account) {
  add_object(account, "Campaign", "Campaign", "701", {required(text("Name", "Name", 80)), text("Status", "Status", 40), boolean("IsActive", "Active")});
  add_object(account, "CampaignMember", "Campaign Member", "00v",
             {required(reference("CampaignId", "Campaign ID", "Campaign")), reference("LeadId", "Lead ID", "Lead"), reference("ContactId", "Contact ID", "Contact"),
              picklist("Status", "Status", {"Sent", "Responded"})});
  add_object(account, "Task", "Task", "00T",
             {text("Subject", "Subject", 255, "combobox"), with_default(picklist("Status", "Status", {"Not Started", "In Progress", "Completed", "Deferred"}, true), "Not Started"),
              with_default(picklist("Priority", "Priority", {"High", "Normal", "Low"}, true), "Normal"), plain("ActivityDate", "Due Date Only", "date"),
              reference("WhoId", "Name ID", "Lead"), reference("WhatId", "Related To ID", "Account"), text("Description", "Description", 32000, "textarea"),
              with_default(reference("OwnerId", "Assigned To ID", "User"), account.user_id), boolean("IsReminderSet", "Reminder Set")});
  add_object(account, "RecordType", "Record Type", "012", {text("DeveloperName", "Record Type Name", 80), text("SobjectType", "SObject Type", 40)});
  add_object(account, "AssignmentRule", "Assignment Rule", "01Q",
             {read_only(text("Name", "Name", 120)), read_only(text("SobjectType", "SObject Type", 40)), read_only(boolean("Active", "Active"))});
  add_object(account, "PermissionSet", "Permission Set", "0PS", {required(text("Name", "Permission Set Name", 80)), required(text("Label", "Label", 80))});
  account.types.back().any_field("Name")->unique = true;
  add_object(account, "PermissionSetAssignment", "Permission Set Assignment", "0Pa",
             {required(reference("AssigneeId", "Assignee ID", "User")), required(reference("PermissionSetId", "PermissionSet ID", "PermissionSet"))});
  add_object(account, "FieldPermissions", "Field Permissions", "01k",
             {required(reference("ParentId", "Parent ID", "PermissionSet")), required(text("SobjectType", "Sobject Type", 80)), required(text("Field", "Field", 80)),
              boolean("PermissionsRead", "Read"), boolean("PermissionsEdit", "Edit")});
}

}  // namespace

void fill_with_defaults(org& account) {
  const instant now{};
  add_object(account, "Organization", "Organization", "00D", {text("Name", "Name", 80), text("TimeZoneSidKey", "Time Zone", 40)});
  auto& itself = account.types.back().insert({{"Name", "Simulated Acme"}, {"TimeZoneSidKey", "America/Los_Angeles"}}, now);
  itself.values["Id"] = account.id;
  add_object(account, "User", "User", "005", {required(text("Username", "Username", 80)), boolean("IsActive", "Active")});
  auto& users = account.types.back();
  account.user_id = users.insert({{"Username", "integration@acme.example"}, {"IsActive", true}}, now).id;
  account.inactive_user_id = users.insert({{"Username", "gone@acme.example"}, {"IsActive", false}}, now).id;
  add_object(account, "Group", "Group", "00G", {required(text("Name", "Name", 80))});
  account.queue_id = account.types.back().insert({{"Name", "Event leads"}}, now).id;
  add_people(account);
  add_the_rest(account);
  account.type("AssignmentRule").insert({{"Name", "Event leads"}, {"SobjectType", "Lead"}, {"Active", false}}, now);
  account.campaign_id = account.type("Campaign").insert({{"Name", "Expo 2026"}, {"Status", "In Progress"}, {"IsActive", true}}, now).id;
}

}  // namespace leadsync::simulator::salesforce

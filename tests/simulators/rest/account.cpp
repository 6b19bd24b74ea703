#include "rest/account.h"

#include "base/instant.h"
#include "base/text.h"

#include <algorithm>

namespace leadsync::simulator::rest {
namespace {

using namespace std::chrono_literals;

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return at != text.npos && at > 0 && text.find('.', at) != text.npos && text.find_first_of(" ,;") == text.npos;
}

bool is_number(std::string_view text) { return !text.empty() && text.find_first_not_of("-.0123456789") == text.npos; }

/// What is wrong with a value; empty where nothing is.
std::string misfit(const field& what, const json::value& value) {
  if (value.is_null()) return what.required ? "must have a value" : "";
  if (what.type == "boolean") return value.is_bool() ? "" : "must be true or false";
  if (!value.is_string()) return "must be a text";
  const std::string_view text = value.get_string();
  if (what.required && text.empty()) return "must have a value";
  if (what.type == "email" && !is_email(text)) return "is no e-mail address";
  if (what.type == "decimal" && !is_number(text)) return "is no number";
  if (what.type == "instant" && !parse_rfc3339(text)) return "is no time";
  return {};
}

}  // namespace

json::object field::to_json() const {
  json::object made{{"name", name}, {"label", label}, {"type", type}, {"creatable", creatable}, {"updatable", updatable}, {"required", required}};
  if (max_length > 0) made["max_length"] = max_length, made["length_unit"] = "code_points";
  if (!options.empty()) {
    auto& list = made["options"].emplace_array();
    for (const auto& each : options) list.push_back({{"value", each}, {"label", each}, {"active", true}});
    made["restricted"] = true;
  }
  if (type == "email") made["unique"] = true, made["semantic"] = "email";
  return made;
}

account::account() {
  quotas.add(quota("burst", window_kind::sliding, 1s));
  fields["person"] = {{.name = "email", .label = "E-mail", .type = "email", .required = true},
                      {.name = "name", .label = "Name", .max_length = 100},
                      {.name = "company", .label = "Company", .max_length = 200},
                      {.name = "phone", .label = "Phone", .type = "phone"},
                      {.name = "job_title", .label = "Job title", .max_length = 100},
                      {.name = "timeline", .label = "Timeline", .type = "option", .options = {"This quarter", "Next quarter", "Later"}},
                      {.name = "budget", .label = "Budget", .type = "decimal"},
                      {.name = "newsletter", .label = "Newsletter", .type = "boolean"},
                      {.name = "created_at", .label = "Created at", .type = "instant", .creatable = false, .updatable = false}};
  fields["note"] = {{.name = "text", .label = "Text", .required = true, .max_length = 5000}};
}

record* account::person_of(std::string_view email) {
  const auto wanted = ascii_lower(email);
  for (auto& each : people)
    if (ascii_lower(std::string_view(each.values.at("email").as_string())) == wanted) return &each;
  return nullptr;
}

record* account::person(std::string_view id) {
  const auto found = std::find_if(people.begin(), people.end(), [&](const auto& each) { return each.id == id; });
  return found == people.end() ? nullptr : &*found;
}

std::optional<refusal> account::check(std::string_view object, const json::object& given, bool creating) const {
  const auto& known = fields.find(object)->second;
  for (const auto& [name, value] : given) {
    const auto what = std::find_if(known.begin(), known.end(), [&, sent = std::string_view(name)](const auto& each) { return each.name == sent; });
    const std::string called(name);
    if (what == known.end()) return refusal{"UNKNOWN_FIELD", "There is no field " + called, called};
    if (!(creating ? what->creatable : what->updatable)) return refusal{"READ_ONLY", called + " cannot be written", called};
    if (auto why = misfit(*what, value); !why.empty()) return refusal{"INVALID_VALUE", called + " " + why, called};
    if (!value.is_string()) continue;
    const std::string text(value.get_string());
    if (!what->options.empty() && std::find(what->options.begin(), what->options.end(), text) == what->options.end())
      return refusal{"INVALID_OPTION", text + " is not an option of " + called, called};
    if (what->max_length > 0 && code_point_count(text) > what->max_length)
      return refusal{"TOO_LONG", called + " takes " + std::to_string(what->max_length) + " characters", called};
  }
  if (creating)
    for (const auto& each : known)
      if (each.required && !given.contains(each.name)) return refusal{"REQUIRED", each.name + " must have a value", each.name};
  return std::nullopt;
}

record& account::add(std::deque<record>& to, json::object values) {
  to.push_back({std::to_string(next_id++), std::move(values)});
  return to.back();
}

}  // namespace leadsync::simulator::rest

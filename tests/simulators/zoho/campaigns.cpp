#include "zoho/answers.h"

#include <algorithm>

namespace leadsync::simulator::zoho {

/// The campaigns of one person. Linking twice is harmless.
response handle_campaigns(organization& org, module& of, const call& from) {
  auto* person = of.find(from.segment(1));
  if (!person) return bad_id();
  if (from.is("GET")) {
    json::array rows;
    for (const auto& link : person->campaigns) rows.push_back(link);
    return rows.empty() ? nothing() : ok(json::object{{"data", std::move(rows)}});
  }
  if (!from.is("PUT")) return wrong_method();
  const auto* rows = from.rows();
  if (!rows || rows->empty()) return bad_data();
  json::array out;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto* sent = (*rows)[i].if_object();
    const auto id = sent ? text_member(*sent, "id") : std::string_view();
    const auto path = "$.data[" + std::to_string(i) + "].id";
    if (id.empty()) {
      out.push_back(error_row("MANDATORY_NOT_FOUND", "required field not found", {{"api_name", "id"}, {"json_path", path}}));
      continue;
    }
    if (!org.find_module("Campaigns")->find(id)) {
      out.push_back(error_row("INVALID_DATA", "the related id given seems to be invalid", {{"api_name", "id"}, {"json_path", path}}));
      continue;
    }
    const auto known = std::find_if(person->campaigns.begin(), person->campaigns.end(), [&](const auto& link) { return text_member(link, "id") == id; });
    if (known == person->campaigns.end()) person->campaigns.push_back(*sent);
    else *known = *sent;
    out.push_back({{"code", "SUCCESS"}, {"details", {{"id", id}}}, {"message", "relation added"}, {"status", "success"}});
  }
  return batch_answer(org, std::move(out), 200);
}

}  // namespace leadsync::simulator::zoho

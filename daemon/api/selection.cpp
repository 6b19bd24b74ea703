#include "api/selection.h"

#include "api/delivery_query.h"
#include "model/json_text.h"

namespace leadsync::api {
namespace {

result<> parse_time(member_reader& members, std::string_view name, std::optional<instant>& out) {
  const auto text = members.text(name);
  if (text.empty()) return {};
  const auto at = parse_rfc3339(text);
  if (!at) return make_error(errc::invalid_input, "/" + std::string(name) + ": " + at.error().context);
  out = *at;
  return {};
}

}  // namespace

result<selection> parse_selection(const boost::json::value& body, request_view request) {
  member_reader members(body, "");
  members.only({"lead", "category", "locus", "event", "all", "held", "queued", "since", "until", "dry_run", "note"});
  selection chosen;
  const auto lead = members.text("lead");
  const auto code = members.text("category");
  const bool all = members.boolean("all", false);
  const bool held = members.boolean("held", false);
  const bool queued = members.boolean("queued", false);
  chosen.filter.event = members.text("event");
  chosen.dry_run = members.boolean("dry_run", request.query("dry_run") == "true");
  chosen.note = members.text("note");
  if (!members.ok()) return members.failure();
  if (auto since = parse_time(members, "since", chosen.filter.since); !since) return since.error();
  if (auto until = parse_time(members, "until", chosen.filter.until); !until) return until.error();

  const int named = !lead.empty() + !code.empty() + all + held + queued;
  if (named > 1) return make_error(errc::invalid_input, "name one of lead, category, all, held and queued, not several");
  if (named == 0 && chosen.filter.event.empty())
    return make_error(errc::invalid_input, "say which: lead, category, event, all, held or queued");
  if (members.has("locus") && code.empty()) return make_error(errc::invalid_input, "/locus needs a category beside it");
  if (!lead.empty()) {
    const auto id = parse_id(lead);
    if (!id) return make_error(errc::invalid_input, "/lead is no id: \"" + lead + "\"");
    chosen.what = selection::kind::lead;
    chosen.filter.leads = {lead_id{*id}};
  }
  if (auto group = parse_group(body, chosen.filter); !group) return group.error();
  if (held) chosen.what = selection::kind::held;
  if (queued) chosen.what = selection::kind::queued;
  return chosen;
}

result<delivery_filter> parse_backfill(const boost::json::value& body) {
  member_reader members(body, "");
  members.only({"event", "since", "until"});
  delivery_filter filter;
  filter.event = members.text("event");
  if (auto since = parse_time(members, "since", filter.since); !since) return since.error();
  if (auto until = parse_time(members, "until", filter.until); !until) return until.error();
  if (!members.ok()) return members.failure();
  return filter;
}

}  // namespace leadsync::api

#include "api/metrics.h"

#include <algorithm>

namespace leadsync::api {
namespace {

std::string label(std::string_view name, std::string_view value) {
  std::string text(name);
  text += "=\"";
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n') text += "\\n";
    else text += c;
  }
  return text + '"';
}

void head(std::string& out, std::string_view name, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" gauge\n");
}

void sample(std::string& out, std::string_view name, const std::string& labels, std::int64_t value) {
  out.append(name).append("{").append(labels).append("} ").append(std::to_string(value)).append("\n");
}

}  // namespace

std::string metrics_text(const std::vector<integration_metrics>& integrations, std::string_view version, instant at) {
  std::string out;
  head(out, "leadsync_build_info", "Version of the running daemon.");
  sample(out, "leadsync_build_info", label("version", version), 1);

  head(out, "leadsync_leads", "Deliveries by state.");
  for (const auto& entry : integrations) {
    const auto totals = totals_of(entry.summary, entry.hold);
    const auto state = [&](std::string_view name, std::int64_t count) {
      sample(out, "leadsync_leads", label("integration", entry.integration) + "," + label("state", name), count);
    };
    state("held", totals.held);
    state("queued", totals.queued);
    state("syncing", totals.syncing);
    state("failed", totals.failed);
    state("cleared", totals.cleared);
    state("dismissed", totals.dismissed);
  }

  head(out, "leadsync_failed_leads", "Failed deliveries by category.");
  for (const auto& entry : integrations)
    for (const auto& count : entry.summary.states)
      if (count.state == delivery_state::failed)
        sample(out, "leadsync_failed_leads", label("integration", entry.integration) + "," + label("code", code_of(count.what)), count.count);

  head(out, "leadsync_oldest_pending_age_seconds", "Age of the oldest delivery that is neither cleared nor failed; 0 where there is none.");
  for (const auto& entry : integrations) {
    const auto age = entry.summary.oldest_waiting
                         ? std::max<std::int64_t>(0, std::chrono::floor<std::chrono::seconds>(at - *entry.summary.oldest_waiting).count())
                         : 0;
    sample(out, "leadsync_oldest_pending_age_seconds", label("integration", entry.integration), age);
  }
  return out;
}

}  // namespace leadsync::api

// A plugin that lets an exception out of the C contract, for leads whose job holds the word "throwing"; others clear.
#include <leadsync/plugin.h>

#include <stdexcept>
#include <string>

namespace {

struct state {
  std::string job, verdicts;
};

leadsync_str text(const std::string& from) { return {from.data(), from.size()}; }

const std::string described =
    R"({"objects": [{"name": "person", "title": "Person", "fields": [{"name": "email", "label": "Email", "type": "email", "creatable": true,
    "updatable": true, "required": true}]}]})";
const std::string nothing = "{}";
const std::string manifest =
    R"({"protocol": 1, "name": "thrower", "title": "Thrower", "version": "1", "api_base": "https://crm.example", "hosts": ["crm.example"],
    "credentials": [{"kind": "token", "title": "Token", "secrets": ["access_token"]}], "jobs": ["describe", "sync"],
    "objects": [{"name": "person", "title": "Person", "per": "lead", "phase": "person", "match_keys": ["email"]}], "phases": [{"name": "person"}],
    "default_mapping": [{"object": "person", "remote_field": "email", "source": "email"}], "batch_size": 10})";

leadsync_session* open(const leadsync_host*, leadsync_str job) {
  return reinterpret_cast<leadsync_session*>(new state{std::string(job.data, job.size), {}});
}

void resume(leadsync_session* session, const leadsync_response* const*, size_t, leadsync_step* step) {
  auto& own = *reinterpret_cast<state*>(session);
  step->kind = LEADSYNC_STEP_DONE;
  step->result_json = text(own.job.find(R"("kind":"describe")") != std::string::npos ? described : nothing);
  if (own.job.find("throwing") != std::string::npos) throw std::runtime_error("the plugin had not thought of this");
  int count = 0;
  for (auto at = own.job.find("\"lead\":"); at != std::string::npos; at = own.job.find("\"lead\":", at + 1)) {
    own.verdicts += count == 0 ? "[" : ",";
    own.verdicts += R"({"lead": )" + std::to_string(count) + R"(, "phase": "person", "status": "ok", "remote_id": "1"})";
    ++count;
  }
  if (count > 0) own.verdicts += "]";
  step->verdicts_json = text(own.verdicts);
}

void close(leadsync_session* session) { delete reinterpret_cast<state*>(session); }

}  // namespace

extern "C" LEADSYNC_EXPORT const leadsync_plugin* leadsync_plugin_entry(void) {
  static const leadsync_plugin plugin{sizeof plugin, LEADSYNC_ABI_MAJOR, LEADSYNC_ABI_MINOR, text(manifest), &open, &resume, &close, nullptr};
  return &plugin;
}

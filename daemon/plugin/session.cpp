#include "plugin/session.h"

#include "base/text.h"
#include "leadsync/plugin.h"
#include "plugin/crash_note.h"
#include "plugin/host.h"
#include "plugin/step_reader.h"

#include <boost/json.hpp>

#include <exception>
#include <vector>

namespace leadsync {
namespace {

leadsync_str to_abi(std::string_view text) { return {text.data(), text.size()}; }

/// The responses as the C contract wants them. Points into `from`.
class wire_responses {
 public:
  explicit wire_responses(std::span<const plugin_response> from)
      : headers_(from.size()), header_pointers_(from.size()), responses_(from.size()) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      for (const auto& header : from[i].headers)
        headers_[i].push_back({sizeof(leadsync_header), to_abi(header.name), to_abi(header.value)});
      for (const auto& header : headers_[i]) header_pointers_[i].push_back(&header);
      auto& to = responses_[i];
      to.struct_size = sizeof to;
      to.transport = static_cast<std::uint32_t>(from[i].transport);
      to.status = from[i].status;
      to.headers = header_pointers_[i].data();
      to.header_count = header_pointers_[i].size();
      to.body = to_abi(from[i].body);
      to.transport_error = to_abi(from[i].transport_error);
      to.sent_at_ms = from[i].sent_at ? to_millis(*from[i].sent_at) : 0;
      to.received_at_ms = from[i].received_at ? to_millis(*from[i].received_at) : 0;
      pointers_.push_back(&to);
    }
  }
  wire_responses(const wire_responses&) = delete;
  wire_responses& operator=(const wire_responses&) = delete;

  [[nodiscard]] const leadsync_response* const* data() const { return pointers_.data(); }
  [[nodiscard]] std::size_t size() const { return pointers_.size(); }

 private:
  std::vector<std::vector<leadsync_header>> headers_;
  std::vector<std::vector<const leadsync_header*>> header_pointers_;
  std::vector<leadsync_response> responses_;
  std::vector<const leadsync_response*> pointers_;
};

/// To be called in a catch block.
std::string exception_text() {
  try {
    throw;
  } catch (const std::exception& failure) {
    return scrub_utf8(failure.what());
  } catch (...) {
    return "not a std::exception";
  }
}

}  // namespace

void plugin_session::closer::operator()(leadsync_session* session) const noexcept {
  if (library->quarantined()) return;  // perhaps some thread is still in it
  const current_plugin_call call(library->manifest().name, library->sha256(), run.run_id);
  try {
    library->entry().close(session);
  } catch (...) {
    // Nothing of the session is used again.
  }
}

plugin_session plugin_session::open(std::shared_ptr<const plugin_library> library, std::string_view job_json, plugin_run run) {
  plugin_session made;
  made.library_ = std::move(library);
  made.run_ = run;
  made.session_ = {nullptr, closer{made.library_, run}};
  const current_plugin_call call(made.library_->manifest().name, made.library_->sha256(), run.run_id);
  try {
    made.session_.reset(made.library_->entry().open(&plugin_host(), to_abi(job_json)));
    if (!made.session_) made.fault_ = "open gave no session";
  } catch (...) {
    made.fault_ = "open threw an exception: " + exception_text();
  }
  return made;
}

plugin_step plugin_session::resume(std::span<const plugin_response> responses) {
  if (!fault_.empty()) return fault(fault_);
  const wire_responses wire(responses);
  leadsync_step step{};
  step.struct_size = sizeof step;
  try {
    const current_plugin_call call(library_->manifest().name, library_->sha256(), run_.run_id);
    library_->entry().resume(session_.get(), wire.data(), wire.size(), &step);
  } catch (...) {
    return fault("resume threw an exception: " + exception_text());
  }
  auto read = read_step(step, library_->manifest(), run_.lead_count);
  if (!read) return fault(read.error().context);
  return std::move(*read);
}

plugin_step plugin_session::fault(std::string sentence) {
  fault_ = std::move(sentence);
  plugin_step step;
  boost::json::object error;
  error["category"] = "PLUGIN_FAULT";
  error["message"] = "plugin " + library_->manifest().name + " " + library_->manifest().version + ": " + fault_;
  boost::json::object result;
  result["error"] = std::move(error);
  step.result_json = boost::json::serialize(result);
  return step;
}

}  // namespace leadsync

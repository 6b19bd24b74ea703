// Loads well, and does in its first step what the job text names.
#include <leadsync/plugin.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

struct leadsync_session {
  std::string job;
  std::string big = std::string(70'000, 'x');
  leadsync_header header{sizeof(leadsync_header), {"X", 1}, {"1", 1}};
  const leadsync_header* headers[1] = {&header};
  leadsync_cost cost{sizeof(leadsync_cost), {"moon", 4}, 1};
  const leadsync_cost* costs[1] = {&cost};
  std::uint32_t leads[1] = {9};
  leadsync_request request{};
  const leadsync_request* requests[2] = {&request, nullptr};
};

namespace {

leadsync_str text(std::string_view from) { return {from.data(), from.size()}; }

leadsync_session* open(const leadsync_host* host, leadsync_str job) {
  const std::string_view name(job.data, job.size);
  if (name == "open_null") return nullptr;
  if (name == "open_throws") throw std::runtime_error("in open");
  if (name == "logs") host->log(9, text("from \xff open"));
  auto* session = new leadsync_session;
  session->job = name;
  return session;
}

int overflow(int depth) {
  volatile char frame[4096];  // so that no compiler turns it into a loop
  frame[0] = static_cast<char>(depth);
  return depth < 0 ? 0 : overflow(depth + 1) + frame[0];
}

void resume(leadsync_session* session, const leadsync_response* const*, size_t count, leadsync_step* step) {
  const std::string_view job = session->job;
  auto& request = session->request;
  request = {};
  request.struct_size = sizeof request;
  request.method = text("GET");
  request.url = text("/x");
  step->kind = LEADSYNC_STEP_SEND;
  step->requests = session->requests;
  step->request_count = 1;

  if (job == "well" && count == 1) step->kind = LEADSYNC_STEP_DONE;
  if (job == "throws") throw std::runtime_error("in resume");
  if (job == "throws_int") throw 7;
  if (job == "kind") step->kind = 77;
  if (job == "no_requests") step->request_count = 0;
  if (job == "null_array") step->requests = nullptr;
  if (job == "null_element") step->request_count = 2;
  if (job == "absurd_count") step->request_count = static_cast<size_t>(-1) / 2;
  if (job == "small_request") request.struct_size = 8;
  if (job == "null_text") request.url = {nullptr, 5};
  if (job == "bad_utf8") request.url = text("/\xc3\x28");
  if (job == "relative_url") request.url = text("x");
  if (job == "url_with_line_break") request.url = text("/x\r\nHost: evil.test");
  if (job == "method") request.method = text("get /");
  if (job == "header_with_line_break") {
    session->header.value = text("1\r\nX-Evil: 1");
    request.headers = session->headers;
    request.header_count = 1;
  }
  if (job == "unknown_cost") {
    request.costs = session->costs;
    request.cost_count = 1;
  }
  if (job == "lead_out_of_range") {
    request.leads = session->leads;
    request.lead_count = 1;
  }
  if (job == "effect") request.effect = 3;
  if (job == "big_checkpoint") step->checkpoint = text(session->big);
  if (job == "verdicts_not_json") step->verdicts_json = text("[{]");
  if (job == "verdicts_no_array") step->verdicts_json = text("{}");
  if (job == "wait_for_ages") {
    step->kind = LEADSYNC_STEP_WAIT;
    step->wait_ms = static_cast<std::uint64_t>(-1);
  }
  if (job == "result_no_object") {
    step->kind = LEADSYNC_STEP_DONE;
    step->result_json = text("[]");
  }
  if (job == "segv") *const_cast<volatile int*>(reinterpret_cast<int*>(8)) = 1;
  if (job == "abort") std::abort();
  if (job == "overflow") overflow(1);
}

void close(leadsync_session* session) { delete session; }

constexpr std::string_view manifest = R"({"protocol": 1, "name": "misbehaving", "title": "Misbehaving", "version": "0.1",
  "hosts": ["x.test"], "jobs": ["sync"], "objects": [{"name": "person", "title": "Person", "per": "lead", "phase": "person"}],
  "phases": [{"name": "person"}], "deadline_ms": 4000, "max_response_bytes": 1000,
  "limits": [{"id": "burst", "amount": 1, "window_ms": 5, "kind": "rolling", "default": true},
             {"id": "search", "amount": 1, "window_ms": 5, "kind": "fixed"}]})";

}  // namespace

extern "C" const leadsync_plugin* leadsync_plugin_entry(void) {
  static const leadsync_plugin plugin{sizeof(leadsync_plugin), 1, 0, text(manifest), &open, &resume, &close, nullptr};
  return &plugin;
}

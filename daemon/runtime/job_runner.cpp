#include "runtime/job_runner.h"

#include "runtime/gather.h"

#include <algorithm>

namespace leadsync {
namespace {

using boost::asio::awaitable;
using boost::asio::use_awaitable;

/// Past this a step is a hang: its thread is given up and its plugin not called again. What `plugin_library::quarantine_reason` says.
constexpr std::chrono::seconds step_limit{5};

/// The session, touched by one worker at a time; shared with the worker, which may outlive the job when it is given up.
struct driven_session {
  std::optional<plugin_session> session;
};

request_effect effect_of(plugin_effect effect) {
  switch (effect) {
    case plugin_effect::read: return request_effect::read;
    case plugin_effect::keyed_write: return request_effect::keyed_write;
    case plugin_effect::blind_write: break;
  }
  return request_effect::blind_write;
}

outgoing_request outgoing(const plugin_request& request) {
  outgoing_request made{.method = request.method, .url = request.url, .body = request.body, .effect = effect_of(request.effect),
                        .deadline = request.deadline, .max_response_bytes = std::size_t(request.max_response_bytes)};
  for (const auto& header : request.headers) made.headers.emplace_back(header.name, header.value);
  for (const auto& cost : request.costs) made.costs.push_back({cost.limit, cost.amount});
  return made;
}

static_assert(int(plugin_transport::refused_host) == int(transport_result::refused_host));

awaitable<void> send_one(std::shared_ptr<job_hooks> hooks, std::shared_ptr<const plugin_step> step, std::size_t index,
                         std::shared_ptr<std::vector<sent_request>> answers) {
  auto request = outgoing(step->requests[index]);
  (*answers)[index] = co_await hooks->send(std::move(request));
}

awaitable<void> send_all(std::shared_ptr<job_hooks> hooks, std::shared_ptr<const plugin_step> step,
                         std::shared_ptr<std::vector<sent_request>> answers) {
  if (step->requests.size() == 1) {
    co_await send_one(hooks, step, 0, answers);
    co_return;
  }
  gate together(co_await boost::asio::this_coro::executor);
  for (std::size_t i = 0; i < step->requests.size(); ++i) together.spawn(send_one(hooks, step, i, answers));
  co_await together.wait();
}

void note_refusal(job_end& end, const sent_request& sent) {
  if (sent.token && (!end.token || sent.token->confirmed)) end.token = sent.token;
  if (sent.not_before) end.not_before = std::max(end.not_before.value_or(*sent.not_before), *sent.not_before);
}

}  // namespace

plugin_response response_of(const sent_request& sent) {
  plugin_response made{.transport = plugin_transport::not_sent};
  if (sent.exchanges.empty()) {
    if (sent.token) made.transport_error = sent.token->message;
    else made.transport_error = sent.not_before ? "no request is admitted before " + to_rfc3339(*sent.not_before) : "not sent";
    return made;
  }
  const auto& last = sent.exchanges.back();
  made.transport = plugin_transport(int(last.outcome));
  made.status = std::uint32_t(last.status);
  for (const auto& [name, value] : last.response_headers) made.headers.push_back({name, value});
  made.body = last.response_body;
  made.transport_error = last.transport_error;
  made.sent_at = last.sent_at;
  made.received_at = last.received_at;
  return made;
}

awaitable<job_end> run_job(std::shared_ptr<worker_pool> workers, std::shared_ptr<const plugin_library> plugin, std::string job_json,
                           job_hooks hooks_by_value, plugin_run about) {
  const auto hooks = std::make_shared<job_hooks>(std::move(hooks_by_value));
  auto driven = std::make_shared<driven_session>();
  auto responses = std::make_shared<std::vector<plugin_response>>();
  job_end end;
  std::uint32_t sent_so_far = 0;

  const auto job = std::make_shared<std::string>(std::move(job_json));
  const std::function<std::shared_ptr<const plugin_step>()> advance = [driven, responses, plugin, job, about] {
    if (plugin->quarantined()) return std::shared_ptr<const plugin_step>();
    if (!driven->session) {
      driven->session.emplace(plugin_session::open(plugin, *job, about));
      job->clear();
    }
    auto step = std::make_shared<const plugin_step>(driven->session->resume(*responses));
    if (step->kind == plugin_step::kind::done) driven->session.reset();
    return step;
  };

  for (;;) {
    auto stepped = co_await workers->call<std::shared_ptr<const plugin_step>>(advance, step_limit);
    if (!stepped) {
      plugin->quarantine();
      end.overran = true;
      end.result_json = R"({"error":{"category":"PLUGIN_FAULT","crm_code":"OVERRAN","message":"the plugin took longer than 5 s for a step"}})";
      co_return end;
    }
    const auto step = std::move(*stepped);
    if (!step) {
      end.failure = make_error(errc::unavailable, plugin->quarantine_reason());
      co_return end;
    }
    responses->clear();
    if (hooks->before) {
      auto durable = co_await hooks->before(step);
      if (!durable) {
        end.failure = durable.error();
        break;
      }
    }
    if (step->kind == plugin_step::kind::done) {
      end.result_json = step->result_json;
      co_return end;
    }
    if (step->kind == plugin_step::kind::wait) {
      bool waited = true;
      if (hooks->pause) waited = co_await hooks->pause(step->wait);
      else co_await sleep_for(step->wait);
      if (waited) continue;
      end.failure = make_error(errc::unavailable, "the daemon stops");
      break;
    }
    auto answers = std::make_shared<std::vector<sent_request>>(step->requests.size());
    co_await send_all(hooks, step, answers);
    for (std::size_t i = 0; i < answers->size(); ++i) {
      note_refusal(end, (*answers)[i]);
      responses->push_back(response_of((*answers)[i]));
      if (hooks->after) hooks->after(sent_so_far, step->requests[i], (*answers)[i]);
      ++sent_so_far;
    }
  }

  // Closing runs the plugin's code too.
  std::function<bool()> close = [driven] {
    driven->session.reset();
    return true;
  };
  auto closed = co_await workers->call<bool>(close, step_limit);
  if (!closed) plugin->quarantine();
  end.overran = !closed;
  co_return end;
}

}  // namespace leadsync

#include "base/failpoint.h"
#include "runtime/integration.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace leadsync {

using boost::asio::awaitable;
using namespace std::chrono_literals;

namespace {

/// Remembered so that one company is not exclusive for ever; forgotten all at once when there are too many.
constexpr std::size_t most_resolved_companies = 200'000;
constexpr std::size_t most_failing = 100'000;
/// So few leads are rendered in less time than a worker takes to wake up.
constexpr std::size_t rendered_at_once = 8;

std::string headers_text(const header_list& headers) {
  std::string text;
  for (const auto& [name, value] : headers) text += name + ": " + value + "\n";
  return text;
}

exchange_record record_of(exchange&& each, std::int64_t number, std::string phase) {
  return {.number = number,
          .phase = std::move(phase),
          .method = std::move(each.method),
          .url = std::move(each.url),
          .request_headers = headers_text(each.request_headers),
          .request_body = std::move(each.request_body),
          .transport = std::string(to_text(each.outcome)),
          .status = each.status,
          .response_headers = headers_text(each.response_headers),
          .response_body = std::move(each.response_body),
          .sent_at = each.sent_at,
          .received_at = each.received_at};
}

bool left_unanswered(const sent_request& sent, plugin_effect effect) {
  if (effect != plugin_effect::blind_write || sent.exchanges.empty()) return false;
  const auto outcome = sent.exchanges.back().outcome;
  return outcome == transport_result::sent_no_answer || outcome == transport_result::truncated || outcome == transport_result::too_large;
}

}  // namespace

/// One batch under way. Owned by its coroutines.
struct integration::batch_run {
  opened_run run;
  std::shared_ptr<const rendering> how;
  prepared_batch batch;
  std::optional<attempt_book> book;
  std::vector<phase_rule> phases;
  std::vector<request_trace> requests;
  std::vector<exchange_record> exchanges;  ///< those that are not on record yet
  instant started_at{};
  job_end end;
  std::string fault;
  bool probe = false;
  instant not_before{};
  std::vector<candidate> adopted;  ///< of one that is resumed
};

awaitable<void> integration::run_batch(std::vector<candidate> batch, bool probe) {
  std::vector<delivery_id> ids;
  for (const auto& each : batch) ids.push_back(each.delivery);
  auto run = std::make_shared<batch_run>();
  run->how = rendering_;
  run->probe = probe;
  run->started_at = now();
  auto opened = co_await context_.data.open_run(record_.id, std::move(ids), run->how->revision);
  if (!opened) {
    log_failure("claiming", opened.error());
    co_await sleep_for(1s);
  } else if (opened->run) {
    failpoint("after_claim");
    run->run = std::move(*opened);
    for (const auto& each : run->run.companies) busy_.resolved_companies.insert(each.key);
    co_await carry_out(run);
  }
  if (probe) probing_ = false;
  end_batch(batch);
}

void integration::end_batch(const std::vector<candidate>& batch) {
  put_back(batch);
  --batches_;
  window_stale_ = true;
  claims_.signal();
}

awaitable<result<bool>> integration::adopt_run(interrupted_run left, instant settled_at) {
  if (left.checkpoint.empty() || !problem().empty() || !rendering_ || record_.mode == sync_mode::disabled) co_return false;
  auto resumed = co_await context_.data.resume_run(left.run);
  if (!resumed) co_return resumed.error();
  if (resumed->deliveries.empty()) co_return false;
  auto run = std::make_shared<batch_run>();
  run->run = std::move(*resumed);
  run->started_at = left.opened_at;
  if (left.blind_write) run->not_before = settled_at;
  for (const auto& each : run->run.companies) busy_.resolved_companies.insert(each.key);
  for (const auto& each : run->run.deliveries) run->adopted.push_back({each.delivery, each.person_key, each.company_key, false});
  take_off(run->adopted);
  ++batches_;
  adopted_.push_back(std::move(run));
  co_return true;
}

awaitable<void> integration::resume(std::shared_ptr<batch_run> run) {
  bool waited = true;
  const auto at = now();
  if (run->not_before > at) waited = co_await pauses_.pause(run->not_before - at);
  run->how = rendering_;
  if (waited) co_await carry_out(run);
  end_batch(run->adopted);
}

awaitable<prepared_batch> integration::prepare(std::shared_ptr<batch_run> run) {
  const auto plugin = plugin_;
  const std::function<prepared_batch()> work = [run, plugin, about = frame(), at = now(), seed = context_.random()] {
    return prepare_batch(run->run, *run->how, plugin->manifest(), about, at, seed);
  };
  if (run->run.deliveries.size() <= rendered_at_once) co_return work();
  auto prepared = co_await context_.workers->call<prepared_batch>(work, 60s);
  if (prepared) co_return std::move(*prepared);
  prepared_batch none;  // an overloaded machine: nothing was sent, all goes back
  none.problems.resize(run->run.deliveries.size());
  none.warnings.resize(run->run.deliveries.size());
  co_return none;
}

awaitable<void> integration::carry_out(std::shared_ptr<batch_run> run) {
  run->batch = co_await prepare(run);
  const bool aged = !schema_fetched_at_ || *schema_fetched_at_ + context_.settings.schema_refresh < now();
  if (run->batch.any_problem && aged) {
    // The CRM may have changed since: no verdict against a lead by an old description.
    auto refreshed = co_await refresh_schema();
    if (refreshed) {
      run->how = rendering_;
      run->batch = co_await prepare(run);
    }
  }
  run->phases = phase_rules_of(plugin_->manifest());
  if (!run->batch.job_json.empty() && !stopping_) {
    run->book.emplace(run->phases, run->batch.entries, run->batch.company_keys.size());
    co_await send_job(run);
  }
  co_await close(run);
}

awaitable<void> integration::send_job(std::shared_ptr<batch_run> run) {
  job_hooks hooks;
  hooks.send = [this](outgoing_request request) { return account_->send(std::move(request)); };
  hooks.before = [this, run](std::shared_ptr<const plugin_step> step) { return before_step(run, step); };
  hooks.after = [run](std::uint32_t, const plugin_request& request, const sent_request& sent) {
    failpoint("after_send");
    request_trace trace{.write_unanswered = left_unanswered(sent, request.effect)};
    for (const auto& each : sent.exchanges) {
      trace.exchange = run->run.next_exchange + std::int64_t(run->exchanges.size());
      run->exchanges.push_back(record_of(exchange(each), trace.exchange, request.phase));
    }
    trace.blind_write = trace.exchange >= 0 && request.effect == plugin_effect::blind_write;
    run->requests.push_back(trace);
  };
  // What ends within a request's deadline is waited for; what a checkpoint can go on from is not.
  hooks.pause = [this, run](std::chrono::milliseconds duration) { return wait_in(run, duration); };
  const plugin_run about{.run_id = run->run.run.value, .lead_count = std::uint32_t(run->batch.entries.size())};
  run->end = co_await run_job(context_.workers, plugin_, std::move(run->batch.job_json), std::move(hooks), about);

  if (run->end.failure) {
    job_failure ours{.what = category::connection};
    ours.message = run->end.failure->context;
    run->book->fail_rest(std::move(ours));
    co_return;
  }
  if (run->end.overran) run->fault = plugin_->quarantine_reason();
  auto failure = parse_job_failure(run->end.result_json);
  if (!failure) run->fault = failure.error().context;
  else if (*failure) run->book->fail_rest(std::move(**failure));
  if (!run->fault.empty()) {
    spdlog::error("integration={} run={} plugin fault: {}", settings_.name, run->run.run.value, run->fault);
    job_failure fault{.what = category::plugin_fault};
    fault.message = run->fault;
    run->book->fail_rest(std::move(fault));
  }
}

awaitable<result<>> integration::before_step(std::shared_ptr<batch_run> run, std::shared_ptr<const plugin_step> step) {
  if (!step->verdicts_json.empty()) {
    auto verdicts = parse_verdicts(step->verdicts_json);
    if (!verdicts) {
      run->fault = verdicts.error().context;
    } else {
      auto added = run->book->add(std::move(*verdicts));
      if (!added) run->fault = added.error().context;
    }
  }
  const bool blind = std::any_of(step->requests.begin(), step->requests.end(),
                                 [](const auto& each) { return each.effect == plugin_effect::blind_write; });
  if (blind) {
    const auto view = view_of(*run);
    auto reached = reached_so_far(view);
    auto saved = co_await context_.data.save_intent(run->run.run, std::move(reached.outcomes), std::move(reached.companies));
    if (!saved) co_return with_context(saved.error(), "announcing a write");
    failpoint("after_intent");
  }
  if (!step->checkpoint.empty()) {
    run->run.checkpoint = step->checkpoint;
    auto saved = co_await keep_checkpoint(run);
    if (!saved) co_return with_context(saved.error(), "keeping a checkpoint");
  }
  co_return result<>();
}

/// With what it rests on: its exchanges, and what was reached.
awaitable<result<>> integration::keep_checkpoint(std::shared_ptr<batch_run> run) {
  const auto view = view_of(*run);
  auto reached = reached_so_far(view);
  auto exchanges = run->exchanges;
  auto saved = co_await context_.data.save_checkpoint(run->run.run, run->run.checkpoint, std::move(reached.outcomes), std::move(reached.companies),
                                                      std::move(exchanges));
  if (!saved) co_return saved;
  run->run.next_exchange += std::int64_t(run->exchanges.size());
  run->exchanges.clear();
  co_return saved;
}

awaitable<bool> integration::wait_in(std::shared_ptr<batch_run> run, std::chrono::milliseconds duration) {
  if (!run->run.checkpoint.empty()) co_return co_await pauses_.pause(duration);
  co_await sleep_for(duration);
  co_return true;
}

run_view integration::view_of(const batch_run& run) {
  return {.run = &run.run,
          .batch = &run.batch,
          .how = run.how.get(),
          .book = run.book ? &*run.book : nullptr,
          .requests = &run.requests,
          .phases = run.phases,
          .started_at = run.started_at,
          .finished_at = now(),
          .cap = context_.settings.retry_cap,
          .settle = plugin_->manifest().settle,
          .another_succeeded =
              [this](delivery_id delivery) {
                const auto since = failing_since_.find(delivery);
                return since != failing_since_.end() && last_success_ > since->second;
              },
          .random = [this] { return context_.random(); },
          .token = run.end.token,
          .not_before = run.end.not_before,
          .stopping = stopping_ || run.end.failure.has_value(),
          .broken_off = run.end.failure.has_value()};
}

awaitable<void> integration::close(std::shared_ptr<batch_run> run) {
  if (stopping_ && run->end.failure && !run->run.checkpoint.empty()) {
    // It stays open, and is resumed at the next start.
    auto kept = co_await keep_checkpoint(run);
    if (!kept) log_failure("keeping a checkpoint", kept.error());
    co_return;
  }
  const auto view = view_of(*run);
  auto concluded = conclude(view);
  failpoint("before_verdicts");
  for (;;) {
    auto closed = co_await context_.data.close_run(run->run.run, concluded.outcomes, run->exchanges, concluded.companies);
    if (closed) break;
    // What the CRM has answered must not be lost to a full disk: it is kept until it can be written.
    log_failure("recording verdicts", closed.error());
    co_await sleep_for(1s);
    if (stopping_) break;  // the run stays open, and is recovered at the next start
  }
  failpoint("after_verdicts");
  remember(*run, concluded);
  report(concluded.connection);
  spdlog::debug("integration={} run={} leads={} cleared={} failed={} took={}ms", settings_.name, run->run.run.value,
                run->run.deliveries.size(), concluded.cleared, concluded.failed, (now() - run->started_at).count());
}

void integration::remember(const batch_run& run, const run_outcome& outcome) {
  if (busy_.resolved_companies.size() > most_resolved_companies) busy_.resolved_companies.clear();
  for (const auto& each : outcome.companies) busy_.resolved_companies.insert(each.key);
  if (outcome.connection.any_success) last_success_ = now();
  std::unordered_map<delivery_id, const std::string*> companies;
  for (const auto& each : run.run.deliveries) companies[each.delivery] = &each.company_key;
  for (const auto& each : outcome.outcomes) {
    if (!each.ambiguous || !each.due_at) continue;
    const auto& company = *companies[each.delivery];
    if (company.empty() || busy_.resolved_companies.contains(company)) continue;
    held_companies_[company] = std::max(held_companies_[company], *each.due_at);
    busy_.companies.insert(company);
  }
  for (const auto& each : outcome.outcomes) {
    const bool waits = each.next == delivery_state::waiting && each.what == category::connection;
    if (!waits) failing_since_.erase(each.delivery);
    else if (failing_since_.size() < most_failing) failing_since_.try_emplace(each.delivery, run.started_at);
  }
}

}  // namespace leadsync

#include "runtime/sync_outcomes.h"

#include "model/json_text.h"

#include <algorithm>

namespace leadsync {
namespace {

const phase_rule* rule_of(const run_view& view, std::string_view phase) {
  const auto found = std::find_if(view.phases.begin(), view.phases.end(), [&](const auto& each) { return each.name == phase; });
  return found == view.phases.end() ? nullptr : &*found;
}

std::string object_of(const run_view& view, const verdict& seen) {
  if (!seen.object.empty()) return seen.object;
  const auto* rule = rule_of(view, seen.phase);
  return rule ? rule->object : std::string();
}

const request_trace* trace_of(const run_view& view, const verdict& seen) {
  if (!seen.request || !view.requests || *seen.request >= view.requests->size()) return nullptr;
  return &(*view.requests)[*seen.request];
}

/// Fills in what only the daemon knows, and takes out what a group must not hold: a value is part of a locus for options only.
locus complete(const run_view& view, locus where) {
  if (where.remote_field.empty()) {
    where.value.clear();
    return where;
  }
  if (const auto* field = view.how->fields->find(where.object, where.remote_field); field && where.lead_field.empty())
    where.lead_field = field->source;
  const auto* object = view.how->schema->find(where.object);
  const auto* field = object ? object->find(where.remote_field) : nullptr;
  const bool optional_typed = field && (field->type == value_type::option || field->type == value_type::options);
  if (!optional_typed) where.value.clear();
  return where;
}

/// A plugin sees the values alone. That the mapping fills the field which the CRM misses, and this lead has nothing for it, only we know.
category category_of(const run_view& view, const verdict& seen) {
  const bool mapped = view.how->fields->find(seen.where.object, seen.where.remote_field) != nullptr;
  return seen.what == category::required_field_missing && mapped ? category::not_enough_data : seen.what;
}

void append_phase(std::string& out, const run_view& view, const verdict& seen) {
  const auto member = [&](std::string_view name, std::string_view text) {
    if (text.empty()) return;
    out += ",\"";
    out += name;
    out += "\":";
    append_json_string(out, text);
  };
  out += out.size() > 1 ? ",{\"phase\":" : "{\"phase\":";
  append_json_string(out, seen.phase);
  member("status", to_text(seen.status));
  if (seen.status == phase_status::failed) member("category", code_of(category_of(view, seen)));
  member("crm_code", seen.crm_code);
  member("message", seen.message);
  if (!seen.remote_id.empty()) member("object", object_of(view, seen));
  member("remote_id", seen.remote_id);
  member("url", seen.url);
  if (const auto* trace = trace_of(view, seen); trace && trace->exchange >= 0) out += ",\"exchange\":" + std::to_string(trace->exchange);
  member("request_pointer", seen.request_pointer);
  member("response_pointer", seen.response_pointer);
  out += '}';
}

std::string phases_text(const run_view& view, const std::vector<verdict>& phases) {
  std::string out = "[";
  for (const auto& each : phases) append_phase(out, view, each);
  return out + "]";
}

std::vector<remote_id> remote_ids_of(const run_view& view, const std::vector<verdict>& phases) {
  std::vector<remote_id> ids;
  for (const auto& each : phases)
    if (each.status == phase_status::ok && !each.remote_id.empty()) ids.push_back({object_of(view, each), each.remote_id, each.url});
  return ids;
}

std::vector<company_id> companies_of(const run_view& view) {
  std::vector<company_id> companies;
  if (!view.book || !view.batch) return companies;
  for (std::uint32_t i = 0; i < view.batch->company_keys.size(); ++i) {
    const auto* seen = view.book->company_verdict(i);
    if (!seen || seen->status != phase_status::ok || seen->remote_id.empty()) continue;
    companies.push_back({view.batch->company_keys[i], {object_of(view, *seen), seen->remote_id, seen->url}});
  }
  return companies;
}

attempt_outcome start_outcome(const run_view& view, const claimed_delivery& delivery) {
  attempt_outcome made;
  made.delivery = delivery.delivery;
  made.lead_revision = delivery.lead_revision;
  made.started_at = view.started_at;
  made.finished_at = view.finished_at;
  made.phases_json = "[]";
  made.phases_done = delivery.phases_done;
  made.ambiguous = delivery.ambiguous;
  made.what = delivery.last_category;
  return made;
}

/// Back to where it was, as if it had not been claimed.
attempt_outcome untouched(const run_view& view, const claimed_delivery& delivery, category because, std::optional<instant> due_at) {
  auto made = start_outcome(view, delivery);
  made.next = delivery_state::waiting;
  made.no_attempt = true;
  made.what = because;
  made.due_at = due_at.value_or(view.finished_at);
  return made;
}

attempt_outcome refused_locally(const run_view& view, const claimed_delivery& delivery, const problem& why) {
  auto made = start_outcome(view, delivery);
  made.next = delivery_state::failed;
  made.what = why.what;
  made.where = why.where;
  made.message = why.message;
  made.counted = true;
  verdict local{.phase = "preflight", .status = phase_status::failed, .what = why.what, .message = why.message};
  made.phases_json = phases_text(view, {local});
  return made;
}

class conclusion {
 public:
  explicit conclusion(const run_view& view) : view_(view) {}

  run_outcome make() {
    const auto& run = *view_.run;
    std::vector<bool> seen(run.deliveries.size());
    if (view_.batch)
      for (std::size_t i = 0; i < run.deliveries.size(); ++i)
        if (const auto& why = view_.batch->problems[i]) {
          seen[i] = true;
          add(refused_locally(view_, run.deliveries[i], *why));
        }
    if (view_.batch && view_.book)
      for (std::uint32_t lead = 0; lead < view_.batch->delivery_of.size(); ++lead) {
        const auto index = view_.batch->delivery_of[lead];
        seen[index] = true;
        add_lead(lead, index);
      }
    for (std::size_t i = 0; i < run.deliveries.size(); ++i)
      if (!seen[i]) add(untouched(view_, run.deliveries[i], run.deliveries[i].last_category, view_.not_before));
    made_.companies = companies_of(view_);
    judge_refusals();
    return std::move(made_);
  }

 private:
  void add(attempt_outcome outcome) {
    // No look-up before it can find anything.
    if (outcome.ambiguous && outcome.due_at) outcome.due_at = std::max(*outcome.due_at, view_.finished_at + view_.settle);
    if (outcome.next == delivery_state::cleared) ++made_.cleared;
    if (outcome.next == delivery_state::failed) ++made_.failed;
    made_.outcomes.push_back(std::move(outcome));
  }

  void add_lead(std::uint32_t lead, std::size_t index) {
    const auto& delivery = view_.run->deliveries[index];
    auto result = view_.book->result_of(lead);
    auto made = start_outcome(view_, delivery);
    made.phases_json = phases_text(view_, result.phases);
    made.remote_ids = remote_ids_of(view_, result.phases);
    made.phases_done = std::move(result.phases_done);
    // Any phase may leave a write in doubt, not only the one that gives the category.
    const bool doubt = std::any_of(result.phases.begin(), result.phases.end(), [](const verdict& each) {
      return each.status == phase_status::failed && each.what == category::ambiguous_write;
    });
    made.ambiguous = made.ambiguous || doubt;
    if (!result.decisive) {
      made.next = delivery_state::cleared;
      made.what = category::none;
      made.ambiguous = false;
      made.warnings = view_.batch->warnings[index];
      for (const auto& each : result.phases) made.warnings.insert(made.warnings.end(), each.warnings.begin(), each.warnings.end());
      made_.connection.any_success = true;
      return add(std::move(made));
    }
    add_failure(delivery, std::move(made), *result.decisive);
  }

  void add_failure(const claimed_delivery& delivery, attempt_outcome made, const verdict& why) {
    const auto* trace = trace_of(view_, why);
    const bool unanswered = trace ? trace->write_unanswered : !delivery.ambiguous;
    made.what = category_of(view_, why);
    made.where = complete(view_, why.where);
    made.crm_code = why.crm_code;
    made.message = why.message;

    const bool nothing_sent = why.what == category::connection && (!trace || trace->exchange < 0);
    if (view_.token || (nothing_sent && (view_.not_before || view_.stopping))) {
      // Not this lead's doing, and nothing of it is known to have failed: it goes back, with what was reached.
      made.next = delivery_state::waiting;
      made.no_attempt = made.remote_ids.empty();
      made.due_at = view_.not_before.value_or(view_.finished_at);
      made.what = view_.token ? (view_.token->confirmed ? category::authentication : category::connection)
                  : view_.not_before ? category::quota_exhausted : delivery.last_category;
      if (view_.token) made.message = view_.token->message;
      if (view_.token && !view_.token->confirmed) made_.connection.connection_failed = true;
      made.where = {};
      // It was broken off, not refused: a blind write of it may have arrived before.
      made.ambiguous = made.ambiguous || (view_.broken_off && blind_write_left());
      return add(std::move(made));
    }
    if (why.what == category::authentication || why.what == category::permission) {
      refused_.push_back(made_.outcomes.size());
      refusal_ = why.what;
      if (made_.connection.message.empty()) made_.connection.message = why.message;
      made.next = delivery_state::failed;
      made.counted = true;
      return add(std::move(made));
    }
    if (why.what == category::connection) {
      made_.connection.connection_failed = true;
      if (made_.connection.message.empty()) made_.connection.message = why.message;
    } else if (!waits_without_cap(why.what) && why.what != category::ambiguous_write && why.what != category::plugin_fault) {
      made_.connection.any_success = true;  // the CRM judged it, so the connection works
    }
    const delivery_view about{.attempt_number = delivery.attempt_number,
                              .counted_attempts = delivery.counted_attempts,
                              .another_succeeded = view_.another_succeeded && view_.another_succeeded(delivery.delivery),
                              .cap = view_.cap,
                              .settle = view_.settle};
    const auto decided = judge({why.what, why.retry_after, unanswered}, about, view_.finished_at, view_.random());
    made.next = decided.next;
    made.due_at = decided.due_at;
    made.counted = decided.counted;
    // What could not be looked up this time is as doubtful as before.
    made.ambiguous = made.ambiguous || decided.ambiguous;
    add(std::move(made));
  }

  [[nodiscard]] bool blind_write_left() const {
    return std::any_of(view_.requests->begin(), view_.requests->end(), [](const auto& each) { return each.blind_write; });
  }

  /// A refusal that no other lead of the run escaped is the integration's, not the leads': they are held.
  void judge_refusals() {
    if (view_.token) {
      if (view_.token->confirmed) made_.connection.refused = category::authentication;
      made_.connection.message = view_.token->message;
      return;
    }
    if (refused_.empty()) return;
    if (refusal_ != category::authentication && made_.connection.any_success) return;
    made_.connection.refused = refusal_;
    made_.failed -= std::int64_t(refused_.size());
    for (const auto index : refused_) {
      auto& each = made_.outcomes[index];
      each.next = delivery_state::waiting;
      each.no_attempt = each.remote_ids.empty();
      each.counted = false;
      each.due_at = view_.finished_at;
    }
  }

  const run_view& view_;
  run_outcome made_;
  std::vector<std::size_t> refused_;
  category refusal_ = category::none;
};

}  // namespace

run_outcome conclude(const run_view& view) { return conclusion(view).make(); }

run_outcome reached_so_far(const run_view& view) {
  run_outcome made;
  made.companies = companies_of(view);
  for (std::uint32_t lead = 0; lead < view.batch->delivery_of.size(); ++lead) {
    const auto& delivery = view.run->deliveries[view.batch->delivery_of[lead]];
    auto outcome = start_outcome(view, delivery);
    const auto result = view.book->result_of(lead);
    for (const auto& each : result.phases) {
      if (each.status != phase_status::ok) continue;
      if (std::find(outcome.phases_done.begin(), outcome.phases_done.end(), each.phase) == outcome.phases_done.end())
        outcome.phases_done.push_back(each.phase);
    }
    outcome.remote_ids = remote_ids_of(view, result.phases);
    if (!outcome.remote_ids.empty() || outcome.phases_done.size() > delivery.phases_done.size()) made.outcomes.push_back(std::move(outcome));
  }
  return made;
}

}  // namespace leadsync

#include "commands.h"

namespace leadsync::client {
namespace {

namespace json = boost::json;

constexpr std::size_t body_shown = 2000;

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  const auto clean = printable(text.substr(0, body_shown));
  std::size_t at = 0;
  while (at <= clean.size()) {
    const auto end = std::min(clean.find('\n', at), clean.size());
    out += std::string(indent) + clean.substr(at, end - at) + "\n";
    at = end + 1;
  }
  if (text.size() > body_shown) out += std::string(indent) + "… (" + std::to_string(text.size()) + " bytes; --json shows more)\n";
  return out;
}

void print_exchange(session& run, const json::object& exchange) {
  const auto& how = run.how();
  const auto& request = object_of(exchange, "request");
  const auto& response = object_of(exchange, "response");
  run.out() << "      " << how.paint("sent", colour::dim) << "  " << text_of(exchange, "method") << ' ' << printable(text_of(exchange, "url")) << '\n';
  if (const auto body = text_of(request, "body"); !body.empty()) run.out() << indented(body, "        ");
  const auto status = text_of(response, "status");
  run.out() << "      " << how.paint("answer", colour::dim) << "  " << (status.empty() ? text_of(response, "transport") : status);
  if (const auto took = text_of(exchange, "took_ms"); !took.empty()) run.out() << " after " << took << " ms";
  run.out() << '\n';
  if (const auto body = text_of(response, "body"); !body.empty()) run.out() << indented(body, "        ");
}

void print_attempt(session& run, const json::object& attempt, bool with_exchanges) {
  const auto& how = run.how();
  const auto outcome = text_of(attempt, "outcome");
  run.out() << "\n  " << how.paint("attempt " + text_of(attempt, "number"), colour::bold) << "  " << text_of(attempt, "finished_at") << "  "
            << how.paint(outcome, outcome == "cleared" ? colour::green : outcome == "failed" ? colour::red : colour::yellow);
  if (const auto category = text_of(attempt, "category"); !category.empty()) run.out() << "  " << category;
  if (const auto where = text_of(attempt, "text"); !where.empty()) run.out() << "  " << printable(where);
  run.out() << '\n';
  for (const auto& entry : array_of(attempt, "phases")) {
    const auto& phase = object_of(entry);
    const auto status = text_of(phase, "status");
    run.out() << "    " << text_of(phase, "phase") << "  "
              << how.paint(status, status == "ok" ? colour::green : status == "failed" ? colour::red : colour::dim);
    if (const auto id = text_of(phase, "remote_id"); !id.empty()) run.out() << "  " << printable(text_of(phase, "object") + " " + id);
    if (const auto url = text_of(phase, "url"); !url.empty()) run.out() << "  " << printable(url);
    if (const auto code = text_of(phase, "crm_code"); !code.empty()) run.out() << "  " << printable(code);
    if (const auto message = text_of(phase, "message"); !message.empty()) run.out() << "  " << printable(message);
    run.out() << '\n';
    const auto& exchange = object_of(phase, "exchange");
    if (with_exchanges && !exchange.empty()) print_exchange(run, exchange);
  }
  if (array_of(attempt, "phases").empty())
    if (const auto message = text_of(attempt, "message"); !message.empty()) run.out() << "    " << printable(message) << '\n';
  for (const auto& entry : array_of(attempt, "warnings"))
    run.out() << "    " << how.paint(text_of(object_of(entry), "code"), colour::yellow) << "  " << printable(text_of(object_of(entry), "message")) << '\n';
}

void show_log(session& run, const std::string& lead, bool all) {
  call request;
  request.path = run.path("/deliveries/" + percent_encoded(lead));
  const auto given = run.daemon().send(request);
  if (run.printed_as_json(given)) return;
  const auto document = given.document();
  const auto& delivery = object_of(document);
  const auto& how = run.how();
  run.out() << how.paint("lead " + text_of(delivery, "lead"), colour::bold) << "  " << printable(text_of(delivery, "name")) << "  "
            << printable(text_of(delivery, "email")) << "  " << printable(text_of(delivery, "event")) << '\n';
  run.out() << "  " << text_of(delivery, "state");
  if (const auto condition = text_of(delivery, "condition"); !condition.empty()) run.out() << ", " << condition;
  if (const auto reason = text_of(delivery, "reason"); !reason.empty()) run.out() << ": " << reason;
  if (const auto due = text_of(delivery, "due_at"); !due.empty()) run.out() << ", due " << due;
  run.out() << '\n';
  for (const auto& entry : array_of(delivery, "remote_ids"))
    run.out() << "  " << printable(text_of(object_of(entry), "object") + " " + text_of(object_of(entry), "id") + "  " + text_of(object_of(entry), "url")) << '\n';
  if (const auto& issue = object_of(delivery, "current_issue"); !issue.empty()) {
    run.out() << "\n  " << how.paint(text_of(issue, "title"), colour::red) << "  " << text_of(issue, "code") << '\n';
    if (const auto where = text_of(issue, "text"); !where.empty()) run.out() << "  " << printable(where) << '\n';
    if (const auto message = text_of(issue, "message"); !message.empty()) run.out() << "  " << printable(message) << '\n';
    run.out() << "  → " << text_of(issue, "action") << '\n';
  }
  bool newest = true;
  for (const auto& entry : array_of(delivery, "attempt_log")) {
    print_attempt(run, object_of(entry), newest || all);
    newest = false;
  }
}

}  // namespace

void add_log_command(CLI::App& app, session& run) {
  auto* log = app.add_subcommand("log", "All that was tried for a lead, and what the CRM answered");
  auto lead = std::make_shared<std::string>();
  auto all = std::make_shared<bool>(false);
  log->add_option("lead", *lead, "The lead's id")->required();
  log->add_flag("--all", *all, "Requests and answers of every attempt, not only the newest");
  log->callback([&run, lead, all] { show_log(run, *lead, *all); });
}

}  // namespace leadsync::client

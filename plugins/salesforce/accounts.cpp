#include "sync.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace leadsync::salesforce {
namespace {
/// "https://www.Acme.com/x" is acme.com.
std::string host_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != url.npos) url.remove_prefix(scheme + 3);
  auto host = folded(url.substr(0, url.find_first_of("/?#:")));
  return host.starts_with("www.") ? host.substr(4) : host;
}

/// The oldest of several wins, so that every run chooses the same one.
void consider(account_record& account, const json::object& row) {
  const auto created = row_text(row, "CreatedDate"), id = row_text(row, "Id");
  if (++account.matches > 1 && std::tie(account.oldest_at, account.id) < std::tie(created, id)) return;
  account.oldest_at = created;
  account.id = id;
}

/// By our key, the site's host or the name.
sdk::task<> find(const collection* work, lookup what, std::string account_record::*value, records wanted) {
  if (wanted.empty()) co_return;
  std::map<std::string, std::vector<account_record*>> by_value;
  std::vector<std::string> values;
  for (auto* one : wanted) {
    auto* account = static_cast<account_record*>(one);
    auto& same = by_value[folded(account->*value)];
    if (same.empty()) values.push_back(account->*value);
    same.push_back(account);
  }
  const auto field = what.field;
  const bool by_host = what.like;
  const auto found = co_await query_each(std::move(what), std::move(values), std::string(phase_names[company_phase]), leads_of(wanted));
  for (auto* one : wanted)
    if (found.failed) work->fail(*one, *found.failed, &found.where);
  if (found.failed) co_return;
  for (const auto& row : found.rows) {
    const auto at = by_value.find(by_host ? host_of(row_text(row, field)) : folded(row_text(row, field)));
    if (at == by_value.end()) continue;
    for (auto* account : at->second) consider(*account, row);
  }
  for (auto* one : wanted)
    if (const int matches = static_cast<account_record*>(one)->matches; matches > 1)
      warn(*one, "SEVERAL_MATCHES", std::to_string(matches) + " accounts match; the oldest was used", field);
}
}  // namespace

sdk::task<> write_accounts(sync_job* job) {
  auto work = job->begin(company_phase, account_records);
  const bool keyed = job->keyed(account_records);
  records known, found, fresh;
  for (auto& account : job->accounts) {
    if (account.name.empty()) account.name = folded(account.values.text("Name"));
    if (!account.wanted || account.id.empty()) continue;
    known.push_back(&account);
    // Its empty fields were filled when it was first met: no call for each batch of its leads.
    for (const auto& field : *account.values.fields)
      if (is_if_empty(field.value())) account.values.dropped.push_back(field.key());
  }
  const std::string type(account_records.type), key(key_field);
  const std::vector<std::pair<std::string, std::string account_record::*>> identities{
      {key, &account_record::own_key}, {"Website", &account_record::domain}, {"Name", &account_record::name}};
  for (const auto& [field, value] : identities) {
    records unknown;
    for (auto& account : job->accounts)
      if (account.wanted && !account.settled && account.id.empty() && !(account.*value).empty()) unknown.push_back(&account);
    lookup what{type, "Id,CreatedDate," + field, field, {}, field == "Website"};
    if (keyed || field != key) co_await find(&work, std::move(what), value, std::move(unknown));
  }
  for (auto& account : job->accounts) {
    if (!account.wanted || account.settled || std::find(known.begin(), known.end(), &account) != known.end()) continue;
    const bool is_new = account.id.empty();
    if (is_new && account.values.text("Name").empty() && !account.domain.empty()) account.values.added.emplace_back("Name", account.domain);
    if (!is_new) found.push_back(&account);
    else if (!account.values.text("Name").empty()) fresh.push_back(&account);
    else work.fail(account, {"NOT_ENOUGH_DATA", "", "Salesforce wants a name of an account"}, nullptr);
  }
  for (auto* one : co_await work.drop_what_is_set("Id", found)) known.push_back(one);
  co_await work.write(write_kind::update, known);
  // Without our key it is looked for by name before each attempt, so a write in doubt is found again.
  auto kind = write_kind::create;
  if (keyed) kind = write_kind::upsert;
  co_await work.write(kind, fresh);
}
}  // namespace leadsync::salesforce

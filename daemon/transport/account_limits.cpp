#include "transport/account_limits.h"

#include "base/text.h"

namespace leadsync {

namespace asio = boost::asio;

namespace {

std::string digest_of(const std::string& realm, const std::map<std::string, secret>& secrets) {
  std::string text = realm;
  for (const auto& [name, value] : secrets) {
    const std::string_view revealed = value.reveal();
    text += '\n' + name + ' ' + std::to_string(revealed.size()) + ' ';
    text += revealed;
  }
  return sha256_hex(text);
}

}  // namespace

std::shared_ptr<admissions> account_limits::find(const std::string& key) {
  const auto found = known_.find(key);
  auto alive = found == known_.end() ? nullptr : found->second.lock();
  return alive && alive->successor() ? alive->successor() : alive;
}

std::shared_ptr<admissions> account_limits::of_credentials(const std::string& credentials) {
  const auto key = "credentials " + credentials;
  if (auto found = find(key)) return found;
  std::erase_if(known_, [](const auto& each) { return each.second.expired(); });
  auto made = std::make_shared<admissions>(executor_);
  known_[key] = made;
  return made;
}

std::shared_ptr<admissions> account_limits::of_account(const std::shared_ptr<admissions>& mine, const std::string& account) {
  if (mine->account() == account) return mine;
  const auto key = "account " + account;
  auto found = find(key);
  if (!mine->account().empty()) {
    // The same credentials, now of another account: who else uses them finds that out for itself.
    if (!found) known_[key] = found = std::make_shared<admissions>(executor_);
    found->set_account(account);
    return found;
  }
  if (!found) {
    known_[key] = mine;
    mine->set_account(account);
    return mine;
  }
  if (!mine->successor()) mine->move_to(found);
  return found;
}

account_seat::account_seat(std::shared_ptr<account_limits> shared, std::string realm, const std::map<std::string, secret>& secrets,
                           std::vector<limit_definition> definitions)
    : shared_(std::move(shared)), realm_(std::move(realm)), definitions_(std::move(definitions)), lane_(digest_of(realm_, secrets)) {
  join(shared_->of_credentials(lane_));
}

void account_seat::join(std::shared_ptr<admissions> queue) {
  queue->limits().join(lane_, definitions_, admissions::current());
  if (queue_) queue_->release(this);
  queue_ = std::move(queue);
}

admissions& account_seat::queue() {
  if (queue_->has_moved()) queue_ = queue_->successor();
  return *queue_;
}

void account_seat::change_credentials(const std::map<std::string, secret>& secrets) {
  const auto lane = digest_of(realm_, secrets);
  if (lane == lane_) return;
  lane_ = lane;
  if (!former_) former_ = queue_;
  join(shared_->of_credentials(lane_));
}

void account_seat::identify(const remote_account& account) {
  if (account.id.empty()) return;
  auto found = shared_->of_account(queue_, realm_ + '\n' + account.id);
  former_.reset();
  found->limits().join(lane_, definitions_, admissions::current());
  if (!account.time_zone.empty()) found->limits().set_account_zone(account.time_zone, admissions::current());
  // What moves there by itself does so when nothing is under way any more.
  if (found != queue_ && queue_->successor() != found) join(std::move(found));
}

asio::awaitable<admissions::outcome> account_seat::wait(std::vector<limit_cost> costs, limiter::place where,
                                                        std::chrono::milliseconds longest_wait) {
  queue();
  return queue_->wait(std::move(costs), where, longest_wait, lane_, this);
}

void account_seat::stop() { queue_->release(this); }

}  // namespace leadsync

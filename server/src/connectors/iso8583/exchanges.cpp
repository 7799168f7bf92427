#include "connectors/iso8583/exchanges.h"

#include <utility>

#include "connectors/iso8583/response_codes.h"

namespace acquit::iso8583 {
namespace {

constexpr std::size_t kRemembered = 20'000;
constexpr std::size_t kUnclaimed = 1'000;

// Unreadable, or without a code: who knows what it says.
bool may_be_approval(const base::Result<Message>& answer) {
  return !answer || may_hold_money(verdict_of(answer->get(39)));
}

}  // namespace

bool Exchanges::begin(Key key, std::optional<connectors::LateApproval> authorisation) {
  const std::lock_guard lock(mutex_);
  const auto [place, is_new] = entries_.try_emplace(key);
  Entry& entry = place->second;
  if (!is_new && entry.out) return false;
  entry.authorisation = std::move(authorisation);
  entry.before = !is_new;
  entry.out = true;
  return true;
}

void Exchanges::withdraw(Key key) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  if (found->second.before) {
    found->second.out = false;
  } else {
    entries_.erase(found);
  }
}

void Exchanges::settle(Key key) {
  const std::lock_guard lock(mutex_);
  entries_.erase(key);
}

std::optional<Message> Exchanges::give_up(Key key) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::nullopt;
  auto meanwhile = std::exchange(found->second.answer, std::nullopt);
  found->second.out = false;
  remember(key);
  return meanwhile;
}

void Exchanges::decline(Key key) {
  const auto meanwhile = give_up(key);
  if (meanwhile) keep(key, *meanwhile);
}

void Exchanges::remember(Key key) {
  given_up_.push_back(key);
  for (; given_up_.size() > kRemembered; given_up_.pop_front()) entries_.erase(given_up_.front());
}

bool Exchanges::keep(Key key, const base::Result<Message>& answer) {
  std::unique_lock lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return false;
  Entry& entry = found->second;
  if (entry.authorisation && !entry.out) {
    if (!may_be_approval(answer)) return true;
    late_approvals_.push_back(*std::move(entry.authorisation));
    entries_.erase(found);
    lock.unlock();
    tell();
    return true;
  }
  if (answer) entry.answer = *answer;
  return !entry.out;
}

bool Exchanges::keep_unclaimed(connectors::LateApproval approval) {
  {
    const std::lock_guard lock(mutex_);
    if (late_approvals_.size() >= kUnclaimed) return false;
    late_approvals_.push_back(std::move(approval));
  }
  tell();
  return true;
}

std::optional<Message> Exchanges::take(Key key) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.out) return std::nullopt;
  return std::exchange(found->second.answer, std::nullopt);
}

std::vector<connectors::LateApproval> Exchanges::late_approvals() const {
  const std::lock_guard lock(mutex_);
  return late_approvals_;
}

void Exchanges::forget(const connectors::LateApproval& approval) {
  const std::lock_guard lock(mutex_);
  std::erase(late_approvals_, approval);
}

}  // namespace acquit::iso8583

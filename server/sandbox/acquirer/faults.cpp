#include "sandbox/acquirer/faults.h"

#include <utility>

namespace acquit::sandbox {

std::string_view to_string(FaultKind kind) {
  switch (kind) {
    case FaultKind::silent: return "silent";
    case FaultKind::slow: return "slow";
    case FaultKind::garbage: return "garbage";
    case FaultKind::disconnect: return "disconnect";
    case FaultKind::duplicate: return "duplicate";
    case FaultKind::refuse: return "refuse";
    case FaultKind::unreadable: return "unreadable";
    case FaultKind::mismatch: return "mismatch";
    case FaultKind::code: return "code";
  }
  return "";
}

std::optional<FaultKind> fault_kind_from(std::string_view name) {
  using enum FaultKind;
  for (const FaultKind kind : {silent, slow, garbage, disconnect, duplicate, refuse, unreadable, mismatch, code}) {
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

void Faults::order(FaultKind kind, std::size_t count, std::string code) {
  const std::lock_guard lock(mutex_);
  if (count > 0) orders_.push_back({.kind = kind, .count = count, .code = std::move(code)});
}

std::optional<FaultKind> Faults::take() {
  const auto one = take_one();
  return one ? std::optional(one->kind) : std::nullopt;
}

std::optional<FaultsLeft> Faults::take_one() {
  const std::lock_guard lock(mutex_);
  if (orders_.empty()) return std::nullopt;
  FaultsLeft one = orders_.front();
  one.count = 1;
  if (--orders_.front().count == 0) orders_.pop_front();
  return one;
}

std::vector<FaultsLeft> Faults::pending() const {
  const std::lock_guard lock(mutex_);
  return {orders_.begin(), orders_.end()};
}

void Faults::clear() {
  const std::lock_guard lock(mutex_);
  orders_.clear();
}

}  // namespace acquit::sandbox

#include "payments/nouns/transaction_states.h"

#include <algorithm>
#include <string>

namespace acquit::payments {
namespace {

// In the order of State.
constexpr std::array<std::string_view, kStates> kStateNames{
    "initiated",   "authenticating", "authorising", "pending",        "waiting_authorisation",
    "to_validate", "authorised",     "captured",    "capture_failed", "accepted",
    "refused",     "abandoned",      "cancelled",   "expired"};

constexpr std::array<std::string_view, kEvents> kEventNames{
    "authenticate", "authorise", "step_up",        "approve", "approve_manual", "verify",  "accept",
    "hold",         "decline",   "withdraw",       "reverse", "postpone",       "abandon", "validate",
    "modify",       "capture",   "reject_capture", "cancel",  "expire"};

constexpr bool no_row_twice() {
  for (std::size_t i = 0; i < kTransitions.size(); ++i) {
    for (std::size_t j = i + 1; j < kTransitions.size(); ++j) {
      if (kTransitions[i].from == kTransitions[j].from && kTransitions[i].event == kTransitions[j].event) return false;
    }
  }
  return true;
}
static_assert(no_row_twice(), "one event leads to one state");

constexpr bool every_state_reachable() {
  for (std::size_t i = 0; i < kStates; ++i) {
    const auto state = static_cast<State>(i);
    const bool born = std::ranges::find(kBirthStates, state) != kBirthStates.end();
    const bool entered = std::ranges::find(kTransitions, state, &Transition::to) != kTransitions.end();
    if (!born && !entered) return false;
  }
  return true;
}
static_assert(every_state_reachable());
static_assert(is_final(State::refused) && is_final(State::abandoned) && is_final(State::cancelled) &&
              is_final(State::expired) && is_final(State::accepted) && is_final(State::capture_failed));

}  // namespace

std::string_view to_string(State state) { return kStateNames[static_cast<std::size_t>(state)]; }

std::string_view to_string(Event event) { return kEventNames[static_cast<std::size_t>(event)]; }

std::optional<State> parse_state(std::string_view name) {
  const auto* found = std::ranges::find(kStateNames, name);
  return found == kStateNames.end() ? std::nullopt : std::optional(static_cast<State>(found - kStateNames.begin()));
}

base::Result<State> require_next(State state, Event event) {
  if (const auto to = next(state, event)) return *to;
  return base::fail(base::ErrorCode::wrong_state, "a transaction that is " + std::string(to_string(state)) + " can't " +
                                                      std::string(to_string(event)));
}

}  // namespace acquit::payments

#include "payments/nouns/transaction_states.h"

#include <algorithm>
#include <string>

namespace acquit::payments {
namespace {

// A cancellation is "A envoyer" until its reversal was acknowledged, then "Envoyée": the back office looks at the
// history.
constexpr std::array<StateNames, kStates> kNames{{
    {State::initiated, "initiated", "INITIAL", "", "", "", "PENDING"},
    {State::authenticating, "authenticating", "INITIAL", "", "", "", "PROCESSING"},
    {State::authorising, "authorising", "INITIAL", "Débit", "En attente", "En attente de confirmation", "PROCESSING"},
    {State::pending, "pending", "UNDER_VERIFICATION", "Débit", "En attente", "En attente de confirmation",
     "PROCESSING"},
    {State::waiting_authorisation, "waiting_authorisation", "WAITING_AUTHORISATION", "Débit", "Acceptée", "A envoyer",
     "AUTHORIZED"},
    {State::to_validate, "to_validate", "AUTHORISED_TO_VALIDATE", "Débit", "Acceptée", "En attente de capture",
     "AUTHORIZED"},
    {State::authorised, "authorised", "AUTHORISED", "Débit", "Acceptée", "A envoyer", "COMPLETED"},
    {State::captured, "captured", "CAPTURED", "Débit", "Acceptée", "Envoyée", "FULFILL"},
    {State::capture_failed, "capture_failed", "CAPTURE_FAILED", "Débit", "Acceptée", "Ecartée", "FAILED"},
    {State::accepted, "accepted", "ACCEPTED", "", "", "", ""},
    {State::refused, "refused", "REFUSED", "Débit", "Refusée", "N/A", "FAILED"},
    {State::abandoned, "abandoned", "ABANDONED", "Débit", "Abandonné", "N/A", "FAILED"},
    {State::cancelled, "cancelled", "CANCELLED", "Annulation", "Acceptée", "A envoyer", "VOIDED"},
    {State::expired, "expired", "EXPIRED", "Débit", "Refusée", "N/A", "VOIDED"},
}};

constexpr std::array<std::string_view, kEvents> kEventNames{
    "authenticate", "authorise", "step_up",        "approve", "approve_manual", "verify",  "accept",
    "hold",         "decline",   "withdraw",       "reverse", "postpone",       "abandon", "validate",
    "modify",       "capture",   "reject_capture", "cancel",  "expire"};

constexpr bool names_in_order() {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (static_cast<std::size_t>(kNames[i].state) != i) return false;
  }
  return true;
}
static_assert(names_in_order());

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
  for (const StateNames& row : kNames) {
    const bool born = std::ranges::find(kBirthStates, row.state) != kBirthStates.end();
    const bool entered = std::ranges::find(kTransitions, row.state, &Transition::to) != kTransitions.end();
    if (!born && !entered) return false;
  }
  return true;
}
static_assert(every_state_reachable());
static_assert(is_final(State::refused) && is_final(State::abandoned) && is_final(State::cancelled) &&
              is_final(State::expired) && is_final(State::accepted) && is_final(State::capture_failed));

}  // namespace

const StateNames& names(State state) { return kNames[static_cast<std::size_t>(state)]; }

std::string_view to_string(State state) { return names(state).name; }

std::string_view to_string(Event event) { return kEventNames[static_cast<std::size_t>(event)]; }

std::optional<State> parse_state(std::string_view name) {
  const auto* found = std::ranges::find(kNames, name, &StateNames::name);
  return found == kNames.end() ? std::nullopt : std::optional(found->state);
}

base::Result<State> require_next(State state, Event event) {
  if (const auto to = next(state, event)) return *to;
  return base::fail(base::ErrorCode::wrong_state, "a transaction that is " + std::string(to_string(state)) + " can't " +
                                                      std::string(to_string(event)));
}

}  // namespace acquit::payments

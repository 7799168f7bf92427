// The life of a transaction as data: which event leads from which state to which. The only truth about states.
//
// The SQL check and the diagram in docs/transaction-states.md come from here; tests compare them. Each protocol has
// names of its own for the states. Everything is constexpr.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace acquit::payments {

enum class State : std::uint8_t {
  initiated,              ///< Page open, nothing tried, or nothing of it sent.
  authenticating,         ///< 3-D Secure under way.
  authorising,            ///< Sent to the acquirer, outcome not known yet.
  pending,                ///< Accepted for a later decision.
  waiting_authorisation,  ///< Capture later than an authorisation lives: verified now, authorised near the day.
  to_validate,            ///< Authorised; the merchant must validate.
  authorised,             ///< Goes with the remittance of its day.
  captured,               ///< Handed to the bank.
  capture_failed,         ///< The bank rejected it.
  accepted,               ///< A verification succeeded.
  refused,                ///< Acquirer, risk or authentication said no.
  abandoned,              ///< The buyer left or cancelled.
  cancelled,              ///< The merchant cancelled before remittance.
  expired,                ///< Validation came too late.
};
inline constexpr std::size_t kStates = 14;

enum class Event : std::uint8_t {
  authenticate,    ///< A 3-D Secure authentication begins.
  authorise,       ///< The request goes to the acquirer.
  step_up,         ///< Soft decline: authenticate with a challenge, then ask again.
  approve,         ///< The acquirer said yes, captured automatically.
  approve_manual,  ///< The acquirer said yes, the merchant validates.
  verify,          ///< The card is good; the authorisation follows near the capture day.
  accept,          ///< A verification ends here.
  hold,            ///< The acquirer decides later.
  decline,         ///< Somebody said no.
  withdraw,        ///< The acquirer could not be asked: nothing was sent, and the try does not count.
  reverse,         ///< No answer came; the acquirer acknowledged the reversal.
  postpone,        ///< The same for an authorisation that a job may ask for again.
  abandon,         ///< The buyer left.
  validate,        ///< The merchant wants it captured.
  modify,          ///< Lower amount or other capture date.
  capture,         ///< Handed to the acquirer.
  reject_capture,  ///< The bank refused what was handed over.
  cancel,          ///< The merchant takes it back.
  expire,          ///< Nobody validated in time.
};
inline constexpr std::size_t kEvents = 19;

struct Transition {
  State from;
  Event event;
  State to;
};

inline constexpr auto kTransitions = std::to_array<Transition>({
    {State::initiated, Event::authenticate, State::authenticating},
    {State::initiated, Event::authorise, State::authorising},
    {State::initiated, Event::decline, State::refused},
    {State::initiated, Event::abandon, State::abandoned},
    {State::authenticating, Event::authorise, State::authorising},
    {State::authenticating, Event::decline, State::refused},
    {State::authenticating, Event::abandon, State::abandoned},
    {State::authorising, Event::approve, State::authorised},
    {State::authorising, Event::approve_manual, State::to_validate},
    {State::authorising, Event::verify, State::waiting_authorisation},
    {State::authorising, Event::accept, State::accepted},
    {State::authorising, Event::hold, State::pending},
    {State::authorising, Event::step_up, State::authenticating},
    {State::authorising, Event::decline, State::refused},
    {State::authorising, Event::withdraw, State::initiated},
    {State::authorising, Event::reverse, State::refused},
    {State::authorising, Event::postpone, State::waiting_authorisation},
    {State::pending, Event::approve, State::authorised},
    {State::pending, Event::approve_manual, State::to_validate},
    {State::pending, Event::decline, State::refused},
    {State::pending, Event::cancel, State::cancelled},
    {State::waiting_authorisation, Event::authorise, State::authorising},
    {State::waiting_authorisation, Event::validate, State::waiting_authorisation},
    {State::waiting_authorisation, Event::modify, State::waiting_authorisation},
    {State::waiting_authorisation, Event::decline, State::refused},
    {State::waiting_authorisation, Event::cancel, State::cancelled},
    {State::waiting_authorisation, Event::expire, State::expired},
    {State::to_validate, Event::validate, State::authorised},
    {State::to_validate, Event::modify, State::to_validate},
    {State::to_validate, Event::cancel, State::cancelled},
    {State::to_validate, Event::expire, State::expired},
    {State::authorised, Event::modify, State::authorised},
    {State::authorised, Event::capture, State::captured},
    {State::authorised, Event::cancel, State::cancelled},
    {State::captured, Event::reject_capture, State::capture_failed},
});

/// States that a new transaction may be born in: an attempt, a later instalment, a refund.
inline constexpr std::array kBirthStates{State::initiated, State::waiting_authorisation, State::authorised};

[[nodiscard]] std::string_view to_string(State state);
[[nodiscard]] std::string_view to_string(Event event);
[[nodiscard]] std::optional<State> parse_state(std::string_view name);

/// The state after `event`, or nothing where the table has no such row.
[[nodiscard]] constexpr std::optional<State> next(State state, Event event) {
  for (const Transition& row : kTransitions) {
    if (row.from == state && row.event == event) return row.to;
  }
  return std::nullopt;
}
/// The same, as wrong_state with both named.
[[nodiscard]] base::Result<State> require_next(State state, Event event);

[[nodiscard]] constexpr bool is_final(State state) {
  for (const Transition& row : kTransitions) {
    if (row.from == state) return false;
  }
  return true;
}
/// The buyer's money is promised: the payment succeeded as far as the buyer is concerned.
[[nodiscard]] constexpr bool is_success(State state) {
  return state == State::authorised || state == State::to_validate || state == State::waiting_authorisation ||
         state == State::captured || state == State::accepted || state == State::pending;
}

}  // namespace acquit::payments

// What this protocol calls our states and causes: total tables, since a switch without one of them does not compile.
#pragma once

#include <string_view>

#include "notifications/formatter.h"
#include "payments/nouns/cause.h"
#include "payments/nouns/transaction_states.h"

namespace acquit::vads {

/// vads_trans_status (lyra.md §1.13).
[[nodiscard]] constexpr std::string_view status_of(payments::State state) {
  using payments::State;
  switch (state) {
    case State::initiated:
    case State::authenticating:
    case State::authorising: return "INITIAL";
    case State::pending: return "UNDER_VERIFICATION";
    case State::waiting_authorisation: return "WAITING_AUTHORISATION";
    case State::to_validate: return "AUTHORISED_TO_VALIDATE";
    case State::authorised: return "AUTHORISED";
    case State::captured: return "CAPTURED";
    case State::capture_failed: return "CAPTURE_FAILED";
    case State::accepted: return "ACCEPTED";
    case State::refused: return "REFUSED";
    case State::abandoned: return "ABANDONED";
    case State::cancelled: return "CANCELLED";
    case State::expired: return "EXPIRED";
  }
  return "";
}

/// vads_payment_error (lyra.md §1.15).
[[nodiscard]] constexpr int payment_error(payments::Cause cause) {
  using payments::Cause;
  switch (cause) {
    case Cause::blocked_card: return 36;
    case Cause::authentication_failed: return 39;
    case Cause::first_instalment_refused: return 101;
    case Cause::session_expired: return 149;
    case Cause::authentication_rejected: return 207;
    case Cause::authentication_impossible: return 208;
    case Cause::authentication_cancelled: return 222;
  }
  return 0;
}

/// vads_url_check_src (lyra.md §1.12).
[[nodiscard]] constexpr std::string_view url_check_source(merchants::Rule rule, notifications::Telling telling) {
  using merchants::Rule;
  switch (telling) {
    case notifications::Telling::again: return "RETRY";
    case notifications::Telling::by_hand: return "BO";
    case notifications::Telling::first: break;
  }
  switch (rule) {
    case Rule::end_of_payment:
    case Rule::cancellation: return "PAY";
    case Rule::back_office_operation: return "MERCH_BO";
    case Rule::batch_authorisation: return "BATCH_AUTO";
    case Rule::batch_change: return "BATCH";
    case Rule::subscription: return "REC";
  }
  return "";
}

}  // namespace acquit::vads

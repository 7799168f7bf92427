#include "web/pay_flow/refusals.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace acquit::web {
namespace {

using enum pages::RefusalReason;

// Answers of the CB network (lyra.md §1.14). What is not here is told as a plain refusal: lost and stolen cards too,
// since whoever holds them need not know.
constexpr auto kByCode = std::to_array<std::pair<std::string_view, pages::RefusalReason>>({
    {"02", contact_bank},
    {"08", contact_bank},
    {"12", not_permitted},
    {"13", amount_out_of_range},
    {"14", card_invalid},
    {"15", card_invalid},
    {"19", technical},
    {"1A", authentication_failed},
    {"33", card_expired},
    {"38", card_expired},
    {"51", insufficient_funds},
    {"54", card_expired},
    {"55", security_code},
    {"56", card_invalid},
    {"57", not_permitted},
    {"58", not_permitted},
    {"61", limit_exceeded},
    {"62", not_permitted},
    {"65", authentication_failed},
    {"68", issuer_unavailable},
    {"75", security_code},
    {"81", authentication_failed},
    {"90", issuer_unavailable},
    {"91", issuer_unavailable},
    {"96", technical},
    {"97", technical},
    {"98", technical},
    {"99", technical},
    {"A1", authentication_failed},
});

// Nothing where the buyer is told no more than that it did not work.
std::optional<pages::RefusalReason> reason_of(payments::Cause cause,
                                              const payments::AuthenticationResult& authentication) {
  using payments::Cause;
  switch (cause) {
    case Cause::blocked_card: return card_blocked;
    // Given up by the buyer, or left until the session was over.
    case Cause::authentication_cancelled:
    case Cause::session_expired: return authentication_cancelled;
    case Cause::authentication_failed:
    case Cause::authentication_rejected:
      return authentication.error.starts_with("challenge_cancelled") ? authentication_cancelled : authentication_failed;
    case Cause::authentication_impossible:
    case Cause::first_instalment_refused: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

pages::RefusalReason refusal_reason(const payments::Transaction& transaction) {
  if (transaction.cause) {
    if (const auto reason = reason_of(*transaction.cause, transaction.authentication)) return *reason;
  }
  const auto* found = std::ranges::find(kByCode, std::string_view(transaction.answer.response_code),
                                        &decltype(kByCode)::value_type::first);
  return found == kByCode.end() ? generic : found->second;
}

pages::Refusal held_back(const payments::TooManyTries& many) {
  pages::Refusal refusal{.attempts_left = std::nullopt, .again_in_minutes = many.minutes()};
  switch (many.limit) {
    case payments::TryLimit::card: refusal.reason = pages::RefusalReason::card_held_back; break;
    case payments::TryLimit::address: refusal.reason = pages::RefusalReason::address_held_back; break;
    case payments::TryLimit::crowd: refusal.reason = pages::RefusalReason::shop_crowded; break;
  }
  return refusal;
}

std::optional<pages::CardError> card_error(const base::Error& error) {
  const pages::CardProblem problem =
      error.code == base::ErrorCode::field_missing ? pages::CardProblem::missing : pages::CardProblem::invalid;
  if (error.field == "card_number") return pages::CardError{.field = pages::CardField::card_number, .problem = problem};
  if (error.field == "expiry") {
    return pages::CardError{
        .field = pages::CardField::expiry,
        .problem = error.code == base::ErrorCode::card_expired ? pages::CardProblem::past : problem};
  }
  if (error.field == "security_code")
    return pages::CardError{.field = pages::CardField::security_code, .problem = problem};
  if (error.field == "card_holder") return pages::CardError{.field = pages::CardField::card_holder, .problem = problem};
  return std::nullopt;
}

}  // namespace acquit::web

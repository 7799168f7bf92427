#include "base/errors.h"

#include <array>
#include <cstddef>

namespace acquit::base {
namespace {

using enum ErrorCode;

constexpr auto kTable = std::to_array<ErrorRow>({
    {field_missing, Family::malformed, 400, "field_missing", LogLevel::info},
    {field_format, Family::malformed, 400, "field_format", LogLevel::info},
    {field_too_long, Family::malformed, 400, "field_too_long", LogLevel::info},
    {field_value, Family::malformed, 400, "field_value", LogLevel::info},
    {body_malformed, Family::malformed, 400, "body_malformed", LogLevel::info},
    {body_too_large, Family::malformed, 413, "body_too_large", LogLevel::info},
    {header_too_large, Family::malformed, 431, "header_too_large", LogLevel::info},
    {sensitive_data, Family::malformed, 400, "sensitive_data", LogLevel::warning},
    {unsupported, Family::malformed, 400, "unsupported", LogLevel::info},
    {signature_mismatch, Family::forbidden, 403, "signature_mismatch", LogLevel::warning},
    {login_invalid, Family::forbidden, 401, "login_invalid", LogLevel::warning},
    {not_permitted, Family::forbidden, 403, "not_permitted", LogLevel::warning},
    {address_not_allowed, Family::forbidden, 403, "address_not_allowed", LogLevel::warning},
    {not_found, Family::not_found, 404, "not_found", LogLevel::info},
    {method_not_allowed, Family::not_found, 405, "method_not_allowed", LogLevel::info},
    {already_exists, Family::conflict, 409, "already_exists", LogLevel::info},
    {exists_with_other_content, Family::conflict, 409, "exists_with_other_content", LogLevel::warning},
    {wrong_state, Family::conflict, 409, "wrong_state", LogLevel::info},
    {expired, Family::conflict, 410, "expired", LogLevel::info},
    {replayed, Family::conflict, 409, "replayed", LogLevel::info},
    {amount_out_of_range, Family::refused, 422, "amount_out_of_range", LogLevel::info},
    {currency_mismatch, Family::refused, 422, "currency_mismatch", LogLevel::info},
    {amount_overflow, Family::refused, 422, "amount_overflow", LogLevel::warning},
    {amount_exceeds_captured, Family::refused, 422, "amount_exceeds_captured", LogLevel::info},
    {amount_exceeds_authorised, Family::refused, 422, "amount_exceeds_authorised", LogLevel::info},
    {no_contract, Family::refused, 422, "no_contract", LogLevel::warning},
    {shop_closed, Family::refused, 403, "shop_closed", LogLevel::warning},
    {card_blocked, Family::refused, 422, "card_blocked", LogLevel::info},
    {card_invalid, Family::refused, 422, "card_invalid", LogLevel::info},
    {card_expired, Family::refused, 422, "card_expired", LogLevel::info},
    {too_many_attempts, Family::refused, 429, "too_many_attempts", LogLevel::warning},
    {rate_limited, Family::refused, 429, "rate_limited", LogLevel::warning},
    {declined, Family::declined, 422, "declined", LogLevel::info},
    {authentication_failed, Family::declined, 422, "authentication_failed", LogLevel::info},
    {lane_full, Family::retry_later, 503, "lane_full", LogLevel::warning},
    {database_unavailable, Family::retry_later, 503, "database_unavailable", LogLevel::error},
    {disk_full, Family::retry_later, 503, "disk_full", LogLevel::error},
    {serialisation_failure, Family::retry_later, 503, "serialisation_failure", LogLevel::info},
    {constraint_violated, Family::conflict, 409, "constraint_violated", LogLevel::error},
    {connector_unavailable, Family::retry_later, 503, "connector_unavailable", LogLevel::warning},
    {line_busy, Family::taken_back, 503, "line_busy", LogLevel::warning},
    {unsendable, Family::taken_back, 503, "unsendable", LogLevel::warning},
    {timed_out, Family::retry_later, 504, "timed_out", LogLevel::warning},
    {cancelled, Family::retry_later, 503, "cancelled", LogLevel::info},
    {connection_failed, Family::retry_later, 502, "connection_failed", LogLevel::warning},
    {protocol_violation, Family::retry_later, 502, "protocol_violation", LogLevel::warning},
    {outcome_unknown, Family::outcome_unknown, 202, "outcome_unknown", LogLevel::warning},
    {invariant_broken, Family::bug, 500, "invariant_broken", LogLevel::error},
    {configuration_invalid, Family::bug, 500, "configuration_invalid", LogLevel::error},
    {internal, Family::bug, 500, "internal", LogLevel::error},
});

constexpr bool in_enum_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].code) != i) return false;
  }
  return kTable.size() == static_cast<std::size_t>(internal) + 1;
}
static_assert(in_enum_order(), "error_table must list every ErrorCode once, in enum order");

}  // namespace

std::span<const ErrorRow> error_table() { return kTable; }

const ErrorRow& error_row(ErrorCode code) { return kTable[static_cast<std::size_t>(code)]; }

Consequence consequence_of(Family family) {
  switch (family) {
    case Family::malformed:
    case Family::forbidden:
    case Family::not_found:
    case Family::conflict:
    case Family::refused:
    case Family::declined: return Consequence::not_done;
    case Family::retry_later: return Consequence::not_now;
    case Family::taken_back: return Consequence::undone;
    case Family::outcome_unknown: return Consequence::perhaps_done;
    case Family::bug: return Consequence::broken;
  }
  return Consequence::broken;
}

}  // namespace acquit::base

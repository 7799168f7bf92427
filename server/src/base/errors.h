// The one table of everything that can go wrong: code, family, HTTP status, public token, log level.
//
// Families follow the consequence for the caller, not the place of the fault. API answers, docs and UI types are made
// from this table; no handler maps an error by hand. Values are compile-time constants; safe from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace acquit::base {

/// What a caller has to do next; one family for each kind of consequence.
enum class Family : std::uint8_t {
  malformed,        ///< The request can't be read: mend it, then send it again.
  forbidden,        ///< Who asks may not do this.
  not_found,        ///< Nothing there that the caller may see.
  conflict,         ///< Right in itself, but not in the present state.
  refused,          ///< Our rule says no.
  declined,         ///< Their answer (acquirer, issuer, authentication) says no.
  retry_later,      ///< Nothing was done; the same call may succeed later.
  taken_back,       ///< It was begun, nothing left us, and it was taken back; it may be made again later.
  outcome_unknown,  ///< Perhaps done: never shown as a failure, never blindly repeated.
  bug,              ///< Ours to mend.
};

enum class ErrorCode : std::uint8_t {
  field_missing,
  field_format,
  field_too_long,
  field_value,
  body_malformed,
  body_too_large,
  header_too_large,
  sensitive_data,
  unsupported,
  signature_mismatch,
  login_invalid,
  not_permitted,
  address_not_allowed,
  not_found,
  method_not_allowed,
  already_exists,
  exists_with_other_content,
  wrong_state,
  expired,
  replayed,
  amount_out_of_range,
  currency_mismatch,
  amount_overflow,
  amount_exceeds_captured,
  amount_exceeds_authorised,
  no_contract,
  shop_closed,
  card_blocked,
  card_invalid,
  card_expired,
  too_many_attempts,
  rate_limited,
  declined,
  authentication_failed,
  lane_full,
  database_unavailable,
  disk_full,
  serialisation_failure,
  constraint_violated,
  connector_unavailable,
  line_busy,
  unsendable,
  timed_out,
  cancelled,
  connection_failed,
  protocol_violation,
  outcome_unknown,
  invariant_broken,
  configuration_invalid,
  internal,
};

enum class LogLevel : std::uint8_t { debug, info, warning, error };

struct ErrorRow {
  ErrorCode code;
  Family family;
  int http_status;
  std::string_view token;  ///< Public, stable, snake_case; what APIs show.
  LogLevel log_level;
};

/// All rows in the order of ErrorCode; a static_assert in errors.cpp proves that none is missing.
std::span<const ErrorRow> error_table();

/// The row of `code`; every code has one.
const ErrorRow& error_row(ErrorCode code);

/// What every caller has to tell apart, whatever it shows or sends. A caller that treats failures differently does so
/// by a switch over these without default, so that the compiler finds one who forgets a kind.
enum class Consequence : std::uint8_t {
  not_done,      ///< It was looked at and not done; the same again would fail again.
  not_now,       ///< Nothing was done; the same call may be made again as it was.
  undone,        ///< It was begun and taken back whole: surely not done, whatever had been written before.
  perhaps_done,  ///< Never a failure, never an error of who asked, never blindly repeated: it has to be found out.
  broken,  ///< A bug of ours; what was done is as it was before, unless a bank or another party was asked already.
};
Consequence consequence_of(Family family);

}  // namespace acquit::base

// What the response code of an acquirer (DE 39) means for the caller: one table, by code.
//
// Codes: those of the CB network that lyra.md §1.14 and paybox.md §1.13 list. Constants; safe from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace acquit::iso8583 {

enum class Verdict : std::uint8_t {
  approved,
  declined_final,  ///< The same card must not be presented again.
  declined_retry,  ///< No now; another time, amount or entry may bring a yes.
  soft_decline,    ///< Only with strong authentication: authenticate, then present it again.
  format_error,    ///< The request, the contract or the set-up is at fault, not the card.
  unavailable,     ///< The issuer or the network did not decide; try later.
  unknown_record,  ///< The message that this one speaks of was never seen.
  duplicate,       ///< The same message was seen before.
};

struct ResponseCode {
  std::string_view code;
  Verdict verdict;
  std::string_view meaning;  ///< English, for logs and operators.
};

[[nodiscard]] std::span<const ResponseCode> response_code_table();

/// The code's verdict; declined_retry for one that no table has, since only "00" gives money.
[[nodiscard]] Verdict verdict_of(std::string_view code);

}  // namespace acquit::iso8583

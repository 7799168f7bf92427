// What the response code of an acquirer (DE 39) means for the caller: one table, by code.
//
// Codes: those of the CB network that lyra.md §1.14 and paybox.md §1.13 list, and those of ISO 8583:1987 and of the
// schemes that approve or ask for an authentication. Constants; safe from any thread.
#pragma once

#include <span>
#include <string_view>

#include "connectors/acquirer.h"

namespace acquit::iso8583 {

using connectors::Verdict;

struct ResponseCode {
  std::string_view code;
  Verdict verdict;
  std::string_view meaning;  ///< English, for logs and operators.
};

[[nodiscard]] std::span<const ResponseCode> response_code_table();

/// The code's verdict; unclear for one that the table does not have, since some network may approve by it.
[[nodiscard]] Verdict verdict_of(std::string_view code);

}  // namespace acquit::iso8583

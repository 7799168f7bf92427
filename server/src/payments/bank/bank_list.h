// The bank's list of transactions as a file: CSV with a heading. Pure but for reading; one thread.
#pragma once

#include <istream>

#include "base/result.h"
#include "payments/bank/compare_with_bank.h"

namespace acquit::payments {

/// The columns `reference` (DE 37), `status` (authorised, captured, credited, reversed, declined), `amount` (decimal:
/// held, taken or given back) and `currency` (EUR). Errors: those of CsvReader, and field_value with its line.
[[nodiscard]] base::Result<BankList> read_bank_list(std::istream& in);

}  // namespace acquit::payments

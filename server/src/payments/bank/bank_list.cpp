#include "payments/bank/bank_list.h"

#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/csv.h"

namespace acquit::payments {
namespace {

using base::ErrorCode;

constexpr std::size_t kReference = 12;  // DE 37.

std::unexpected<base::Error> bad(std::size_t line, const std::string& what) {
  return base::fail(ErrorCode::field_value, "line " + std::to_string(line) + ": " + what);
}

base::Result<std::pair<std::string, BankEntry>> to_entry(const base::CsvRow& row) {
  const std::string& reference = row.values[0];
  if (reference.size() != kReference) {
    return bad(row.line,
               "reference: must be the twelve characters of DE 37; it has " + std::to_string(reference.size()));
  }
  const auto says = parse_bank_says(base::ascii_lower(row.values[1]));
  if (!says) return bad(row.line, "status: must be authorised, captured, credited, reversed or declined");
  const auto currency = base::Currency::from_code(base::ascii_upper(row.values[3]));
  if (!currency) return bad(row.line, "currency: must be a code of ISO 4217, as EUR");
  const auto amount = base::Money::from_decimal(row.values[2], *currency);
  if (!amount || amount->minor() < 0) return bad(row.line, "amount: must be decimal, as 12.50, and not below zero");
  return std::pair(base::ascii_upper(reference), BankEntry{.line = row.line, .says = *says, .amount = *amount});
}

}  // namespace

base::Result<BankList> read_bank_list(std::istream& in) {
  ACQUIT_TRY(
      auto reader,
      base::CsvReader::open(in, {{.name = "reference"}, {.name = "status"}, {.name = "amount"}, {.name = "currency"}}));
  BankList bank;
  for (;;) {
    ACQUIT_TRY(const auto row, reader.next());
    if (!row) return bank;
    ACQUIT_TRY(auto entry, to_entry(*row));
    const auto [place, added] = bank.insert(std::move(entry));
    if (!added)
      return bad(row->line, "the reference stands on line " + std::to_string(place->second.line) + " already");
  }
}

}  // namespace acquit::payments

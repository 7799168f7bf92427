#include "app/reconcile.h"

#include <fmt/format.h>

#include <fstream>
#include <utility>
#include <vector>

#include "app/period.h"
#include "app/which.h"
#include "base/ascii.h"
#include "base/csv.h"

namespace acquit::app {
namespace {

using base::ErrorCode;
using payments::BankEntry;
using payments::BankList;
using payments::Difference;

constexpr std::size_t kReference = 12;  // DE 37.
constexpr int kBackMax = 3660;

std::unexpected<base::Error> bad(std::size_t line, const std::string& what) {
  return base::fail(ErrorCode::field_value, fmt::format("line {}: {}", line, what));
}

base::Result<std::pair<std::string, BankEntry>> to_entry(const base::CsvRow& row) {
  const std::string& reference = row.values[0];
  if (reference.size() != kReference) {
    return bad(row.line,
               "reference: must be the twelve characters of DE 37; it has " + std::to_string(reference.size()));
  }
  const auto says = payments::parse_bank_says(base::ascii_lower(row.values[1]));
  if (!says) return bad(row.line, "status: must be authorised, captured, credited, reversed or declined");
  const auto currency = base::Currency::from_code(base::ascii_upper(row.values[3]));
  if (!currency) return bad(row.line, "currency: must be a code of ISO 4217, as EUR");
  const auto amount = base::Money::from_decimal(row.values[2], *currency);
  if (!amount || amount->minor() < 0) return bad(row.line, "amount: must be decimal, as 12.50, and not below zero");
  return std::pair(base::ascii_upper(reference), BankEntry{.line = row.line, .says = *says, .amount = *amount});
}

std::string at_bank(const BankEntry* entry) {
  if (entry == nullptr) return "the bank: not in its list";
  return fmt::format("the bank: {} {} (line {})", payments::to_string(entry->says), entry->amount.to_text(),
                     entry->line);
}

std::string line_of(Difference difference, const payments::Transaction& ours, const BankEntry* entry) {
  return fmt::format("{:<15} {}  {} of shop {}: {}, {}, {}; {}", payments::to_string(difference), ours.reference,
                     ours.id.to_string(), base::to_string(ours.shop), payments::to_string(ours.kind),
                     payments::to_string(ours.state), ours.amount.to_text(), at_bank(entry));
}

base::Result<payments::Comparison> what_of(Desk& desk, const ReconcileOptions& options) {
  ACQUIT_TRY(const Period period, parse_period(options.from, options.to));
  if (!period.from) {
    return base::fail(ErrorCode::field_missing, "--from: say since when the list has everything", "--from");
  }
  if (options.back_days < 0 || options.back_days > kBackMax) {
    return base::fail(ErrorCode::field_value, fmt::format("--back-days: must be from 0 to {}", kBackMax),
                      "--back-days");
  }
  return payments::Comparison{.from = *period.from,
                              .to = period.until.value_or(desk.context().clock.now()),
                              .born_since = *period.from - std::chrono::days(options.back_days)};
}

base::Result<std::vector<base::ShopId>> shops_of(Desk& desk, const std::string& shop) {
  const payments::Context& context = desk.context();
  if (shop.empty()) {
    return base::sync_wait(
        context.database.read([&](db::ReadTx& tx) { return context.merchant_store.shop_numbers(tx); }));
  }
  ACQUIT_TRY(const base::ShopId id, parse_shop_option(shop));
  ACQUIT_CHECK(base::sync_wait(context.directory.find(id)));
  return std::vector{id};
}

base::Result<BankList> read_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return base::fail(ErrorCode::not_found, "--file: " + file + " can't be read", "--file");
  auto bank = read_bank_list(in);
  if (!bank) {
    base::Error error = std::move(bank).error();
    error.detail = file + ", " + error.detail;
    return std::unexpected(std::move(error));
  }
  return bank;
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
    if (!added) return bad(row->line, fmt::format("the reference stands on line {} already", place->second.line));
  }
}

base::Result<Reconciled> reconcile(Desk& desk, const ReconcileOptions& options,
                                   const std::function<void(const std::string&)>& tell) {
  ACQUIT_TRY(const payments::Comparison what, what_of(desk, options));
  ACQUIT_TRY(const auto shops, shops_of(desk, options.shop));
  ACQUIT_TRY(BankList bank, read_file(options.file));
  Reconciled reconciled{.lines = bank.size()};
  const auto differs = [&](Difference difference, const payments::Transaction& ours, const BankEntry* entry) {
    ++reconciled.differences;
    tell(line_of(difference, ours, entry));
  };
  for (const base::ShopId shop : shops) {
    ACQUIT_TRY(const std::size_t seen,
               base::sync_wait(payments::compare_shop(desk.context(), shop, bank, what, differs)));
    reconciled.transactions += seen;
  }
  for (const auto& [reference, entry] : bank) {
    if (entry.met || !entry.moves_money()) continue;
    ++reconciled.differences;
    tell(fmt::format("{:<15} {}  {}", payments::to_string(Difference::unknown_here), reference, at_bank(&entry)));
  }
  return reconciled;
}

std::string to_text(const Reconciled& reconciled) {
  return fmt::format("{} of the bank's list and {} of ours compared; differences: {}\n", reconciled.lines,
                     reconciled.transactions, reconciled.differences);
}

}  // namespace acquit::app

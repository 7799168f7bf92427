#include "app/reconcile.h"

#include <fmt/format.h>

#include <fstream>
#include <utility>
#include <vector>

#include "app/payment_options.h"
#include "app/period.h"
#include "payments/bank/bank_list.h"

namespace acquit::app {
namespace {

using base::ErrorCode;
using payments::BankEntry;
using payments::BankList;
using payments::Difference;

constexpr int kBackMax = 3660;

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
                              .to = period.until.value_or(desk.services().clock.now()),
                              .born_since = *period.from - std::chrono::days(options.back_days)};
}

base::Result<std::vector<base::ShopId>> shops_of(Desk& desk, const std::string& shop) {
  const payments::Services& services = desk.services();
  if (shop.empty()) {
    return base::sync_wait(
        services.database.read([&](db::ReadTx& tx) { return services.merchant_store.shop_numbers(tx); }));
  }
  ACQUIT_TRY(const base::ShopId id, parse_shop_option(shop));
  ACQUIT_CHECK(base::sync_wait(services.directory.find(id)));
  return std::vector{id};
}

base::Result<BankList> read_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return base::fail(ErrorCode::not_found, "--file: " + file + " can't be read", "--file");
  auto bank = payments::read_bank_list(in);
  if (!bank) {
    base::Error error = std::move(bank).error();
    error.detail = file + ", " + error.detail;
    return std::unexpected(std::move(error));
  }
  return bank;
}

}  // namespace

base::Result<Reconciled> reconcile(Desk& desk, const ReconcileOptions& options,
                                   const std::function<void(const std::string&)>& tell) {
  ACQUIT_TRY(const payments::Comparison what, what_of(desk, options));
  ACQUIT_TRY(const auto shops, shops_of(desk, options.shop));
  ACQUIT_TRY(BankList bank, read_file(options.file));
  ACQUIT_TRY(const payments::Compared compared,
             base::sync_wait(payments::compare_with_bank(
                 desk.services(), shops, bank, what,
                 {.differs = [&](Difference difference, const payments::Transaction& ours,
                                 const BankEntry* entry) { tell(line_of(difference, ours, entry)); },
                  .unknown_here =
                      [&](const std::string& reference, const BankEntry& entry) {
                        tell(fmt::format("{:<15} {}  {}", payments::to_string(Difference::unknown_here), reference,
                                         at_bank(&entry)));
                      }})));
  return Reconciled{.lines = bank.size(), .transactions = compared.transactions, .differences = compared.differences};
}

std::string to_text(const Reconciled& reconciled) {
  return fmt::format("{} of the bank's list and {} of ours compared; differences: {}\n", reconciled.lines,
                     reconciled.transactions, reconciled.differences);
}

}  // namespace acquit::app

#include "app/operate.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "payments/operations/operations.h"
#include "payments/operations/remedy.h"

namespace acquit::app {
namespace {

using payments::Transaction;

// Money must not move on a guess: where a payment has several transactions, the operator says which.
base::Result<Transaction> the_only(const payments::WholePayment& found) {
  if (found.transactions.size() == 1) return found.transactions.front();
  std::string out =
      fmt::format("the payment has {} transactions; give --transaction with one of", found.transactions.size());
  for (const Transaction& transaction : found.transactions) {
    out += fmt::format("\n  {} {}, {}, {}", transaction.id.to_string(), payments::to_string(transaction.kind),
                       payments::to_string(transaction.state), transaction.amount.to_text());
  }
  return base::fail(base::ErrorCode::wrong_state, std::move(out));
}

base::Result<std::optional<base::Money>> parse_amount(const std::string& text, const Transaction& transaction) {
  if (text.empty()) return std::nullopt;
  const base::Currency currency = transaction.amount.currency();
  const auto amount = base::Money::from_decimal(text, currency);
  if (amount && amount->minor() > 0) return *amount;
  return base::fail(
      base::ErrorCode::field_format,
      "--amount: must be above zero, in " + std::string(currency.code()) + ", as " + transaction.amount.to_decimal(),
      "--amount");
}

// Whoever may run commands on this server may move money.
class Console : public payments::Permit {
 public:
  Console() : Permit(operating_user()) {}
};

base::Result<Transaction> perform(Desk& desk, Deed deed, const Transaction& transaction, const std::string& text) {
  ACQUIT_TRY(const auto amount, parse_amount(text, transaction));
  const payments::Services& services = desk.services();
  ACQUIT_TRY(const auto shop, base::sync_wait(services.directory.find(transaction.shop)));
  const Console permit;
  switch (deed) {
    case Deed::validate: return base::sync_wait(payments::validate(services, permit, *shop, transaction.id, amount));
    case Deed::cancel: return base::sync_wait(payments::cancel(services, permit, *shop, transaction.id, amount));
    case Deed::refund:
      if (!amount) return base::fail(base::ErrorCode::field_missing, "--amount: say how much is given back");
      return base::sync_wait(payments::refund(services, permit, *shop, transaction.id, *amount));
    case Deed::settle_at_bank:
      return base::sync_wait(payments::settle_capture(services, permit, *shop, transaction.id, payments::AtBank::yes));
    case Deed::settle_not_at_bank:
      return base::sync_wait(payments::settle_capture(services, permit, *shop, transaction.id, payments::AtBank::no));
    case Deed::settle_reversal_at_bank:
      return base::sync_wait(payments::settle_reversal(services, permit, *shop, transaction.id, payments::AtBank::yes));
    case Deed::settle_reversal_not_at_bank:
      return base::sync_wait(payments::settle_reversal(services, permit, *shop, transaction.id, payments::AtBank::no));
  }
  std::unreachable();
}

payments::Wish wish_of(Deed deed) {
  switch (deed) {
    case Deed::validate: return payments::Wish::validate;
    case Deed::cancel: return payments::Wish::cancel;
    case Deed::refund: return payments::Wish::refund;
    case Deed::settle_at_bank:
    case Deed::settle_not_at_bank:
    case Deed::settle_reversal_at_bank:
    case Deed::settle_reversal_not_at_bank: return payments::Wish::settle;
  }
  std::unreachable();
}

std::string_view words_of(payments::Remedy remedy) {
  switch (remedy) {
    case payments::Remedy::none: return "";
    case payments::Remedy::refund: return "; it is with the bank already: use `acquit refund`";
    case payments::Remedy::cancel: return "; it is not with the bank yet: use `acquit cancel`";
    case payments::Remedy::wait: return "; its outcome is not known yet: try again later";
  }
  std::unreachable();
}

}  // namespace

base::Actor operating_user() {
  constexpr std::size_t kEntryBytes = 4096;
  std::array<char, kEntryBytes> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const uid_t user = getuid();
  if (getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return base::Actor::operator_user(std::to_string(user));
  }
  return base::Actor::operator_user(entry.pw_name);
}

base::Result<std::string> operate(Desk& desk, Deed deed, const PaymentOptions& options, const std::string& amount) {
  ACQUIT_TRY(const auto found, find_named(desk, options));
  ACQUIT_TRY(const Transaction transaction, the_only(found));
  auto done = perform(desk, deed, transaction, amount);
  if (!done) {
    base::Error error = std::move(done).error();
    if (error.code == base::ErrorCode::wrong_state) {
      error.detail += words_of(payments::remedy_for(wish_of(deed), transaction.state));
    }
    return std::unexpected(std::move(error));
  }
  return fmt::format("{} {}, {}, {}\n", done->id.to_string(), payments::to_string(done->kind),
                     payments::to_string(done->state), done->amount.to_text());
}

}  // namespace acquit::app

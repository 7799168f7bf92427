#include "app/payment_options.h"

#include <chrono>
#include <optional>
#include <utility>

#include "app/period.h"
#include "protocols/vads/find_payment.h"

namespace acquit::app {
namespace {

using base::ErrorCode;
using payments::Payment;
using payments::WholePayment;

std::unexpected<base::Error> bad(const std::string& option, const std::string& what) {
  return base::fail(ErrorCode::field_format, option + ": " + what, option);
}

base::Result<Payment> by_trans_id(const payments::Services& services, db::ReadTx& tx, base::ShopId shop,
                                  const PaymentOptions& options, std::chrono::sys_days day) {
  auto found = vads::find_payment(services.store, tx, shop, options.trans_id, day);
  if (found && *found) return **std::move(found);
  if (found) {
    return base::fail(ErrorCode::not_found, "shop " + options.shop + " has no payment with trans_id " +
                                                options.trans_id + " on " + options.date + " or a day beside it");
  }
  base::Error error = std::move(found).error();
  if (error.code == ErrorCode::wrong_state) error.detail = "--date: " + error.detail;
  return std::unexpected(std::move(error));
}

base::Result<Payment> load_payment(const payments::Services& services, db::ReadTx& tx, base::ShopId shop,
                                   payments::PaymentId id) {
  ACQUIT_TRY(auto payment, services.store.find_payment(tx, shop, id));
  if (payment) return *std::move(payment);
  return base::fail(ErrorCode::not_found, "shop " + base::to_string(shop) + " has no payment " + id.to_string());
}

base::Result<WholePayment> by_transaction(const payments::Services& services, db::ReadTx& tx, base::ShopId shop,
                                          payments::TransactionId id) {
  auto transaction = services.store.load_transaction(tx, shop, id);
  if (!transaction && transaction.error().code == ErrorCode::not_found) {
    return base::fail(ErrorCode::not_found, "shop " + base::to_string(shop) + " has no transaction " + id.to_string());
  }
  if (!transaction) return std::unexpected(std::move(transaction).error());
  ACQUIT_TRY(Payment payment, load_payment(services, tx, shop, transaction->payment));
  WholePayment found{.payment = std::move(payment), .transactions = {}};
  found.transactions.push_back(*std::move(transaction));
  return found;
}

}  // namespace

base::Result<base::ShopId> parse_shop_option(const std::string& text) {
  const auto shop = base::parse_shop_id(text);
  if (!shop) return bad("--shop", "must be the shop's eight digits");
  return *shop;
}

base::Result<WholePayment> find_named(Desk& desk, const PaymentOptions& options) {
  ACQUIT_TRY(const base::ShopId shop, parse_shop_option(options.shop));
  const payments::Services& services = desk.services();
  const int named = static_cast<int>(!options.transaction.empty()) + static_cast<int>(!options.payment.empty()) +
                    static_cast<int>(!options.trans_id.empty());
  if (named != 1) {
    return base::fail(ErrorCode::field_missing, "give one of --transaction, --payment, or --trans-id with --date");
  }
  if (!options.transaction.empty()) {
    const auto id = payments::TransactionId::parse(options.transaction);
    if (!id) return bad("--transaction", "must be 32 hex digits, as in the alert mail and in vads_trans_uuid");
    return base::sync_wait(
        services.database.read([&](db::ReadTx& tx) { return by_transaction(services, tx, shop, *id); }));
  }
  const auto day = parse_day(options.date);
  if (!options.trans_id.empty() && !day) return bad("--date", "must be the day of --trans-id, as 2026-12-31");
  const auto id = payments::PaymentId::parse(options.payment);
  if (!options.payment.empty() && !id) return bad("--payment", "must be 32 hex digits");
  return base::sync_wait(services.database.read([&](db::ReadTx& tx) -> base::Result<WholePayment> {
    ACQUIT_TRY(Payment payment,
               id ? load_payment(services, tx, shop, *id)
                  : by_trans_id(services, tx, shop, options, std::chrono::floor<std::chrono::days>(*day)));
    ACQUIT_TRY(auto transactions, services.store.transactions_of(tx, shop, payment.id));
    return WholePayment{.payment = std::move(payment), .transactions = std::move(transactions)};
  }));
}

}  // namespace acquit::app

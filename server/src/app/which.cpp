#include "app/which.h"

#include <chrono>
#include <optional>
#include <utility>

#include "app/period.h"
#include "protocols/vads/request.h"

namespace acquit::app {
namespace {

using base::ErrorCode;
using payments::Payment;

std::unexpected<base::Error> bad(const std::string& option, const std::string& what) {
  return base::fail(ErrorCode::field_format, option + ": " + what, option);
}

// The day that a form counts by is that of UTC; what an operator reads may be the shop's, a day apart.
base::Result<Payment> by_trans_id(const payments::Context& context, db::ReadTx& tx, base::ShopId shop,
                                  const Which& which, std::chrono::sys_days day) {
  const auto find = [&](std::chrono::sys_days on) {
    return context.store.find_by_key(tx, shop, vads::kProtocol, vads::payment_key(which.trans_id, on));
  };
  ACQUIT_TRY(auto exact, find(day));
  if (exact) return *std::move(exact);
  ACQUIT_TRY(auto before, find(day - std::chrono::days(1)));
  ACQUIT_TRY(auto after, find(day + std::chrono::days(1)));
  if (before && after) {
    return base::fail(ErrorCode::wrong_state, "--date: the shop used " + which.trans_id +
                                                  " the day before and the day after; give the day in UTC");
  }
  if (before) return *std::move(before);
  if (after) return *std::move(after);
  return base::fail(ErrorCode::not_found, "shop " + which.shop + " has no payment with trans_id " + which.trans_id +
                                              " on " + which.date + " or a day beside it");
}

base::Result<Found> whole(const payments::Context& context, db::ReadTx& tx, Payment payment) {
  ACQUIT_TRY(auto transactions, context.store.transactions_of(tx, payment.shop, payment.id));
  return Found{.payment = std::move(payment), .transactions = std::move(transactions)};
}

base::Result<Payment> load_payment(const payments::Context& context, db::ReadTx& tx, base::ShopId shop,
                                   payments::PaymentId id) {
  ACQUIT_TRY(auto payment, context.store.find_payment(tx, shop, id));
  if (payment) return *std::move(payment);
  return base::fail(ErrorCode::not_found, "shop " + base::to_string(shop) + " has no payment " + id.to_string());
}

base::Result<Found> by_transaction(const payments::Context& context, db::ReadTx& tx, base::ShopId shop,
                                   payments::TransactionId id) {
  auto transaction = context.store.load_transaction(tx, shop, id);
  if (!transaction && transaction.error().code == ErrorCode::not_found) {
    return base::fail(ErrorCode::not_found, "shop " + base::to_string(shop) + " has no transaction " + id.to_string());
  }
  if (!transaction) return std::unexpected(std::move(transaction).error());
  ACQUIT_TRY(Payment payment, load_payment(context, tx, shop, transaction->payment));
  Found found{.payment = std::move(payment), .transactions = {}};
  found.transactions.push_back(*std::move(transaction));
  return found;
}

}  // namespace

const payments::Transaction& Found::main() const {
  const payments::Transaction* last = &transactions.front();
  for (const payments::Transaction& transaction : transactions) {
    if (!transaction.parent && transaction.sequence == 1) last = &transaction;
  }
  return *last;
}

base::Result<base::ShopId> parse_shop_option(const std::string& text) {
  const auto shop = base::parse_shop_id(text);
  if (!shop) return bad("--shop", "must be the shop's eight digits");
  return *shop;
}

base::Result<Found> find_which(Desk& desk, const Which& which) {
  ACQUIT_TRY(const base::ShopId shop, parse_shop_option(which.shop));
  const payments::Context& context = desk.context();
  const int named = static_cast<int>(!which.transaction.empty()) + static_cast<int>(!which.payment.empty()) +
                    static_cast<int>(!which.trans_id.empty());
  if (named != 1) {
    return base::fail(ErrorCode::field_missing, "give one of --transaction, --payment, or --trans-id with --date");
  }
  if (!which.transaction.empty()) {
    const auto id = payments::TransactionId::parse(which.transaction);
    if (!id) return bad("--transaction", "must be 32 hex digits, as in the alert mail and in vads_trans_uuid");
    return base::sync_wait(
        context.database.read([&](db::ReadTx& tx) { return by_transaction(context, tx, shop, *id); }));
  }
  const auto day = parse_day(which.date);
  if (!which.trans_id.empty() && !day) return bad("--date", "must be the day of --trans-id, as 2026-12-31");
  const auto id = payments::PaymentId::parse(which.payment);
  if (!which.payment.empty() && !id) return bad("--payment", "must be 32 hex digits");
  return base::sync_wait(context.database.read([&](db::ReadTx& tx) -> base::Result<Found> {
    ACQUIT_TRY(Payment payment,
               id ? load_payment(context, tx, shop, *id)
                  : by_trans_id(context, tx, shop, which, std::chrono::floor<std::chrono::days>(*day)));
    return whole(context, tx, std::move(payment));
  }));
}

}  // namespace acquit::app

#include "payments/schedule/purge.h"

#include <array>
#include <map>
#include <vector>

#include "base/id.h"
#include "db/statement.h"

ACQUIT_EMBEDDED(sql_payments)

namespace acquit::payments {
namespace {

// Few enough that a buyer's write that waits behind a batch does not notice.
constexpr int kPaymentsAtOnce = 50;
constexpr int kRowsAtOnce = 500;

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_payments(), "purge." + std::string(name));
}
const db::Statement kOldPayments = statement("old_payments");
const db::Statement kTakePayment = statement("take_payment");
// The transactions name the rest, so they come last, and then the payment.
const std::array kOfPayment{statement("postings"),     statement("operations"), statement("authentications"),
                            statement("cards"),        statement("deliveries"), statement("messages"),
                            statement("transactions"), statement("payment")};
const db::Statement kShopOfTraces = statement("shop_of_traces");
const db::Statement kTraces = statement("traces");
const db::Statement kShopOfRefusals = statement("shop_of_refusals");
const db::Statement kRefusals = statement("refusals");
const db::Statement kShopOfAcceptances = statement("shop_of_acceptances");
const db::Statement kAcceptances = statement("acceptances");

using PaymentIds = std::vector<std::string>;
using PaymentsOfShops = std::map<base::ShopId, PaymentIds>;

base::Result<int> remove_payments(db::Tx& tx, base::ShopId shop, const PaymentIds& ids) {
  int removed = 0;
  for (const std::string& id : ids) {
    ACQUIT_TRY(const auto taken, tx.find(kTakePayment, {shop.value(), id}));
    if (!taken) continue;
    for (const db::Statement& of_payment : kOfPayment) ACQUIT_CHECK(tx.run(of_payment, {shop.value(), id}));
    ++removed;
  }
  return removed;
}

base::Task<base::Result<PaymentsOfShops>> old_payments(const Services& services, base::Time before) {
  ACQUIT_CO_TRY(const db::Rows rows, co_await services.database.read([&](db::ReadTx& tx) {
    return tx.query(kOldPayments, {base::to_ms(before), kPaymentsAtOnce});
  }));
  PaymentsOfShops old;
  for (const db::Row& row : rows) old[base::ShopId(row.integer(0))].push_back(row.text(1));
  co_return old;
}

base::Task<base::Result<int>> purge_payments(const Services& services, base::Time before,
                                             const std::function<bool()>& stopped) {
  int all = 0;
  for (int removed = 1; removed > 0 && !stopped();) {
    ACQUIT_CO_TRY(const PaymentsOfShops old, co_await old_payments(services, before));
    removed = 0;
    for (const auto& [shop, ids] : old) {
      ACQUIT_CO_TRY(const int of_shop, co_await services.database.write(Services::lane(shop), [&](db::Tx& tx) {
        return remove_payments(tx, shop, ids);
      }));
      removed += of_shop;
    }
    all += removed;
  }
  co_return all;
}

/// Statements that remove rows by an id that tells their age: of the next shop that has some, and some of a shop.
struct Aged {
  const db::Statement& next_shop;
  const db::Statement& remove;
};

base::Task<base::Result<int>> purge_rows(const Services& services, Aged aged, base::Time before,
                                         const std::function<bool()>& stopped) {
  const std::string first_kept = base::first_id_at(before);
  int all = 0;
  for (std::int64_t after = -1; !stopped();) {
    ACQUIT_CO_TRY(const auto next, co_await services.database.read(
                                       [&](db::ReadTx& tx) { return tx.find(aged.next_shop, {after, first_kept}); }));
    if (!next || next->is_null(0)) break;
    after = next->integer(0);
    for (std::int64_t removed = kRowsAtOnce; removed == kRowsAtOnce && !stopped();) {
      ACQUIT_CO_TRY(removed, co_await services.database.write(Services::lane(base::ShopId(after)), [&](db::Tx& tx) {
        return tx.change(aged.remove, {after, first_kept, kRowsAtOnce});
      }));
      all += static_cast<int>(removed);
    }
  }
  co_return all;
}

}  // namespace

base::Task<base::Result<Purged>> purge(const Services& services, std::chrono::days test_retention,
                                       std::function<bool()> stopped) {
  const base::Time now = services.clock.now();
  Purged done;
  if (test_retention.count() > 0) {
    ACQUIT_CO_TRY(done.payments, co_await purge_payments(services, now - test_retention, stopped));
  }
  const Aged traces{.next_shop = kShopOfTraces, .remove = kTraces};
  ACQUIT_CO_TRY(done.traces, co_await purge_rows(services, traces, now - kTraceRetention, stopped));
  const Aged refusals{.next_shop = kShopOfRefusals, .remove = kRefusals};
  ACQUIT_CO_TRY(done.refusals, co_await purge_rows(services, refusals, now - kRefusalRetention, stopped));
  const Aged acceptances{.next_shop = kShopOfAcceptances, .remove = kAcceptances};
  ACQUIT_CO_TRY(done.acceptances, co_await purge_rows(services, acceptances, now - kRefusalRetention, stopped));
  co_return done;
}

}  // namespace acquit::payments

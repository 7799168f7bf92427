#include "payments/purge.h"

#include <array>
#include <utility>

#include "base/id.h"
#include "db/statement.h"

ACQUIT_EMBEDDED(sql_payments)

namespace acquit::payments {
namespace {

// Few enough that a buyer's write that waits behind a batch does not notice.
constexpr int kPaymentsAtOnce = 50;
constexpr int kTracesAtOnce = 500;

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_payments(), "purge." + std::string(name));
}
const db::Statement kPayments = statement("payments");
const db::Statement kTraces = statement("traces");
// The transactions name the rest, so they come last, and then the payment.
const std::array kOfPayment{statement("postings"),     statement("operations"), statement("authentications"),
                            statement("cards"),        statement("deliveries"), statement("messages"),
                            statement("transactions"), statement("payment")};

base::Result<int> purge_payments(db::Tx& tx, base::Time before) {
  ACQUIT_TRY(const db::Rows old, tx.query(kPayments, {base::to_ms(before), kPaymentsAtOnce}));
  for (const db::Row& payment : old) {
    for (const db::Statement& of_payment : kOfPayment) {
      ACQUIT_CHECK(tx.run(of_payment, {payment.integer(0), payment.text(1)}));
    }
  }
  return static_cast<int>(old.size());
}

}  // namespace

base::Task<base::Result<Purged>> purge(const Context& context, std::chrono::days test_retention,
                                       std::function<bool()> stopped) {
  const base::Time now = context.clock.now();
  Purged done;
  for (int purged = kPaymentsAtOnce; test_retention.count() > 0 && purged == kPaymentsAtOnce && !stopped();) {
    ACQUIT_CO_TRY(purged, co_await context.database.write(
                              db::LaneKey{}, [&](db::Tx& tx) { return purge_payments(tx, now - test_retention); }));
    done.payments += purged;
  }
  const std::string first_kept = base::first_id_at(now - kTraceRetention);
  for (int purged = kTracesAtOnce; purged == kTracesAtOnce && !stopped();) {
    ACQUIT_CO_TRY(const std::int64_t rows, co_await context.database.write(db::LaneKey{}, [&](db::Tx& tx) {
      return tx.change(kTraces, {first_kept, kTracesAtOnce});
    }));
    purged = static_cast<int>(rows);
    done.traces += purged;
  }
  co_return done;
}

}  // namespace acquit::payments

#include "payments/request_traces.h"

#include "base/card_numbers.h"
#include "base/text.h"
#include "db/statement.h"

ACQUIT_EMBEDDED(sql_payments)

namespace acquit::payments {
namespace {

const db::Statement kAdd = db::load_statement(embedded::sql_payments(), "traces.add");
const db::Statement kLatest = db::load_statement(embedded::sql_payments(), "traces.latest");

}  // namespace

base::Result<void> add_trace(db::Tx& tx, const RequestTrace& trace, const base::Clock& clock, base::Random& random) {
  const auto id = base::Id<TraceTag>::make(clock, random);
  return tx.run(kAdd, {id.hex(), trace.shop.value(), base::to_ms(trace.at), trace.source, trace.code,
                       base::mask_card_numbers(trace.field), base::mask_card_numbers(trace.detail)});
}

base::Result<std::vector<RequestTrace>> latest_traces(db::ReadTx& tx, base::ShopId shop, int limit) {
  ACQUIT_TRY(const db::Rows rows, tx.query(kLatest, {shop.value(), limit}));
  std::vector<RequestTrace> traces;
  for (const db::Row& row : rows) {
    traces.push_back({.shop = shop,
                      .source = "vads",
                      .code = row.text(0),
                      .field = row.text(1),
                      .detail = row.text(2),
                      .at = base::time_from_ms(row.integer(3))});
  }
  return traces;
}

}  // namespace acquit::payments

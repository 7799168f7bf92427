#include "platform/request_traces/request_traces.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/card_numbers.h"
#include "base/utf8.h"
#include "db/statement.h"

ACQUIT_EMBEDDED(sql_request_traces)

namespace acquit::platform {
namespace {

const db::Statement kAdd = db::load_statement(embedded::sql_request_traces(), "traces.add");
const db::Statement kLatest = db::load_statement(embedded::sql_request_traces(), "traces.latest");
const db::Statement kOfIncident = db::load_statement(embedded::sql_request_traces(), "traces.of_incident");
const db::Statement kCountSigned = db::load_statement(embedded::sql_request_traces(), "traces.count_signed");

constexpr int kOfIncidentMax = 10;
constexpr std::size_t kShownBytes = 255;

RequestTrace to_trace(const db::Row& row) {
  return {.shop = base::ShopId(row.integer(0)),
          .source = row.text(2),
          .code = row.text(3),
          .field = row.text(4),
          .detail = row.text(5),
          .at = base::time_from_ms(row.integer(1)),
          .incident = row.text(6),
          .mode = row.text(7),
          .is_signed = row.boolean(8),
          .reference = row.text(9),
          .trans_id = row.text(10),
          .value = row.text(11)};
}

std::vector<RequestTrace> to_traces(const db::Rows& rows) {
  std::vector<RequestTrace> traces;
  traces.reserve(rows.size());
  for (const db::Row& row : rows) traces.push_back(to_trace(row));
  return traces;
}

}  // namespace

std::string shown_value(std::string_view text) {
  // Masked before it is cut: a card number that crosses the cut is masked as a whole.
  std::string shown = base::blank_controls(base::mask_card_numbers(text.substr(0, 8 * kShownBytes)));
  shown.resize(std::min(shown.size(), kShownBytes));
  while (!base::is_valid_utf8(shown)) shown.pop_back();
  return shown;
}

base::Result<void> add_trace(db::Tx& tx, const RequestTrace& trace, const base::Clock& clock, base::Random& random) {
  const auto id = base::Id<TraceTag>::make(clock, random);
  return tx.run(
      kAdd, {id.hex(), trace.shop.value(), base::to_ms(trace.at), trace.source, trace.code,
             base::mask_card_numbers(trace.field), base::mask_card_numbers(trace.detail), trace.incident, trace.mode,
             trace.is_signed, shown_value(trace.reference), shown_value(trace.trans_id), shown_value(trace.value)});
}

base::Result<std::vector<RequestTrace>> latest_traces(db::ReadTx& tx, base::ShopId shop, int limit) {
  ACQUIT_TRY(const db::Rows rows, tx.query(kLatest, {shop.value(), limit}));
  return to_traces(rows);
}

base::Result<std::vector<RequestTrace>> traces_of_incident(db::ReadTx& tx, std::string_view incident) {
  ACQUIT_TRY(const db::Rows rows, tx.query(kOfIncident, {incident, kOfIncidentMax}));
  return to_traces(rows);
}

base::Result<std::vector<TraceCount>> count_signed_traces(db::ReadTx& tx, base::ShopId shop, std::string_view mode,
                                                          base::Time since) {
  const std::string first = base::first_id_at(since);
  ACQUIT_TRY(const db::Rows rows, tx.query(kCountSigned, {first, shop.value(), mode}));
  std::vector<TraceCount> counts;
  counts.reserve(rows.size());
  for (const db::Row& row : rows) {
    counts.push_back({.code = row.text(0), .field = row.text(1), .times = row.integer(2)});
  }
  return counts;
}

}  // namespace acquit::platform

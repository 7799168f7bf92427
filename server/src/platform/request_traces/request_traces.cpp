#include "platform/request_traces/request_traces.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/card_numbers.h"
#include "base/utf8.h"
#include "db/statement.h"
#include "platform/request_traces/trace_table.h"

ACQUIT_EMBEDDED(sql_request_traces)

namespace acquit::platform {
namespace {

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_request_traces(), "traces." + std::string(name), {kTraceTable});
}
const db::Statement kAdd = statement("add");
const db::Statement kLatest = statement("latest");
const db::Statement kOfIncident = statement("of_incident");
const db::Statement kCountSigned = statement("count_signed");

constexpr int kOfIncidentMax = 10;
constexpr std::size_t kShownBytes = 255;

base::Result<std::vector<RequestTrace>> to_traces(base::Result<db::Rows> rows) {
  ACQUIT_TRY(std::vector<StoredTrace> stored, kTraceTable.read(std::move(rows)));
  std::vector<RequestTrace> traces;
  traces.reserve(stored.size());
  for (StoredTrace& one : stored) traces.push_back(std::move(one.trace));
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
  StoredTrace stored{.id = base::Id<TraceTag>::make(clock, random), .trace = trace};
  stored.trace.field = base::mask_card_numbers(trace.field);
  stored.trace.detail = base::mask_card_numbers(trace.detail);
  for (std::string* sent : {&stored.trace.reference, &stored.trace.key, &stored.trace.value}) {
    *sent = shown_value(*sent);
  }
  return tx.run(kAdd, kTraceTable.bind(stored));
}

base::Result<std::vector<RequestTrace>> latest_traces(db::ReadTx& tx, base::ShopId shop, int limit) {
  return to_traces(tx.query(kLatest, {shop.value(), limit}));
}

base::Result<std::vector<RequestTrace>> traces_of_incident(db::ReadTx& tx, std::string_view incident) {
  return to_traces(tx.query(kOfIncident, {incident, kOfIncidentMax}));
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

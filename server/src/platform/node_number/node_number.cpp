#include "platform/node_number/node_number.h"

#include "base/log.h"
#include "db/statement.h"

ACQUIT_EMBEDDED(sql_node_number)

namespace acquit::platform {
namespace {

const db::Statement kAdd = db::load_statement(embedded::sql_node_number(), "node_number.add");
const db::Statement kTake = db::load_statement(embedded::sql_node_number(), "node_number.take");
const db::Statement kRenew = db::load_statement(embedded::sql_node_number(), "node_number.renew");

}  // namespace

base::Task<base::Result<int>> NodeNumber::take() {
  const std::int64_t now = base::to_ms(clock_.now());
  ACQUIT_CO_TRY(const auto row,
                co_await database_.write(db::LaneKey{}, [&](db::Tx& tx) { return take_free(tx, now); }));
  if (!row) {
    co_return base::fail(base::ErrorCode::configuration_invalid,
                         "all " + std::to_string(kNumbers) +
                             " node numbers are taken; a node that crashed gives its own back after two minutes");
  }
  number_ = static_cast<int>(row->integer(0));
  co_return number_;
}

base::Result<std::optional<db::Row>> NodeNumber::take_free(db::Tx& tx, std::int64_t now) const {
  for (int number = 0; number < kNumbers; ++number) ACQUIT_CHECK(tx.run(kAdd, {number}));
  return tx.find(kTake, {holder_, now + kLease.count(), now});
}

base::Task<base::Result<int>> NodeNumber::keep() {
  if (number_ >= 0) {
    ACQUIT_CO_TRY(const bool ours, co_await lease_until(base::to_ms(clock_.now()) + kLease.count()));
    if (ours) co_return number_;
    base::log::error("node_number_lost", {{"number", number_}, {"detail", "another node has it; taking a new one"}});
    number_ = -1;
  }
  co_return co_await take();
}

base::Task<base::Result<void>> NodeNumber::give_back() {
  if (number_ < 0) co_return base::Result<void>{};
  ACQUIT_CO_CHECK(co_await lease_until(0));
  co_return base::Result<void>{};
}

base::Task<base::Result<bool>> NodeNumber::lease_until(std::int64_t until) {
  co_return co_await database_.write(db::LaneKey{}, [&](db::Tx& tx) -> base::Result<bool> {
    ACQUIT_TRY(const std::int64_t rows, tx.change(kRenew, {number_, holder_, until}));
    return rows == 1;
  });
}

}  // namespace acquit::platform

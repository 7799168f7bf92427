#include "platform/partitions/partitions.h"

#include <chrono>

#include "db/statement.h"

ACQUIT_EMBEDDED(sql_partitions)

namespace acquit::platform {
namespace {

const db::Statement kMake = db::load_statement(embedded::sql_partitions(), "partitions.make");

}  // namespace

base::Task<base::Result<int>> make_partitions(db::Database& database, base::Time now) {
  if (database.engine() != db::Engine::postgresql) co_return 0;
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(now)};
  int made = 0;
  for (int ahead = 0; ahead <= kMonthsAhead; ++ahead) {
    const base::Time month{std::chrono::sys_days{(today.year() / today.month() + std::chrono::months{ahead}) / 1}};
    ACQUIT_CO_TRY(const std::int64_t tables,
                  co_await database.write(db::LaneKey{}, [month](db::Tx& tx) -> base::Result<std::int64_t> {
                    ACQUIT_TRY(const db::Rows rows, tx.query(kMake, {base::to_ms(month)}));
                    return rows.at(0).integer(0);
                  }));
    made += static_cast<int>(tables);
  }
  co_return made;
}

}  // namespace acquit::platform

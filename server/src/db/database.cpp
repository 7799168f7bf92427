#include "db/database.h"

#include "db/impl/engine_url.h"
#include "db/impl/pg_database.h"
#include "db/impl/pg_reports.h"
#include "db/impl/sqlite_database.h"

namespace acquit::db {

base::Result<std::unique_ptr<Database>> Database::open(const Options& options, base::Executor& executor) {
  ACQUIT_TRY(const impl::EngineUrl url, impl::parse_engine_url(options.url));
  if (url.engine == Engine::postgresql) return impl::PgDatabase::open(options, executor);
  return impl::SqliteDatabase::open(url.path, options, executor);
}

base::Result<std::unique_ptr<Database>> Database::reports(Database& primary, const Options& options,
                                                          base::Executor& executor) {
  if (primary.engine() != Engine::postgresql) {
    return base::fail(base::ErrorCode::configuration_invalid, "a standby for reports needs PostgreSQL",
                      "database.report_url");
  }
  return impl::PgReports::open(primary, options, executor);
}

}  // namespace acquit::db

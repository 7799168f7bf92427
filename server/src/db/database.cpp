#include "db/database.h"

#include "db/impl/engine_url.h"
#include "db/impl/pg_database.h"
#include "db/impl/sqlite_database.h"

namespace acquit::db {

base::Result<std::unique_ptr<Database>> Database::open(const Options& options, base::Executor& executor) {
  ACQUIT_TRY(const impl::EngineUrl url, impl::parse_engine_url(options.url));
  if (url.engine == Engine::postgresql) return impl::PgDatabase::open(options, executor);
  return impl::SqliteDatabase::open(url.path, options, executor);
}

}  // namespace acquit::db

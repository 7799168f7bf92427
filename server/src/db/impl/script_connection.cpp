#include "db/impl/script_connection.h"

#include "db/impl/engine_url.h"
#include "db/impl/pg_connector.h"
#include "db/impl/sqlite_connection.h"

namespace acquit::db::impl {
namespace {

constexpr std::size_t kCacheKib = 98'304;  // Migrations sort whole tables.

class SqliteScript final : public ScriptConnection {
 public:
  explicit SqliteScript(std::unique_ptr<SqliteConnection> connection) : connection_(std::move(connection)) {}
  [[nodiscard]] Engine engine() const override { return Engine::sqlite; }
  // SQLite has no lock beyond a transaction; begin() takes it for each migration.
  [[nodiscard]] base::Result<void> lock() override { return connection_->execute("pragma busy_timeout = 600000"); }
  [[nodiscard]] base::Result<void> begin() override { return connection_->execute("begin exclusive"); }
  [[nodiscard]] base::Result<void> execute(const std::string& script) override { return connection_->execute(script); }
  [[nodiscard]] base::Result<Rows> query(const std::string& text) override { return connection_->query_text(text); }

 private:
  std::unique_ptr<SqliteConnection> connection_;
};

class PgScript final : public ScriptConnection {
 public:
  explicit PgScript(PgHandle handle) : handle_(std::move(handle)) {}
  [[nodiscard]] Engine engine() const override { return Engine::postgresql; }
  [[nodiscard]] base::Result<void> lock() override {
    // The number is "acquit" in ASCII: it only has to be nobody else's.
    return execute(
        "set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0;"
        "select pg_advisory_lock(107079733176692)");
  }
  [[nodiscard]] base::Result<void> begin() override { return execute("begin"); }
  [[nodiscard]] base::Result<void> execute(const std::string& script) override {
    ACQUIT_CHECK(run(script));
    return {};
  }
  [[nodiscard]] base::Result<Rows> query(const std::string& text) override {
    ACQUIT_TRY(const PgResult result, run(text));
    return pg_rows(result.get());
  }

 private:
  [[nodiscard]] base::Result<PgResult> run(const std::string& text) {
    PgResult result(PQexec(handle_.get(), text.c_str()));
    switch (PQresultStatus(result.get())) {
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
      case PGRES_EMPTY_QUERY: return result;
      default: return std::unexpected(pg_failure(result.get()).error);
    }
  }
  PgHandle handle_;
};

}  // namespace

base::Result<std::unique_ptr<ScriptConnection>> ScriptConnection::open(const std::string& address) {
  ACQUIT_TRY(const EngineUrl url, parse_engine_url(address));
  if (url.engine == Engine::postgresql) {
    ACQUIT_TRY(PgConnected made, pg_connect(address, {.until = base::OsClock().monotonic() + Options{}.time_limit}));
    return std::make_unique<PgScript>(std::move(made.handle));
  }
  ACQUIT_TRY(auto connection, SqliteConnection::open(url.path, SqliteConnection::Access::write));
  ACQUIT_CHECK(connection->limit_cache(kCacheKib));
  return std::make_unique<SqliteScript>(std::move(connection));
}

}  // namespace acquit::db::impl

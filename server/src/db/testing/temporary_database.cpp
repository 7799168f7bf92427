#include "db/testing/temporary_database.h"

#include <cstdlib>
#include <stdexcept>

#include "db/impl/script_connection.h"
#include "db/migrate.h"
#include "db/testing/postgres_server.h"

namespace acquit::db::testing {
namespace {

constexpr const char* kMigrated = "migrated";

void bring_up_to_date(const Options& options) {
  if (const auto done = migrate(options, base::Time{}); !done) throw std::runtime_error(done.error().detail);
}

// Of a file or of a server's database that nobody has open, so that it can be copied.
const TemporaryDatabase& migrated_file() {
  static const std::unique_ptr<TemporaryDatabase> kFile = [] {
    auto made = TemporaryDatabase::make(Engine::sqlite);
    bring_up_to_date(made->options());
    return made;
  }();
  return *kFile;
}

void make_migrated_database(PostgresServer& server) {
  static const bool kMade = [&] {
    server.make_database(kMigrated);
    bring_up_to_date({.url = server.url(kMigrated)});
    return true;
  }();
  static_cast<void>(kMade);
}

std::filesystem::path file_of(const std::string& url) { return url.substr(std::string_view("sqlite:").size()); }

}  // namespace

std::unique_ptr<TemporaryDatabase> TemporaryDatabase::make(Engine engine) {
  if (engine == Engine::postgresql) {
    PostgresServer* server = PostgresServer::shared();
    if (!server) return nullptr;
    return std::unique_ptr<TemporaryDatabase>(new TemporaryDatabase({}, server->fresh_database()));
  }
  std::string name = (std::filesystem::temp_directory_path() / "acquit-db-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a temporary directory");
  return std::unique_ptr<TemporaryDatabase>(new TemporaryDatabase(name, "sqlite:" + name + "/test.db"));
}

std::unique_ptr<TemporaryDatabase> TemporaryDatabase::make_migrated(Engine engine) {
  if (engine == Engine::postgresql) {
    PostgresServer* server = PostgresServer::shared();
    if (!server) return nullptr;
    make_migrated_database(*server);
    return std::unique_ptr<TemporaryDatabase>(new TemporaryDatabase({}, server->fresh_database(kMigrated)));
  }
  auto made = make(engine);
  std::filesystem::copy_file(file_of(migrated_file().url()), file_of(made->url()));
  return made;
}

TemporaryDatabase::~TemporaryDatabase() {
  std::error_code ignored;
  if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
}

void TemporaryDatabase::execute(const std::string& script) const {
  const auto connection = impl::ScriptConnection::open(url_);
  if (!connection) throw std::runtime_error(connection.error().detail);
  if (const auto done = (*connection)->execute(script); !done) throw std::runtime_error(done.error().detail);
}

base::Result<std::string> plan_of(ReadTx& tx, const Statement& statement, Params params) {
  const Statement explain{
      .name = "explain." + statement.name, .sqlite = {}, .postgresql = "explain " + statement.postgresql};
  ACQUIT_TRY(const Rows rows, tx.query(explain, params));
  std::string plan;
  for (const Row& row : rows) plan += row.text(0) + "\n";
  return plan;
}

std::string engine_name(Engine engine) { return engine == Engine::sqlite ? "sqlite" : "postgresql"; }

}  // namespace acquit::db::testing

#include "app/storage.h"

#include <string>
#include <utility>

#include "app/settings.h"
#include "db/migrate.h"
#include "platform/vault/master_key.h"

namespace acquit::app {

base::Result<std::unique_ptr<Storage>> Storage::open(const platform::Config& config, net::Loop& loop,
                                                     const base::Clock& clock, base::Random& random) {
  const db::Options options = database_options(config);
  ACQUIT_TRY(const int pending, db::pending_migrations(options));
  if (pending > 0) {
    return base::fail(
        base::ErrorCode::configuration_invalid,
        std::to_string(pending) + " migrations are not applied; run 'acquit migrate' with the same configuration first",
        "database.url");
  }
  auto made = std::make_unique<Storage>();
  ACQUIT_TRY(made->database, db::Database::open(options, loop));
  ACQUIT_TRY(auto master, platform::load_master_key(config.text("vault.master_key_file")));
  ACQUIT_TRY(made->vault, base::sync_wait(platform::Vault::load(*made->database, std::move(master), clock, random)));
  made->merchant_store.emplace(*made->vault, clock);
  made->directory.emplace(*made->database, *made->merchant_store, clock);
  made->store.emplace(clock, random);
  made->outbox.emplace(*made->database, loop, clock, random);
  return made;
}

payments::Services Storage::services(db::Database& reads, const payments::Acquirers& acquirers,
                                     const base::Clock& clock, base::Random& random) {
  return {.database = reads,
          .store = *store,
          .merchant_store = *merchant_store,
          .directory = *directory,
          .vault = *vault,
          .outbox = *outbox,
          .acquirers = acquirers,
          .clock = clock,
          .random = random};
}

}  // namespace acquit::app

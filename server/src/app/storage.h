// Storage: the database and what stands on it, opened as the configuration says: for the server, the operator's
// commands and the demo's seed alike.
//
// Loop, clock and random outlive it. Members are what they are at any other place; made once, used by all.
#pragma once

#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "db/database.h"
#include "merchants/directory.h"
#include "merchants/merchant_store.h"
#include "net/loop.h"
#include "payments/store/payment_store.h"
#include "payments/store/services.h"
#include "platform/config/config.h"
#include "platform/outbox/outbox.h"
#include "platform/vault/vault.h"

namespace acquit::app {

struct Storage {
  /// Errors: configuration_invalid (migrations missing, master key; says what to do), database_unavailable.
  [[nodiscard]] static base::Result<std::unique_ptr<Storage>> open(const platform::Config& config, net::Loop& loop,
                                                                   const base::Clock& clock, base::Random& random);

  /// What use cases work with on top of it; `reads` is its own database or a standby of that. Without a node's wishes.
  [[nodiscard]] payments::Services services(db::Database& reads, const payments::Acquirers& acquirers,
                                            const base::Clock& clock, base::Random& random);

  std::unique_ptr<db::Database> database;
  std::unique_ptr<platform::Vault> vault;
  std::optional<merchants::MerchantStore> merchant_store;
  std::optional<merchants::Directory> directory;
  std::optional<payments::PaymentStore> store;
  std::optional<platform::Outbox> outbox;
};

}  // namespace acquit::app

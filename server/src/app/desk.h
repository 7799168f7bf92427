// Desk: what an operator's command works with: the database, the vault and the parts on top of them, without a server.
//
// Other than a node it listens to nobody and runs no job and no outbox; what it queues is sent by the servers. A server
// may run on the same database meanwhile. Made by open(); one thread.
#pragma once

#include <memory>

#include "base/result.h"
#include "notifications/notifier.h"
#include "payments/store/services.h"
#include "platform/config/config.h"
#include "platform/vault/vault.h"

namespace acquit::app {

class Desk {
 public:
  virtual ~Desk() = default;
  /// Where the desk reads: a report may be a little old and then come from a standby (database.report_url).
  enum class Reads : std::uint8_t { primary, reports };
  /// Errors: configuration_invalid (says what to do), database_unavailable.
  static base::Result<std::unique_ptr<Desk>> open(const platform::Config& config, Reads reads = Reads::primary);

  [[nodiscard]] virtual const payments::Services& services() const = 0;
  [[nodiscard]] virtual platform::Vault& vault() = 0;
  [[nodiscard]] virtual notifications::Notifier& notifier() = 0;
  /// What the configuration calls the acquirer.
  [[nodiscard]] virtual const std::string& acquirer() const = 0;
};

}  // namespace acquit::app

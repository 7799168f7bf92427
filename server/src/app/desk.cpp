#include "app/desk.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "app/settings.h"
#include "base/clock.h"
#include "base/random.h"
#include "db/database.h"
#include "db/migrate.h"
#include "http/client.h"
#include "merchants/directory.h"
#include "net/loop.h"
#include "platform/mail/mail.h"
#include "platform/outbox/outbox.h"
#include "platform/vault/master_key.h"
#include "protocols/vads/vads_protocol.h"

namespace acquit::app {
namespace {

class OpenDesk final : public Desk {
 public:
  explicit OpenDesk(const platform::Config& config) : config_(config), acquirer_(config.text("acquirer.name")) {}
  ~OpenDesk() override {
    client_.reset();
    database_.reset();
    loop_.stop();
  }

  base::Result<void> open() {
    loop_.run_in_background();
    const db::Options options = database_options(config_);
    ACQUIT_TRY(const int pending, db::pending_migrations(options));
    if (pending > 0) {
      return base::fail(base::ErrorCode::configuration_invalid,
                        std::to_string(pending) +
                            " migrations are not applied; run 'acquit migrate' with the same configuration first",
                        "database.url");
    }
    ACQUIT_TRY(database_, db::Database::open(options, loop_));
    ACQUIT_TRY(auto master, platform::load_master_key(config_.text("vault.master_key_file")));
    ACQUIT_TRY(vault_, base::sync_wait(platform::Vault::load(*database_, std::move(master), clock_, random_)));
    merchant_store_.emplace(*vault_, clock_);
    directory_.emplace(*database_, *merchant_store_, clock_);
    store_.emplace(clock_, random_);
    outbox_.emplace(*database_, loop_, clock_, random_);
    context_.emplace(payments::Context{.database = *database_,
                                       .store = *store_,
                                       .merchant_store = *merchant_store_,
                                       .directory = *directory_,
                                       .vault = *vault_,
                                       .outbox = *outbox_,
                                       .acquirers = acquirers_,
                                       .clock = clock_,
                                       .random = random_});
    return open_notifier();
  }

  [[nodiscard]] const payments::Context& context() const override { return *context_; }
  [[nodiscard]] platform::Vault& vault() override { return *vault_; }
  [[nodiscard]] notifications::Notifier& notifier() override { return *notifier_; }
  [[nodiscard]] const std::string& acquirer() const override { return acquirer_; }

 private:
  base::Result<void> open_notifier() {
    client_ = http::Client::make({.allow_private_addresses = !config_.flag("server.production")}, loop_);
    ACQUIT_TRY(auto translator, i18n::Translator::load());
    translator_.emplace(std::move(translator));
    mailer_.emplace(mailer_options(config_), *client_, clock_, random_);
    notifier_.emplace(
        *context_, *client_,
        [this](std::string_view name) -> const notifications::Formatter* { return name == "vads" ? &vads_ : nullptr; },
        *translator_, *mailer_,
        notifications::NotifierOptions{.call_limit =
                                           base::Milliseconds{config_.number("notifications.call_limit_ms")}});
    return {};
  }

  const platform::Config config_;
  const std::string acquirer_;
  base::OsClock clock_;
  base::OsRandom random_;
  net::Loop loop_{1};
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<platform::Vault> vault_;
  std::optional<merchants::MerchantStore> merchant_store_;
  std::optional<merchants::Directory> directory_;
  std::optional<payments::PaymentStore> store_;
  std::optional<platform::Outbox> outbox_;
  payments::Acquirers acquirers_;
  std::optional<payments::Context> context_;
  std::unique_ptr<http::Client> client_;
  std::optional<i18n::Translator> translator_;
  std::optional<mail::Mailer> mailer_;
  vads::VadsProtocol vads_;
  std::optional<notifications::Notifier> notifier_;
};

}  // namespace

base::Result<std::unique_ptr<Desk>> Desk::open(const platform::Config& config) {
  auto desk = std::make_unique<OpenDesk>(config);
  ACQUIT_CHECK(desk->open());
  return desk;
}

}  // namespace acquit::app

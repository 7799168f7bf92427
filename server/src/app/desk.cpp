#include "app/desk.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "app/settings.h"
#include "app/storage.h"
#include "base/clock.h"
#include "base/random.h"
#include "http/client.h"
#include "net/loop.h"
#include "platform/mail/mail.h"
#include "platform/mail/smtp.h"
#include "protocols/all/all.h"

namespace acquit::app {
namespace {

class OpenDesk final : public Desk {
 public:
  explicit OpenDesk(const platform::Config& config) : config_(config), acquirer_(config.text("acquirer.name")) {}
  ~OpenDesk() override {
    mail_client_.reset();
    client_.reset();
    reports_.reset();
    storage_.reset();
    loop_.stop();
  }

  base::Result<void> open(Reads reads) {
    loop_.run_in_background();
    ACQUIT_TRY(storage_, Storage::open(config_, loop_, clock_, random_));
    const db::Options options = database_options(config_);
    if (reads == Reads::reports && !options.report_url.empty()) {
      ACQUIT_TRY(reports_, db::Database::reports(*storage_->database, options, loop_));
    }
    services_.emplace(storage_->services(reports_ ? *reports_ : *storage_->database, acquirers_, clock_, random_));
    return open_notifier();
  }

  [[nodiscard]] const payments::Services& services() const override { return *services_; }
  [[nodiscard]] platform::Vault& vault() override { return *storage_->vault; }
  [[nodiscard]] notifications::Notifier& notifier() override { return *notifier_; }
  [[nodiscard]] const std::string& acquirer() const override { return acquirer_; }

 private:
  base::Result<void> open_notifier() {
    client_ = http::Client::make({.allow_private_addresses = !config_.flag("server.production")}, loop_);
    ACQUIT_TRY(auto translator, i18n::Translator::load());
    translator_.emplace(std::move(translator));
    mail_client_ = std::make_unique<mail::SmtpClient>(loop_);
    mailer_.emplace(mailer_options(config_), *mail_client_, clock_, random_);
    notifier_.emplace(*services_, *client_, protocols_.formatters(), *translator_, *mailer_,
                      notifications::NotifierOptions{
                          .call_limit = base::Milliseconds{config_.number("notifications.call_limit_ms")}});
    return {};
  }

  const platform::Config config_;
  const std::string acquirer_;
  base::OsClock clock_;
  base::OsRandom random_;
  net::Loop loop_{1};
  std::unique_ptr<Storage> storage_;
  std::unique_ptr<db::Database> reports_;  // Null unless a standby is read.
  payments::Acquirers acquirers_;
  std::optional<payments::Services> services_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<mail::SmtpClient> mail_client_;
  std::optional<i18n::Translator> translator_;
  std::optional<mail::Mailer> mailer_;
  const protocols::Registry protocols_{protocols::all()};
  std::optional<notifications::Notifier> notifier_;
};

}  // namespace

base::Result<std::unique_ptr<Desk>> Desk::open(const platform::Config& config, Reads reads) {
  auto desk = std::make_unique<OpenDesk>(config);
  ACQUIT_CHECK(desk->open(reads));
  return desk;
}

}  // namespace acquit::app

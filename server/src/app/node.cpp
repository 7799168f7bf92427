#include "app/node.h"

#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

#include "app/bank_lines.h"
#include "app/directories.h"
#include "app/health.h"
#include "app/housekeeping.h"
#include "app/node_metrics.h"
#include "app/results_door.h"
#include "app/settings.h"
#include "app/storage.h"
#include "app/write_check.h"
#include "base/clock.h"
#include "base/clock_watch.h"
#include "base/executor.h"
#include "base/log.h"
#include "base/periodic.h"
#include "base/random.h"
#include "http/below.h"
#include "http/client.h"
#include "http/compressed.h"
#include "http/routes.h"
#include "http/server.h"
#include "net/descriptors.h"
#include "net/loop.h"
#include "notifications/notifier.h"
#include "payments/bank/bank_messages.h"
#include "payments/bank/late_approvals.h"
#include "payments/ending/announcements.h"
#include "payments/schedule/due_transactions.h"
#include "platform/jobs/jobs.h"
#include "platform/mail/mail.h"
#include "platform/mail/smtp.h"
#include "platform/metrics/metrics.h"
#include "platform/node_number/node_number.h"
#include "protocols/all/all.h"
#include "web/pay_flow/flow.h"
#include "web/pay_flow/threeds_addresses.h"

namespace acquit::app {
namespace {

constexpr base::Milliseconds kGrace{35'000};
constexpr base::Milliseconds kResultsGrace{12'000};  // A result is written, within the database's limit.
constexpr base::Milliseconds kEachSecond{1'000};
constexpr base::Milliseconds kClockEvery{5'000};
constexpr base::Milliseconds kDaily{24 * 3'600'000};

class RunningNode final : public Node {
 public:
  explicit RunningNode(const platform::Config& config)
      : config_(config), loop_(static_cast<std::size_t>(config.number("server.threads"))) {}
  ~RunningNode() override { RunningNode::stop(); }

  base::Result<void> start() {
    ACQUIT_CHECK(check_settings(config_));
    ACQUIT_CHECK(allow_descriptors());
    loop_.run_in_background();
    ACQUIT_CHECK(open_storage());
    ACQUIT_CHECK(connect_outside());
    ACQUIT_CHECK(listen());
    start_work();
    return {};
  }

  [[nodiscard]] std::string url() const override { return server_->url(); }
  static http::Routes<RunningNode> own_routes() {
    using Operator = http::MemberGuard<http::Access::operator_only, &RunningNode::admit_operator>;
    http::Routes<RunningNode> routes;
    routes.add<Operator>({.pattern = "/metrics", .about = "Counters and gauges, as Prometheus reads them"},
                         &RunningNode::metrics);
    return routes;
  }
  void reload() override {
    bank_.reload();
    directories_.reload();
    const auto told = [](const std::string& what, const base::Result<void>& done) {
      if (!done) base::log::failed(what, done.error());
    };
    told("reload_results_certificate", results_door_.reload());
    told("reload_certificate", server_->reload_certificate());
    told("reload_card_ranges", card_ranges_->reload());
    told("reload_address_countries", address_countries_->reload());
  }

  void stop() override {
    if (std::exchange(stopped_, true)) return;
    rounds_.stop();
    if (server_) server_->stop(kGrace);
    results_door_.stop(kResultsGrace);
    if (storage_) storage_->outbox->stop();
    if (jobs_) jobs_->stop();
    // Works end within the limits of what they call; nothing new begins.
    wait_for_work(kGrace);
    if (shop_client_) shop_client_->stop();
    if (mail_client_) mail_client_->stop();
    directories_.stop();
    bank_.stop();
    if (!wait_for_work(kGrace)) {
      // What still runs uses what would be torn down now. Nothing is lost by a hard end: it is a crash that we chose.
      base::log::error("stopped_hard", {{"detail", "some work did not end in time"}});
      std::_Exit(EXIT_FAILURE);
    }
    if (services_) {
      // What was heard while the others stopped; nobody comes to it again in this process.
      const auto reversed = base::sync_wait(payments::reverse_late_approvals(*services_));
      if (!reversed) base::log::failed("late_approvals", reversed.error());
      const auto given_back = base::sync_wait(node_number_->give_back());
      if (!given_back) base::log::failed("give_back_node_number", given_back.error());
    }
    if (storage_) storage_->database.reset();
    loop_.stop();
  }

 private:
  [[nodiscard]] bool works() const {
    return running_ > 0 || rounds_.running() > 0 || (write_check_ && write_check_->running()) ||
           (jobs_ && jobs_->running() > 0) || (storage_ && storage_->outbox->in_flight() > 0);
  }
  bool wait_for_work(base::Milliseconds limit) {
    const base::Monotonic until = clock_.monotonic() + limit;
    while (works() && clock_.monotonic() < until) base::sync_wait(nap());
    return !works();
  }
  base::Task<void> nap() { co_await loop_.sleep(base::Milliseconds{20}); }

  base::Result<void> allow_descriptors() {
    const auto allowed = net::allow_descriptors(descriptors_needed(config_));
    if (allowed) return {};
    return base::fail(allowed.error().code,
                      "server.connections_max: " + allowed.error().detail +
                          "; raise the limit (LimitNOFILE of systemd, ulimit -n) or lower this key",
                      "server.connections_max");
  }

  base::Result<void> open_storage() {
    ACQUIT_TRY(storage_, Storage::open(config_, loop_, clock_, random_));
    authentications_.emplace(clock_);
    jobs_.emplace(*storage_->database, loop_, clock_, random_);
    node_number_.emplace(*storage_->database, clock_, random_);
    ACQUIT_TRY(card_ranges_, payments::CardRanges::load(config_.text("tables.card_ranges")));
    ACQUIT_TRY(address_countries_, platform::AddressCountries::load(config_.text("tables.address_countries")));
    write_check_.emplace(loop_, clock_, [this] { return keep_node_number(); });
    payments::Services services = storage_->services(*storage_->database, acquirers_, clock_, random_);
    services.notify_before_return = config_.flag("notifications.before_return");
    services.resolve_after = std::chrono::seconds{config_.number("payments.resolve_after_s")};
    services.line_faults = &line_faults_;
    services.card_ranges = card_ranges_.get();
    services.address_countries = address_countries_.get();
    services_.emplace(services);
    return {};
  }

  base::Result<void> connect_outside() {
    const bool open = !config_.flag("server.production");
    // One client for each kind of peer: shops that hang hold up neither banks nor mails.
    shop_client_ = http::Client::make(
        {.allow_private_addresses = open, .connections_max = kShopCalls, .connections_per_peer = 64}, loop_);
    ACQUIT_CHECK(directories_.open(config_));
    mail_client_ = std::make_unique<mail::SmtpClient>(loop_, kMailCalls);
    ACQUIT_TRY(const int number, base::sync_wait(node_number_->take()));
    bank_.on_late_approval([this] { hear_late_approval(); });
    ACQUIT_CHECK(bank_.start(config_, number));
    acquirers_[config_.text("acquirer.name")] = bank_.lines();
    ACQUIT_TRY(auto translator, i18n::Translator::load());
    translator_.emplace(std::move(translator));
    ACQUIT_TRY(auto pages, pages::Pages::load(*translator_, http::path_of(config_.text("server.public_url"))));
    pages_.emplace(std::move(pages));
    mailer_.emplace(mailer_options(config_), *mail_client_, clock_, random_);
    notifier_.emplace(*services_, *shop_client_, protocols_.formatters(), *translator_, *mailer_,
                      notifications::NotifierOptions{
                          .call_limit = base::Milliseconds{config_.number("notifications.call_limit_ms")}});
    notifier_->register_handlers();
    storage_->outbox->handle(std::string(payments::kTopicReversal), [this](const platform::OutboxMessage& message) {
      return payments::send_reversal(*services_, message);
    });
    storage_->outbox->handle(std::string(payments::kTopicAdvice), [this](const platform::OutboxMessage& message) {
      return payments::send_advice(*services_, message);
    });
    return {};
  }

  base::Result<void> listen() {
    refusals_.emplace(*services_, try_limits(config_));
    // Before anybody may try: what was refused before a restart still counts.
    ACQUIT_CHECK(base::sync_wait(refusals_->catch_up()));
    ACQUIT_TRY(operators_, operator_addresses(config_));
    const std::string prefix = http::path_of(config_.text("server.public_url"));
    handler_ = http::compressed(
        random_, http::below(prefix, [this](http::Request request) { return router_.route(std::move(request)); }));
    http::ServerOptions options = server_options(config_);
    options.body_max_of = [this, prefix](http::Method method, std::string_view path) {
      return ready_ ? router_.body_max_of(method, http::path_below(prefix, path)) : std::nullopt;
    };
    ACQUIT_TRY(server_, http::Server::start(options, loop_, random_,
                                            [this](http::Request request) { return serve(std::move(request)); }));
    const std::string public_url =
        config_.text("server.public_url").empty() ? server_->url() : config_.text("server.public_url");
    threeds_.emplace(
        payments::ThreeDs{.test = directories_.of(merchants::Mode::test),
                          .production = directories_.of(merchants::Mode::production),
                          .store = *authentications_,
                          .addresses = web::threeds_addresses(public_url, config_.text("threeds.results_url")),
                          .requestor_id = config_.text("threeds.requestor_id")});
    answers_.emplace(*pages_, *storage_->vault, clock_);
    flow_.emplace(*services_, *threeds_, *refusals_, loop_, protocols_, *answers_);
    web::Flow::routes().mount(router_, &*flow_);
    protocols_.add_routes(router_, {.services = *services_,
                                    .refusals = *refusals_,
                                    .executor = loop_,
                                    .notifier = *notifier_,
                                    .answers = *answers_});
    ACQUIT_CHECK(results_door_.open(
        config_, [this](http::Router& router) { web::Flow::results_routes().mount(router, &*flow_); }, router_));
    health_.emplace(HealthDoor::Parts{
        .write_check = *write_check_, .bank = bank_, .line_faults = line_faults_, .directories = directories_});
    HealthDoor::routes().mount(router_, &*health_);
    own_routes().mount(router_, this);
    add_metrics(metrics_, {.storage = *storage_,
                           .server = *server_,
                           .bank = bank_,
                           .results_door = results_door_,
                           .directories = directories_,
                           .doubts = doubts_,
                           .line_faults = line_faults_});
    ready_ = true;
    return {};
  }

  // The port is known only once the server listens; until the routes are there it is not ready.
  base::Task<http::Response> serve(http::Request request) {
    if (!ready_) co_return http::Response::text(503, "starting");
    co_return co_await handler_(std::move(request));
  }

  struct OperatorAddress {
    std::string text;
  };
  base::Task<http::Admission<OperatorAddress>> admit_operator(const http::Request& request) {
    if (operators_.contains(request.remote_address)) co_return OperatorAddress{.text = request.remote_address};
    co_return std::unexpected(http::Response::text(403, "server.operator_addresses does not name your address"));
  }

  // The write by which /health tries the database: one that is needed anyway. A node without a number is not ready.
  base::Task<base::Result<void>> keep_node_number() {
    ACQUIT_CO_TRY(const int number, co_await node_number_->keep());
    bank_.use_node(number);
    co_return base::Result<void>{};
  }

  base::Task<base::Result<void>> look_at_database() {
    static_cast<void>(co_await write_check_->passes());  // It logs what fails itself.
    co_return base::Result<void>{};
  }

  base::Task<http::Response> metrics(http::Request) {
    http::Response response = http::Response::text(200, metrics_.text());
    response.compressible = true;
    co_return response;
  }

  base::Task<base::Result<void>> handle_due(payments::Due which) {
    ACQUIT_CO_CHECK(co_await payments::handle_due_transactions(*services_, loop_, which));
    co_return base::Result<void>{};
  }

  // At once, and again by the clock where that failed.
  void hear_late_approval() {
    if (!ready_) return;  // The start is not over: the clock comes to it.
    ++running_;
    base::spawn(take_late_approvals(), [this] { --running_; });
  }
  base::Task<void> take_late_approvals() {
    const auto taken = co_await reverse_late_approvals();
    if (!taken) base::log::failed("late_approvals", taken.error());
  }
  base::Task<base::Result<void>> reverse_late_approvals() {
    if (taking_late_approvals_.exchange(true)) co_return base::Result<void>{};
    auto taken = co_await payments::reverse_late_approvals(*services_);
    taking_late_approvals_ = false;
    co_return taken;
  }

  base::Task<base::Result<void>> share_refusals() {
    ACQUIT_CO_CHECK(co_await refusals_->catch_up());
    co_return base::Result<void>{};
  }

  base::Task<base::Result<void>> watch_certificates() {
    bank_.watch_certificates();
    directories_.watch_certificates();
    results_door_.watch_certificate();
    watch_certificate("server_certificate_ends", server_->certificate_ends(), clock_);
    co_return base::Result<void>{};
  }

  void start_work() {
    rounds_.start("watch_certificates", kDaily, [this] { return watch_certificates(); });
    rounds_.start("doubts", kDoubtsEvery, [this] { return count_doubts(*services_, doubts_); });
    rounds_.start("clock_watch", kClockEvery, [this] { return watch_clock(clock_watch_); });
    rounds_.start("write_check", platform::NodeNumber::kRenewEvery, [this] { return look_at_database(); });
    rounds_.start("card_refusals", payments::RefusalBook::kEvery, [this] { return share_refusals(); });
    // On every node: what came late is known to the process that heard it.
    rounds_.start("late_approvals", kEachSecond, [this] { return reverse_late_approvals(); });
    rounds_.start("vault_reload", platform::Vault::kReloadEvery, [this] { return storage_->vault->reload(); });
    if (config_.flag("outbox.run")) {
      ++running_;
      base::spawn(storage_->outbox->run(), [this] { --running_; });
    }
    if (!config_.flag("jobs.run")) return;
    jobs_->start("partitions", kDaily, [this] { return make_partitions(*storage_->database, clock_); });
    jobs_->start("due_transactions", kEachSecond, [this] { return handle_due(payments::Due::others); });
    jobs_->start("purge_test_payments", kDaily,
                 [this] { return purge(*services_, config_, [this] { return rounds_.stopped(); }); });
    jobs_->start("due_authorisations", kEachSecond, [this] { return handle_due(payments::Due::authorisations); });
  }

  const platform::Config config_;
  base::OsClock clock_;
  base::ClockWatch clock_watch_{clock_};
  base::OsRandom random_;
  net::Loop loop_;
  std::unique_ptr<Storage> storage_;
  std::optional<payments::AuthenticationStore> authentications_;
  std::optional<platform::Jobs> jobs_;
  std::optional<platform::NodeNumber> node_number_;
  std::optional<WriteCheck> write_check_;
  std::unique_ptr<payments::CardRanges> card_ranges_;
  std::unique_ptr<platform::AddressCountries> address_countries_;
  payments::Acquirers acquirers_;
  std::optional<payments::Services> services_;
  std::unique_ptr<http::Client> shop_client_;
  std::unique_ptr<mail::SmtpClient> mail_client_;
  BankLines bank_{loop_, clock_, random_};
  Directories directories_{loop_, clock_, random_};
  std::optional<i18n::Translator> translator_;
  std::optional<pages::Pages> pages_;
  std::optional<pages::Answers> answers_;
  std::optional<mail::Mailer> mailer_;
  std::optional<notifications::Notifier> notifier_;
  const protocols::Registry protocols_{protocols::all()};
  std::optional<payments::RefusalBook> refusals_;
  std::optional<payments::ThreeDs> threeds_;
  std::optional<web::Flow> flow_;
  platform::Metrics metrics_;
  http::AddressSet operators_;
  http::Router router_;
  http::Handler handler_;
  std::unique_ptr<http::Server> server_;
  ResultsDoor results_door_{loop_, clock_, random_};
  std::atomic<bool> ready_ = false;
  std::atomic<int> running_ = 0;
  payments::LineFaults line_faults_{clock_};
  std::optional<HealthDoor> health_;
  std::atomic<std::int64_t> doubts_ = 0;  // Of all nodes, as last counted.
  std::atomic<bool> taking_late_approvals_ = false;
  base::Periodic rounds_{loop_};
  bool stopped_ = false;
};

}  // namespace

std::vector<http::ListedRoute> Node::routes() { return RunningNode::own_routes().list(); }

base::Result<std::unique_ptr<Node>> Node::start(const platform::Config& config) {
  auto node = std::make_unique<RunningNode>(config);
  ACQUIT_CHECK(node->start());
  return node;
}

}  // namespace acquit::app

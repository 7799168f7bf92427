#include "payments/testing/environment.h"

#include <array>
#include <exception>
#include <stdexcept>

#include "base/testing/eventually.h"
#include "db/statement.h"
#include "payments/bank/bank_messages.h"
#include "payments/ending/announcements.h"

ACQUIT_EMBEDDED(sql_payments_testing)

namespace acquit::payments::testing {
namespace {

bool all_ended(const platform::Outbox& outbox) {
  return base::testing::eventually([&] { return outbox.in_flight() == 0; });
}

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_payments_testing(), "testing." + std::string(name));
}

std::vector<merchants::Contract> sample_contracts() {
  constexpr std::array<std::string_view, 4> kMethods{"CB", "VISA", "MASTERCARD", "AMEX"};
  std::vector<merchants::Contract> out;
  for (const std::string_view method : kMethods) {
    const auto number = static_cast<std::int64_t>(out.size()) + 1;
    out.push_back({.id = number,
                   .method = std::string(method),
                   .currency = *base::Currency::from_code("EUR"),
                   .merchant_number = "1234567",
                   .terminal_id = "001",
                   .acquirer = "acquirer",
                   .acquirer_id = "12345678901",
                   .rank = number,
                   .amount_min = 1,
                   .amount_max = 1'000'000,
                   .capture_hour = 22,
                   .active = true});
  }
  return out;
}

}  // namespace

merchants::ShopConfig sample_shop(base::ShopId id) {
  return {.shop = {.id = id,
                   .group_id = id == kShop ? 1 : 2,
                   .name = "Boutique",
                   .url = "https://shop.example",
                   .contact_email = "contact@shop.example",
                   .language = "fr",
                   .available_languages = "",
                   .timezone = "Europe/Paris",
                   .country = "FR",
                   .category_code = "5999",
                   .active = true,
                   .algorithm = merchants::SignatureAlgorithm::hmac_sha256,
                   .capture_delay_days = 0,
                   .manual_validation = false,
                   .return_mode = "GET",
                   .silent_allowed = true,
                   .frictionless_option = true,
                   .deferred_option = true,
                   .order_id_required = false,
                   .frame_ancestors = "https://shop.example",
                   .buyer_ticket = true,
                   .merchant_mail = "sales@shop.example"},
          .keys = merchants::both_keys("form", base::SecretKey("test key of " + base::to_string(id)),
                                       base::SecretKey("production key of " + base::to_string(id))),
          .contracts = sample_contracts(),
          .rules = {{.rule = merchants::Rule::end_of_payment,
                     .enabled = true,
                     .url_test = "https://shop.example/test",
                     .url_production = "https://shop.example/production",
                     .alert_addresses = "it@shop.example",
                     .automatic_replay = true}}};
}

platform::MasterKey sample_master_key(char fill) {
  return {.key = base::SecretKey(std::string(32, fill)), .id = "master key " + std::string(1, fill)};
}

TestNode::TestNode(const db::Options& options, net::Loop& loop, const base::Clock& clock, base::Random& random,
                   const Acquirers& acquirers)
    : database(std::make_unique<db::testing::UncertainDatabase>(must(db::Database::open(options, loop)), loop)),
      vault(must(base::sync_wait(platform::Vault::load(*database, sample_master_key(), clock, random)))) {
  merchant_store.emplace(*vault, clock);
  directory.emplace(*database, *merchant_store, clock);
  store.emplace(clock, random);
  outbox.emplace(*database, loop, clock, random);
  services.emplace(Services{.database = *database,
                            .store = *store,
                            .merchant_store = *merchant_store,
                            .directory = *directory,
                            .vault = *vault,
                            .outbox = *outbox,
                            .acquirers = acquirers,
                            .clock = clock,
                            .random = random});
  outbox->handle(std::string(kTopicReversal),
                 [this](const platform::OutboxMessage& m) { return send_reversal(*services, m); });
  outbox->handle(std::string(kTopicAdvice),
                 [this](const platform::OutboxMessage& m) { return send_advice(*services, m); });
}

TestNode::~TestNode() {
  if (!all_ended(*outbox)) std::terminate();  // It would use what goes now.
}

std::unique_ptr<Environment> Environment::make(const EnvironmentOptions& options) {
  auto place = db::testing::TemporaryDatabase::make_migrated(options.engine);
  if (!place) return nullptr;
  std::unique_ptr<Environment> made(new Environment(options.start));
  made->place_ = std::move(place);
  made->options_ = made->place_->options();
  if (options.each_way.count() > 0) {
    made->far_ = std::make_unique<db::testing::FarServer>(*db::testing::PostgresServer::shared(), options.each_way);
    made->options_.url = made->far_->url(made->options_.url);
  }
  made->loop.run_in_background();
  made->node_ = std::make_unique<TestNode>(made->options_, made->loop, made->clock, made->random, made->acquirers);
  if (!options.shops) return made;
  merchants::ShopConfig shop = sample_shop();
  if (options.edit) options.edit(shop);
  made->add_shop(shop);
  made->add_shop(sample_shop(kOtherShop));
  made->shop_ = must(base::sync_wait(made->node_->directory->find(kShop)));
  return made;
}

void Environment::add_shop(const merchants::ShopConfig& shop) {
  const std::int64_t id = shop.shop.group_id;
  write([&](db::Tx& tx) {
    return node_->merchant_store->add_shop(tx, {.id = id, .name = "Company"},
                                           {.id = id, .company_id = id, .name = "Group"}, shop);
  });
}

Environment::~Environment() {
  second_.reset();
  node_.reset();
  loop.stop();
}

TestNode& Environment::second_node() {
  if (!second_) second_ = std::make_unique<TestNode>(options_, loop, clock, random, acquirers);
  return *second_;
}

std::vector<OutboxRow> Environment::outbox(std::string_view topic) {
  static const db::Statement kOutbox = statement("outbox");
  const db::Rows rows = read([&](db::ReadTx& tx) { return tx.query(kOutbox, {topic}); });
  std::vector<OutboxRow> out;
  for (const db::Row& row : rows) {
    out.push_back({.topic = row.text(0),
                   .subject = row.text(1),
                   .payload = row.text(2),
                   .attempts = static_cast<int>(row.integer(3)),
                   .due_at = base::time_from_ms(row.integer(4))});
  }
  return out;
}

void Environment::deliver() {
  while (must(base::sync_wait(node_->outbox->dispatch_due())) > 0) {
    if (!all_ended(*node_->outbox)) throw std::runtime_error("a handler of the outbox never ends");
  }
}

std::optional<base::Time> Environment::next_due() {
  static const db::Statement kNextDue = statement("next_due");
  const std::int64_t at =
      read([&](db::ReadTx& tx) { return tx.query(kNextDue, {base::to_ms(clock.now())}); }).at(0).integer(0);
  return at == 0 ? std::nullopt : std::optional(base::time_from_ms(at));
}

void Environment::advance_to(base::Time time) {
  if (time > clock.now()) clock.advance(time - clock.now());
}

std::vector<std::string> Environment::unbalanced() {
  static const db::Statement kUnbalanced = statement("unbalanced");
  const db::Rows rows = read([&](db::ReadTx& tx) { return tx.query(kUnbalanced, {}); });
  std::vector<std::string> out;
  for (const db::Row& row : rows) out.push_back(row.text(0));
  return out;
}

std::int64_t Environment::balance_of_payment(const PaymentId& payment, Account account) {
  static const db::Statement kBalances = statement("balances_of_payment");
  return read([&](db::ReadTx& tx) { return tx.query(kBalances, {kShop.value(), payment.hex(), to_string(account)}); })
      .at(0)
      .integer(0);
}

std::map<std::string, std::int64_t> Environment::row_counts() {
  static const db::Statement kCounts = statement("row_counts");
  std::map<std::string, std::int64_t> out;
  for (const db::Row& row : read([&](db::ReadTx& tx) { return tx.query(kCounts, {}); })) {
    out[row.text(0)] = row.integer(1);
  }
  return out;
}

void Environment::add_proof_and_delivery(const Transaction& transaction) {
  static const db::Statement kProof = statement("insert_authentication");
  static const db::Statement kDelivery = statement("insert_delivery");
  const std::string id = transaction.id.hex();
  write([&](db::Tx& tx) -> base::Result<void> {
    ACQUIT_CHECK(tx.run(kProof, {transaction.shop.value(), id, transaction.payment.hex(), id}));
    return tx.run(kDelivery, {transaction.shop.value(), id, id});
  });
}

void Environment::close_contracts() {
  static const db::Statement kClose = statement("close_contracts");
  write([&](db::Tx& tx) { return tx.run(kClose, {kShop.value()}); });
  node_->directory->forget(kShop);
  shop_ = must(base::sync_wait(node_->directory->find(kShop)));
}

std::int64_t Environment::transaction_count(base::ShopId shop) {
  static const db::Statement kCount = statement("count_transactions");
  return read([&](db::ReadTx& tx) { return tx.query(kCount, {shop.value()}); }).at(0).integer(0);
}

}  // namespace acquit::payments::testing

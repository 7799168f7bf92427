// Environment: everything that use cases need, on a database of its own: clock, random numbers, loop, vault, two shops,
// a scripted acquirer. Nodes are servers that share the database, for tests of what happens when two are at it; a
// node's database can be told not to know what became of a commit.
//
// Made for one test; one thread uses it, the loop's threads run the coroutines. Wall time stands still until moved.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/manual_clock.h"
#include "base/random.h"
#include "db/testing/far_server.h"
#include "db/testing/temporary_database.h"
#include "db/testing/uncertain_database.h"
#include "merchants/directory.h"
#include "net/loop.h"
#include "payments/store/services.h"
#include "payments/testing/fake_acquirer.h"
#include "tests/support/must.h"

namespace acquit::payments::testing {

using support::must;

inline constexpr base::ShopId kShop{69876357};
inline constexpr base::ShopId kOtherShop{87654321};
/// Monday 15 June 2026, 10:00 in Paris.
inline constexpr base::Time kStart{std::chrono::sys_days{std::chrono::year{2026} / 6 / 15} + std::chrono::hours{8}};
/// When what is paid at kStart without delay is captured: 22:00 in Paris.
inline constexpr base::Time kFirstCapture = kStart + std::chrono::hours{12};

/// The shop of the tests: CB, VISA, MASTERCARD and AMEX in EUR, from 1 to 1 000 000 cents, captured at 22:00 in Paris.
[[nodiscard]] merchants::ShopConfig sample_shop(base::ShopId id = kShop);
[[nodiscard]] platform::MasterKey sample_master_key(char fill = 'k');

struct OutboxRow {
  std::string topic;
  std::string subject;
  std::string payload;
  int attempts = 0;
  base::Time due_at;
};

/// One server. Its outbox has handlers for reversals and advices.
class TestNode {
 public:
  TestNode(const db::Options& options, net::Loop& loop, const base::Clock& clock, base::Random& random,
           const Acquirers& acquirers);
  ~TestNode();

  std::unique_ptr<db::testing::UncertainDatabase> database;
  std::unique_ptr<platform::Vault> vault;
  std::optional<merchants::MerchantStore> merchant_store;
  std::optional<merchants::Directory> directory;
  std::optional<PaymentStore> store;
  std::optional<platform::Outbox> outbox;
  std::optional<Services> services;
};

struct EnvironmentOptions {
  db::Engine engine = db::Engine::sqlite;
  base::Time start = kStart;
  bool shops = true;                                   ///< Without there are none: see add_shop().
  std::function<void(merchants::ShopConfig&)> edit{};  ///< Of the first shop.
  base::Milliseconds each_way{0};                      ///< So far away is PostgreSQL.
};

class Environment {
 public:
  /// Null if the engine is not installed here: skip the test, visibly.
  static std::unique_ptr<Environment> make(const EnvironmentOptions& options);
  ~Environment();

  base::ManualClock clock;
  base::SeededRandom random{1};
  net::Loop loop{2};
  FakeAcquirer acquirer{loop, clock};
  Acquirers acquirers{{"acquirer", {.test = &acquirer, .production = &acquirer}}};

  [[nodiscard]] TestNode& node() { return *node_; }
  /// A second server on the same database, started when first asked for.
  [[nodiscard]] TestNode& second_node();
  [[nodiscard]] Services& services() { return *node_->services; }
  [[nodiscard]] const merchants::ShopConfig& shop() const { return *shop_; }
  [[nodiscard]] const db::testing::TemporaryDatabase& place() const { return *place_; }
  /// What the database is far away by; only with the option each_way.
  [[nodiscard]] db::testing::FarServer& far_server() { return *far_; }

  template <class F>
  auto read(F work) {
    return must(base::sync_wait(node_->database->read(std::move(work))));
  }
  template <class F>
  auto write(F work) {
    return must(base::sync_wait(node_->database->write(Services::lane(kShop), std::move(work))));
  }
  /// A shop more, in a company and a group of its own.
  void add_shop(const merchants::ShopConfig& shop);
  /// Rows of one topic, the first due first.
  [[nodiscard]] std::vector<OutboxRow> outbox(std::string_view topic);
  /// Dispatches what is due until nothing is; messages without a handler wait.
  void deliver();
  /// The first moment after now at which a job or a message is due; nothing if none is.
  [[nodiscard]] std::optional<base::Time> next_due();
  /// Moves the clock forward to `time`.
  void advance_to(base::Time time);
  /// Transactions whose postings do not sum to zero.
  [[nodiscard]] std::vector<std::string> unbalanced();
  [[nodiscard]] std::int64_t balance_of_payment(const PaymentId& payment, Account account);
  /// Rows of every table that holds something of a payment.
  [[nodiscard]] std::map<std::string, std::int64_t> row_counts();
  /// A proof and a call of the shop's URL, as other folders write them.
  void add_proof_and_delivery(const Transaction& transaction);
  [[nodiscard]] std::int64_t transaction_count(base::ShopId shop);
  /// All contracts of the first shop; its configuration is read again.
  void close_contracts();

 private:
  explicit Environment(base::Time start) : clock(start) {}
  std::unique_ptr<db::testing::TemporaryDatabase> place_;
  std::unique_ptr<db::testing::FarServer> far_;
  db::Options options_;
  std::unique_ptr<TestNode> node_;
  std::unique_ptr<TestNode> second_;
  std::shared_ptr<const merchants::ShopConfig> shop_;
};

}  // namespace acquit::payments::testing

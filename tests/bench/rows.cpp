#include "bench/rows.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "platform/outbox/message_table.h"

ACQUIT_EMBEDDED(sql_payments)
ACQUIT_EMBEDDED(sql_vault)
ACQUIT_EMBEDDED(sql_outbox)

namespace acquit::bench {
namespace {

const db::Statement kPayment = db::load_statement(embedded::sql_payments(), "payments.insert_payment");
const db::Statement kTransaction = db::load_statement(embedded::sql_payments(), "payments.insert_transaction");
const db::Statement kOperation = db::load_statement(embedded::sql_payments(), "payments.insert_operation");
const db::Statement kPosting = db::load_statement(embedded::sql_payments(), "payments.insert_posting");
const db::Statement kCard = db::load_statement(embedded::sql_vault(), "vault.insert_card");
const db::Statement kOutbox = db::load_statement(embedded::sql_outbox(), "outbox.add", {platform::kMessageTable});

constexpr std::int64_t kShop = 69876357;
constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kUntilTonight = kDay / 2;  // Not now, or the server's jobs would capture them meanwhile.
constexpr std::int64_t kZero = 0;
constexpr std::int64_t kOne = 1;
const Value kNull;

std::string new_id() {
  static const base::OsClock kClock;
  static base::OsRandom random;
  return base::id_to_hex(base::new_id_bytes(kClock.now(), random));
}

struct Ids {
  std::string payment = new_id();
  std::string transaction = new_id();
  std::string card = new_id();
  std::uint64_t number = 0;
  std::int64_t amount = 0;
  std::int64_t now = 0;
};

RowToWrite payment_row(const Ids& ids) {
  static const std::string kFields(420, 'f');
  static const std::string kHash(64, 'a');
  const std::string number = std::to_string(ids.number);
  return {&kPayment,
          {kShop,
           ids.payment,
           "TEST",
           "vads",
           "EC",
           "L" + number + "/2026-12-31",
           "bench-" + number,
           ids.amount,
           "EUR",
           "SINGLE",
           "fr",
           kZero,
           kZero,
           "none",
           "CB",
           "email=client%40example.com",
           kFields,
           kHash,
           "",
           kZero,
           kOne,
           ids.now,
           ids.now + 600'000,
           ids.now,
           "",
           "client%40example.com"}};
}

RowToWrite transaction_row(const Ids& ids) {
  return {&kTransaction,
          {kShop,
           ids.transaction,
           ids.payment,
           kNull,
           "debit",
           "authorised",
           kOne,
           kOne,
           ids.amount,
           "EUR",
           kOne,
           "CB",
           ids.card,
           "497200XXXXXX0055",
           std::int64_t{2039},
           std::int64_t{12},
           "",
           kZero,
           kNull,
           ids.now + kUntilTonight,
           kNull,
           ids.now + kUntilTonight,
           "ABCDEF123456",
           kOne,
           ids.now,
           ids.now,
           "00",
           "123456",
           kNull,
           kNull,
           kZero,
           "",
           ids.now,
           kZero,
           ""}};
}

RowToWrite card_row(const Ids& ids) {
  static const std::string kSealed(44, '\x01');
  static const std::string kFingerprint(32, 'b');
  return {
      &kCard,
      {kShop, ids.card, kOne, kSealed, kFingerprint, "497200", "0055", std::int64_t{2039}, std::int64_t{12}, ids.now},
      true};
}

}  // namespace

std::vector<RowToWrite> rows_of_payment(std::uint64_t number) {
  static const base::OsClock kClock;
  const Ids ids{
      .number = number, .amount = 1000 + static_cast<std::int64_t>(number % 9000), .now = base::to_ms(kClock.now())};
  std::vector<RowToWrite> rows{payment_row(ids), transaction_row(ids), card_row(ids)};
  std::string operation;
  for (const char* event : {"create", "authorise", "approve"}) {
    operation = new_id();
    rows.push_back({&kOperation,
                    {kShop, ids.transaction, operation, ids.now, "E_COMMERCE", event, "initiated", "authorising",
                     ids.amount, "EUR", ""}});
  }
  rows.push_back({&kPosting, {kShop, ids.transaction, operation, "buyer", -ids.amount, "EUR", ids.now}});
  rows.push_back({&kPosting, {kShop, ids.transaction, operation, "held", ids.amount, "EUR", ids.now}});
  // Notification, ticket and mail to the merchant.
  for (const char* topic : {"notification", "buyer_ticket", "merchant_mail"}) {
    rows.push_back(
        {&kOutbox,
         {kShop, new_id(), topic, ids.transaction, "rule=end_of_payment&source=PAY", kZero, ids.now, ids.now}});
  }
  return rows;
}

}  // namespace acquit::bench

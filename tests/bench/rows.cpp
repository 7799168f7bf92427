#include "bench/rows.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"

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
const db::Statement kOutbox = db::load_statement(embedded::sql_outbox(), "outbox.add");

constexpr std::int64_t kShop = 69876357;

}  // namespace

std::vector<RowToWrite> rows_of_payment(std::uint64_t number) {
  static const base::OsClock clock;
  static base::OsRandom random;
  const auto id = [] { return base::id_to_hex(base::new_id_bytes(clock.now(), random)); };
  const std::int64_t now = base::to_ms(clock.now());
  const std::string payment = id();
  const std::string transaction = id();
  const std::string card = id();
  const std::int64_t amount = 1000 + static_cast<std::int64_t>(number % 9000);
  const Value null;
  const std::string fields(420, 'f');
  std::vector<RowToWrite> rows;
  rows.push_back({&kPayment,
                  {kShop,
                   payment,
                   "TEST",
                   "vads",
                   "EC",
                   "L" + std::to_string(number),
                   now / 86'400'000,
                   "bench-" + std::to_string(number),
                   amount,
                   "EUR",
                   "SINGLE",
                   "fr",
                   std::int64_t{0},
                   std::int64_t{0},
                   "none",
                   "CB",
                   "email=client%40example.com",
                   fields,
                   std::string(64, 'a'),
                   "",
                   std::int64_t{0},
                   std::int64_t{1},
                   now,
                   now + 600'000,
                   null}});
  rows.push_back({&kTransaction,
                  {kShop,
                   transaction,
                   payment,
                   null,
                   "debit",
                   "authorised",
                   std::int64_t{1},
                   std::int64_t{1},
                   amount,
                   "EUR",
                   std::int64_t{1},
                   "CB",
                   card,
                   "497200XXXXXX0055",
                   std::int64_t{2049},
                   std::int64_t{12},
                   "",
                   std::int64_t{0},
                   null,
                   now,
                   null,
                   now,
                   "ABCDEF123456",
                   std::int64_t{1},
                   now,
                   now,
                   "00",
                   "123456",
                   null,
                   null,
                   std::int64_t{0},
                   "",
                   now}});
  rows.push_back({&kCard,
                  {kShop, card, std::int64_t{1}, std::string(44, '\x01'), std::string(32, 'b'), "497200", "0055",
                   std::int64_t{2049}, std::int64_t{12}, now},
                  true});
  std::string operation;
  for (const char* event : {"create", "authorise", "approve"}) {
    operation = id();
    rows.push_back(
        {&kOperation,
         {kShop, transaction, operation, now, "E_COMMERCE", event, "initiated", "authorising", amount, "EUR", ""}});
  }
  rows.push_back({&kPosting, {kShop, transaction, operation, "buyer", -amount, "EUR", now}});
  rows.push_back({&kPosting, {kShop, transaction, operation, "held", amount, "EUR", now}});
  // Notification, ticket and mail to the merchant.
  for (const char* topic : {"notification", "buyer_ticket", "merchant_mail"}) {
    rows.push_back(
        {&kOutbox, {id(), kShop, topic, transaction, "rule=end_of_payment&source=PAY", std::int64_t{0}, now, now}});
  }
  return rows;
}

}  // namespace acquit::bench

#include "bench/rows.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "payments/store/payment_tables.h"
#include "platform/outbox/message_table.h"

ACQUIT_EMBEDDED(sql_payments)
ACQUIT_EMBEDDED(sql_vault)
ACQUIT_EMBEDDED(sql_outbox)

namespace acquit::bench {
namespace {

db::Statement of_payments(std::string_view name) {
  return db::load_statement(embedded::sql_payments(), "payments." + std::string(name),
                            {payments::kPaymentTable, payments::kTransactionTable, payments::kOperationTable});
}
const db::Statement kPayment = of_payments("insert_payment");
const db::Statement kTransaction = of_payments("insert_transaction");
const db::Statement kOperation = of_payments("insert_operation");
const db::Statement kPosting = of_payments("insert_posting");
const db::Statement kCard = db::load_statement(embedded::sql_vault(), "vault.insert_card");
const db::Statement kOutbox = db::load_statement(embedded::sql_outbox(), "outbox.add", {platform::kMessageTable});

constexpr base::ShopId kShop{69876357};
constexpr std::chrono::hours kUntilTonight{12};  // Not now, or the server's jobs would capture them meanwhile.
constexpr std::int64_t kZero = 0;
constexpr std::int64_t kOne = 1;

const base::OsClock kClock;

base::IdBytes new_id_bytes() {
  static base::OsRandom random;
  return base::new_id_bytes(kClock.now(), random);
}
std::string new_id() { return base::id_to_hex(new_id_bytes()); }

std::vector<Value> values_of(const db::Bound& bound) {
  std::vector<Value> values;
  for (const db::Param& param : bound.params()) {
    values.push_back(std::visit(
        [](const auto& value) -> Value {
          using V = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<V, std::int64_t>) return value;
          if constexpr (std::is_same_v<V, std::string_view>) return std::string(value);
          return std::monostate();
        },
        param.value()));
  }
  return values;
}

struct Ids {
  payments::PaymentId payment{new_id_bytes()};
  payments::TransactionId transaction{new_id_bytes()};
  std::string card = new_id();
  std::uint64_t number = 0;
  base::Money amount;
  base::Time now = kClock.now();
};

RowToWrite payment_row(const Ids& ids) {
  const std::string number = std::to_string(ids.number);
  const payments::Payment payment{.shop = kShop,
                                  .id = ids.payment,
                                  .protocol = "vads",
                                  .key = "L" + number + "/2026-12-31",
                                  .reference = "bench-" + number,
                                  .amount = ids.amount,
                                  .language = "fr",
                                  .means = {.methods = {"CB"}},
                                  .buyer = {.email = "client@example.com"},
                                  .protocol_fields = std::string(420, 'f'),
                                  .request_hash = std::string(64, 'a'),
                                  .notification_url = {},
                                  .attempts_max = 1,
                                  .created_at = ids.now,
                                  .expires_at = ids.now + std::chrono::minutes(10),
                                  .ended_at = ids.now};
  return {&kPayment, values_of(payments::kPaymentTable.bind(payment))};
}

RowToWrite transaction_row(const Ids& ids) {
  const payments::Transaction transaction{
      .shop = kShop,
      .id = ids.transaction,
      .payment = ids.payment,
      .state = payments::State::authorised,
      .amount = ids.amount,
      .contract_id = 1,
      .method = "CB",
      .card = {.id = ids.card, .masked = "497200XXXXXX0055", .expiry_year = 2039, .expiry_month = 12},
      .capture = {.at = ids.now + kUntilTonight},
      .due = {.at = ids.now + kUntilTonight},
      .reference = "ABCDEF123456",
      .trace = connectors::Trace{.stan = 1, .sent_at = ids.now},
      .answer = {.at = ids.now, .response_code = "00", .authorisation_code = "123456"},
      .created_at = ids.now};
  return {&kTransaction, values_of(payments::kTransactionTable.bind(transaction))};
}

RowToWrite operation_row(const Ids& ids, const payments::OperationId& id, const char* event) {
  const payments::Operation operation{.shop = kShop,
                                      .transaction = ids.transaction,
                                      .id = id,
                                      .at = ids.now,
                                      .actor = base::Actor::shop(),
                                      .event = event,
                                      .after = payments::State::authorising,
                                      .amount = ids.amount,
                                      .detail = {}};
  return {&kOperation, values_of(payments::kOperationTable.bind(operation))};
}

RowToWrite card_row(const Ids& ids) {
  static const std::string kSealed(44, '\x01');
  static const std::string kFingerprint(32, 'b');
  return {&kCard,
          {kShop.value(), ids.card, kOne, kSealed, kFingerprint, "497200", "0055", std::int64_t{2039}, std::int64_t{12},
           base::to_ms(ids.now)},
          true};
}

}  // namespace

std::vector<RowToWrite> rows_of_payment(std::uint64_t number) {
  const Ids ids{.number = number,
                .amount = {1000 + static_cast<std::int64_t>(number % 9000), *base::Currency::from_code("EUR")}};
  const std::int64_t now = base::to_ms(ids.now);
  const std::string transaction = ids.transaction.hex();
  std::vector<RowToWrite> rows{payment_row(ids), transaction_row(ids), card_row(ids)};
  payments::OperationId operation{new_id_bytes()};
  for (const char* event : {"create", "authorise", "approve"}) {
    operation = payments::OperationId(new_id_bytes());
    rows.push_back(operation_row(ids, operation, event));
  }
  for (const auto& [account, sign] : {std::pair("buyer", -1), std::pair("held", 1)}) {
    rows.push_back(
        {&kPosting, {kShop.value(), transaction, operation.hex(), account, sign * ids.amount.minor(), "EUR", now}});
  }
  // Notification, ticket and mail to the merchant.
  for (const char* topic : {"notification", "buyer_ticket", "merchant_mail"}) {
    rows.push_back({&kOutbox, {kShop.value(), new_id(), topic, transaction, "rule=end_of_payment", kZero, now, now}});
  }
  return rows;
}

}  // namespace acquit::bench

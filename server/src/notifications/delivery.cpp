#include "notifications/delivery.h"

#include <algorithm>

#include "base/digest.h"
#include "db/statement.h"
#include "http/shown_url.h"
#include "notifications/delivery_table.h"

ACQUIT_EMBEDDED(sql_notifications)

namespace acquit::notifications {
namespace {

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_notifications(), "notifications." + std::string(name), {kDeliveryTable});
}
const db::Statement kInsert = statement("insert");
const db::Statement kFind = statement("find");
const db::Statement kOfTransaction = statement("of_transaction");
const db::Statement kFailed = statement("failed");
const db::Statement kCountFailed = statement("count_failed");
const db::Statement kTold = statement("told");

Delivery shown(Delivery delivery) {
  delivery.target = http::shown_url(delivery.target);
  return delivery;
}

std::int64_t number_of(const std::optional<base::ShopId>& shop) { return shop ? shop->value() : 0; }

}  // namespace

DeliveryId delivery_id(const platform::OutboxId& message, int replay) {
  const base::Sha256 hash = base::sha256(message.hex() + "/" + std::to_string(replay));
  base::IdBytes bytes{};
  std::copy_n(hash.begin(), bytes.size(), bytes.begin());
  return DeliveryId(bytes);
}

base::Result<bool> DeliveryStore::add(db::Tx& tx, const Delivery& delivery) const {
  const std::int64_t since = base::to_ms(delivery.at - kRepeatsWithin);
  ACQUIT_TRY(const std::int64_t rows, tx.change(kInsert, kDeliveryTable.bind(shown(delivery), {since})));
  return rows == 1;
}

// What is read is made fit to be shown again: rows from before hold passwords.
base::Result<std::optional<Delivery>> DeliveryStore::find(db::ReadTx& tx, base::ShopId shop, const DeliveryId& id,
                                                          base::Time now) const {
  ACQUIT_TRY(auto found,
             kDeliveryTable.read(tx.find(kFind, {shop.value(), id.hex(), base::to_ms(now - kRepeatsWithin)})));
  return std::move(found).transform(shown);
}

base::Result<std::vector<Delivery>> DeliveryStore::of_transaction(db::ReadTx& tx, base::ShopId shop,
                                                                  const payments::TransactionId& transaction) const {
  ACQUIT_TRY(auto found, kDeliveryTable.read(tx.query(kOfTransaction, {shop.value(), transaction.hex()})));
  for (Delivery& delivery : found) delivery = shown(std::move(delivery));
  return found;
}

base::Result<std::vector<FailedCall>> DeliveryStore::failed(db::ReadTx& tx, const FailedSearch& search) const {
  ACQUIT_TRY(const db::Rows rows, tx.query(kFailed, {base::to_ms(search.from), base::to_ms(search.until),
                                                     number_of(search.shop), search.limit}));
  std::vector<FailedCall> out;
  out.reserve(rows.size());
  for (const db::Row& row : rows) {
    const auto transaction = payments::TransactionId::parse(row.text(1));
    const auto rule = merchants::parse_rule(row.text(2));
    if (!transaction || !rule) {
      return base::fail(base::ErrorCode::internal, "a delivery about " + row.text(1) + " can't be read");
    }
    out.push_back({.shop = base::ShopId(row.integer(0)),
                   .transaction = *transaction,
                   .rule = *rule,
                   .at = base::time_from_ms(row.integer(3))});
  }
  return out;
}

base::Result<std::int64_t> DeliveryStore::count_failed(db::ReadTx& tx, const FailedSearch& search) const {
  ACQUIT_TRY(const auto row,
             tx.find(kCountFailed, {base::to_ms(search.from), base::to_ms(search.until), number_of(search.shop)}));
  return row ? row->integer(0) : 0;
}

DeliveryStore::Told DeliveryStore::ask_told(db::ReadTx& tx, base::ShopId shop, const payments::PaymentId& payment,
                                            base::Time since) const {
  return Told(tx.ask(kTold, {shop.value(), payment.hex(), base::to_ms(since)}));
}

base::Result<bool> DeliveryStore::Told::of(const payments::TransactionId& transaction) {
  ACQUIT_TRY(const db::Rows rows, asked_.rows());
  return std::ranges::any_of(rows, [&](const db::Row& row) { return row.text(0) == transaction.hex(); });
}

}  // namespace acquit::notifications

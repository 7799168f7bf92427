#include "payments/store/payment_rows.h"

namespace acquit::payments {
namespace {

template <class T>
base::Result<T> require(std::optional<T> value, std::string_view what) {
  if (value) return *std::move(value);
  return base::fail(base::ErrorCode::internal, "the database holds an unknown " + std::string(what));
}

base::Result<base::Money> to_money(const db::Row& row, std::size_t amount, std::size_t currency) {
  ACQUIT_TRY(const base::Currency parsed, require(base::Currency::from_code(row.text(currency)), "currency"));
  return base::Money(row.integer(amount), parsed);
}

std::optional<base::Time> to_time(const db::Row& row, std::size_t column) {
  const auto ms = row.maybe_integer(column);
  return ms ? std::optional(base::time_from_ms(*ms)) : std::nullopt;
}

int to_int(const db::Row& row, std::size_t column) { return static_cast<int>(row.integer(column)); }

}  // namespace

base::Result<Payment> to_payment(const db::Row& row) {
  ACQUIT_TRY(const PaymentId id, require(PaymentId::parse(row.text(1)), "payment id"));
  ACQUIT_TRY(const merchants::Mode mode, require(merchants::parse_mode(row.text(2)), "mode"));
  ACQUIT_TRY(const Source source, require(parse_source(row.text(4)), "source"));
  ACQUIT_TRY(const base::Money amount, to_money(row, 7, 8));
  return Payment{.shop = base::ShopId(row.integer(0)),
                 .id = id,
                 .mode = mode,
                 .protocol = row.text(3),
                 .source = source,
                 .key = row.maybe_text(5).value_or(""),
                 .reference = row.text(6),
                 .amount = amount,
                 .plan = row.text(9),
                 .language = row.text(10),
                 .capture_delay_days = to_int(row, 11),
                 .manual_validation = row.boolean(12),
                 .challenge_preference = parse_challenge_preference(row.text(13)),
                 .methods = row.text(14),
                 .contracts = row.text(24),
                 .buyer = parse_buyer(row.text(15)),
                 .protocol_fields = row.text(16),
                 .request_hash = row.text(17),
                 .notification_url = row.text(18),
                 .attempts = to_int(row, 19),
                 .attempts_max = to_int(row, 20),
                 .created_at = base::time_from_ms(row.integer(21)),
                 .expires_at = base::time_from_ms(row.integer(22)),
                 .ended_at = to_time(row, 23)};
}

base::Result<std::optional<Payment>> to_maybe_payment(const base::Result<std::optional<db::Row>>& found) {
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return to_payment(**found);
}

base::Result<Transaction> to_transaction(const db::Row& row) {
  ACQUIT_TRY(const TransactionId id, require(TransactionId::parse(row.text(1)), "transaction id"));
  ACQUIT_TRY(const PaymentId payment, require(PaymentId::parse(row.text(2)), "payment id"));
  ACQUIT_TRY(const Kind kind, require(parse_kind(row.text(4)), "kind"));
  ACQUIT_TRY(const State state, require(parse_state(row.text(5)), "state"));
  ACQUIT_TRY(const base::Money amount, to_money(row, 8, 9));
  std::optional<connectors::Trace> trace;
  if (const auto stan = row.maybe_integer(23)) {
    trace = connectors::Trace{.stan = static_cast<int>(*stan), .sent_at = to_time(row, 24).value_or(base::Time{})};
  }
  std::optional<Cause> cause;
  if (const auto text = row.maybe_text(28)) {
    ACQUIT_TRY(cause, require(parse_cause(*text), "cause"));
  }
  return Transaction{
      .shop = base::ShopId(row.integer(0)),
      .id = id,
      .payment = payment,
      .parent = row.is_null(3) ? std::nullopt : TransactionId::parse(row.text(3)),
      .kind = kind,
      .state = state,
      .sequence = to_int(row, 6),
      .attempt = to_int(row, 7),
      .amount = amount,
      .contract_id = row.integer(10),
      .method = row.text(11),
      .card = {.id = row.text(12),
               .masked = row.text(13),
               .expiry_year = to_int(row, 14),
               .expiry_month = to_int(row, 15),
               .holder = row.text(16),
               .brand_chosen = row.boolean(33),
               .facts = parse_card_facts(row.text(34))},
      .capture = {.at = base::time_from_ms(row.integer(19)),
                  .manual_validation = row.boolean(17),
                  .validated_at = to_time(row, 18)},
      .due = {.at = to_time(row, 21), .authorise_at = to_time(row, 20)},
      .reference = row.text(22),
      .trace = trace,
      .verification = row.boolean(30),
      .answer = {.at = to_time(row, 25), .response_code = row.text(26), .authorisation_code = row.text(27)},
      .unknown_since = to_time(row, 29),
      .cause = cause,
      .authentication = parse_authentication_result(row.text(31)),
      .created_at = base::time_from_ms(row.integer(32))};
}

base::Result<Operation> to_operation(const db::Row& row) {
  ACQUIT_TRY(const TransactionId transaction, require(TransactionId::parse(row.text(1)), "transaction id"));
  ACQUIT_TRY(const OperationId id, require(OperationId::parse(row.text(2)), "operation id"));
  ACQUIT_TRY(const State before, require(parse_state(row.text(6)), "state"));
  ACQUIT_TRY(const State after, require(parse_state(row.text(7)), "state"));
  ACQUIT_TRY(const base::Money amount, to_money(row, 8, 9));
  return Operation{.shop = base::ShopId(row.integer(0)),
                   .transaction = transaction,
                   .id = id,
                   .at = base::time_from_ms(row.integer(3)),
                   .actor = row.text(4),
                   .event = row.text(5),
                   .before = before,
                   .after = after,
                   .amount = amount,
                   .detail = row.text(10)};
}

}  // namespace acquit::payments

#include "payments/bank_messages.h"

#include <algorithm>
#include <memory>

#include "base/log.h"
#include "base/text.h"
#include "payments/authorise.h"
#include "payments/events.h"

namespace acquit::payments {
namespace {

// Between two repetitions: soon at first, then rarely, for ever.
constexpr std::chrono::seconds kAgainFirst{5};
constexpr std::chrono::seconds kAgainMax{900};

// The acquirer has it, now or from an earlier time whose answer was lost.
bool is_acknowledged(connectors::Receipt receipt, bool repeat) {
  return receipt == connectors::Receipt::accepted || (repeat && receipt == connectors::Receipt::duplicate);
}
// What the acquirer never had needs no taking back.
bool is_reversed(connectors::Receipt receipt, bool repeat) {
  return is_acknowledged(receipt, repeat) || receipt == connectors::Receipt::unknown_record;
}

base::Time again_at(const Context& context, int attempts) {
  const auto wait = kAgainFirst * (1 << std::min(attempts - 1, 8));
  return context.clock.now() + std::min<std::chrono::seconds>(wait, kAgainMax);
}

struct Subject {
  Payment payment;
  Transaction transaction;
  platform::OpenedCard card;
  base::Money authorised;  ///< What the acquirer was asked for; a modification may have lowered the transaction since.
  std::shared_ptr<const merchants::ShopConfig> shop;
  const merchants::Contract* contract = nullptr;
  connectors::Acquirer* acquirer = nullptr;
};

base::Result<base::Money> authorised_amount(const Context& context, db::ReadTx& tx, const Transaction& transaction) {
  if (transaction.verification) return base::Money(0, transaction.amount.currency());
  ACQUIT_TRY(const auto operations, context.store.operations_of(tx, transaction.shop, transaction.id));
  for (const Operation& operation : operations) {
    if (operation.event == to_string(Event::approve) || operation.event == to_string(Event::approve_manual))
      return operation.amount;
  }
  return transaction.amount;
}

base::Task<base::Result<Subject>> load_subject(const Context& context, const platform::OutboxMessage& message) {
  const auto id = TransactionId::parse(message.subject);
  if (!id) co_return base::fail(base::ErrorCode::internal, "the outbox names the transaction " + message.subject);
  ACQUIT_CO_TRY(auto shop, co_await context.directory.find(message.shop));
  ACQUIT_CO_TRY(Subject subject, co_await context.database.read([&](db::ReadTx& tx) -> base::Result<Subject> {
    ACQUIT_TRY(Transaction transaction, context.store.load_transaction(tx, message.shop, *id));
    ACQUIT_TRY(auto payment, context.store.find_payment(tx, message.shop, transaction.payment));
    if (!payment) return base::fail(base::ErrorCode::not_found, "no such payment");
    ACQUIT_TRY(auto card, context.vault.open(tx, message.shop, transaction.card_id));
    ACQUIT_TRY(const base::Money authorised, authorised_amount(context, tx, transaction));
    return Subject{.payment = *std::move(payment),
                   .transaction = std::move(transaction),
                   .card = std::move(card),
                   .authorised = authorised,
                   .shop = nullptr};
  }));
  subject.shop = std::move(shop);
  subject.contract = subject.shop->find_contract(subject.transaction.contract_id);
  if (subject.contract == nullptr)
    co_return base::fail(base::ErrorCode::connector_unavailable, "the shop has no such contract");
  ACQUIT_CO_TRY(subject.acquirer, context.acquirer(*subject.contract, subject.payment.mode));
  co_return subject;
}

connectors::Terminal terminal_of(const Subject& subject) {
  return {.acquirer_id = subject.contract->acquirer_id,
          .terminal_id = subject.contract->terminal_id,
          .merchant_number = subject.contract->merchant_number,
          .category_code = subject.shop->shop.category_code};
}

connectors::Card card_of(const Subject& subject) {
  return {.pan = subject.card.pan, .expiry_year = subject.card.expiry_year, .expiry_month = subject.card.expiry_month};
}

// The payload: a word, and once a message went out its trace: "batch&stan=12&sent_at=1700000000000".
struct Payload {
  std::string why;
  std::optional<connectors::Trace> trace;
};

std::string to_text(const Payload& payload) {
  base::FormFields fields{{"why", payload.why}};
  if (payload.trace) {
    fields.emplace_back("stan", std::to_string(payload.trace->stan));
    fields.emplace_back("sent_at", std::to_string(base::to_ms(payload.trace->sent_at)));
  }
  return base::to_form(fields);
}

Payload parse_payload(const std::string& text) {
  const auto fields = base::parse_form(text);
  if (!fields || fields->size() != 3)
    return {.why = text.starts_with("why=") ? text.substr(4) : text, .trace = std::nullopt};
  const auto stan = base::parse_int<int>((*fields)[1].second);
  const auto sent_at = base::parse_int<std::int64_t>((*fields)[2].second);
  if (!stan || !sent_at) return {.why = (*fields)[0].second, .trace = std::nullopt};
  return {.why = (*fields)[0].second,
          .trace = connectors::Trace{.stan = *stan, .sent_at = base::time_from_ms(*sent_at)}};
}

// The trace of what is about to be sent, written down first: who takes over after a crash names the same message. True
// if a message may have gone out under it before.
base::Task<base::Result<bool>> name_message(const Context& context, const platform::OutboxMessage& message,
                                            Subject& subject, Payload& payload) {
  if (payload.trace) co_return true;
  payload.trace = subject.acquirer->new_trace();
  ACQUIT_CO_CHECK(co_await context.outbox.save_payload(message, to_text(payload)));
  co_return false;
}

// The reversal was acknowledged: a payment whose outcome was unknown can be tried again.
base::Task<base::Result<void>> record_reversed(const Context& context, const Subject& subject, bool batch) {
  co_return co_await context.database.write(
      Context::lane(subject.shop->shop.id), [&](db::Tx& tx) -> base::Result<void> {
        ACQUIT_TRY(Locked locked, context.store.lock_with_payment(tx, subject.shop->shop.id, subject.transaction.id));
        Transaction& transaction = locked.transaction;
        if (transaction.state != State::authorising) return {};
        const base::Time now = context.clock.now();
        const base::Money nothing(0, transaction.amount.currency());
        transaction.unknown_since = std::nullopt;
        if (batch) {
          transaction.due_at = now + std::chrono::minutes(15);
          return context.store.transition(
              tx, transaction,
              {.event = Event::postpone, .actor = kActorBatch, .moved = nothing, .detail = "reversed"});
        }
        transaction.due_at = std::nullopt;
        transaction.response_code = "97";  // Global time-out (lyra.md §1.14).
        ACQUIT_CHECK(context.store.transition(tx, transaction,
                                              {.event = Event::reverse,
                                               .actor = kActorBatch,
                                               .moved = nothing,
                                               .detail = "the reversal was acknowledged"}));
        Payment& payment = locked.payment;
        if (payment.ended_at) return {};
        payment.expires_at = std::max(payment.expires_at, now + std::chrono::minutes(1));
        ACQUIT_CHECK(context.store.write_expiry(tx, payment));
        ACQUIT_CHECK(
            refuse_attempt(context, tx, *subject.shop, std::move(payment), std::move(transaction), Teller::dispatcher));
        return {};
      });
}

base::Task<base::Result<void>> record_acknowledged(const Context& context, const Subject& subject) {
  const Transaction& advised = subject.transaction;
  co_return co_await context.database.write(Context::lane(advised.id), [&](db::Tx& tx) -> base::Result<void> {
    ACQUIT_TRY(const Transaction transaction, context.store.lock_transaction(tx, advised.shop, advised.id));
    ACQUIT_TRY(const bool before, context.store.has_operation(tx, advised.shop, advised.id, kAcknowledged));
    if (before || transaction.state != State::captured) return {};
    return context.store.add_operation(tx, transaction, kAcknowledged, kActorBatch, transaction.amount, {});
  });
}

// None of them was handed over: they wait for the acknowledgement that will not come.
base::Result<void> cancel_refunds(const Context& context, db::Tx& tx, const Transaction& debit) {
  ACQUIT_TRY(const auto transactions, context.store.transactions_of(tx, debit.shop, debit.payment));
  for (const Transaction& listed : transactions) {
    if (listed.parent != debit.id) continue;
    ACQUIT_TRY(Transaction refund, context.store.lock_transaction(tx, listed.shop, listed.id));
    if (refund.state != State::authorised) continue;
    refund.due_at = std::nullopt;
    ACQUIT_CHECK(context.store.transition(tx, refund,
                                          {.event = Event::cancel,
                                           .actor = kActorBatch,
                                           .moved = refund.amount,
                                           .detail = "the bank rejected the debit"}));
    ACQUIT_CHECK(announce(context, tx, refund, kBatchChange));
  }
  return {};
}

base::Task<base::Result<void>> record_rejected(const Context& context, const Subject& subject,
                                               const std::string& code) {
  co_return co_await context.database.write(
      Context::lane(subject.transaction.id), [&](db::Tx& tx) -> base::Result<void> {
        ACQUIT_TRY(Transaction transaction,
                   context.store.lock_transaction(tx, subject.shop->shop.id, subject.transaction.id));
        // Acknowledged before: what the acquirer says of a repetition no longer counts.
        ACQUIT_TRY(const bool before, context.store.has_operation(tx, transaction.shop, transaction.id, kAcknowledged));
        if (before || transaction.state != State::captured) return {};
        ACQUIT_CHECK(context.store.transition(tx, transaction,
                                              {.event = Event::reject_capture,
                                               .actor = kActorBatch,
                                               .moved = transaction.amount,
                                               .detail = "acquirer's answer " + code}));
        ACQUIT_CHECK(cancel_refunds(context, tx, transaction));
        return announce(context, tx, transaction, kBatchChange);
      });
}

}  // namespace

base::Task<platform::OutboxVerdict> send_reversal(const Context& context, const platform::OutboxMessage& message) {
  auto subject = co_await load_subject(context, message);
  Payload payload = parse_payload(message.payload);
  if (!subject) {
    base::log::failed("reversal", subject.error(), {{"transaction", message.subject}});
    co_return platform::OutboxVerdict{.again_at = again_at(context, message.attempts), .payload = std::nullopt};
  }
  const auto repeat = co_await name_message(context, message, *subject, payload);
  if (!repeat) {
    base::log::failed("reversal", repeat.error(), {{"transaction", message.subject}});
    co_return platform::OutboxVerdict{.again_at = again_at(context, message.attempts), .payload = std::nullopt};
  }
  const auto answer =
      co_await subject->acquirer->reverse({.trace = *payload.trace,
                                           .original = subject->transaction.trace.value_or(connectors::Trace{}),
                                           .terminal = terminal_of(*subject),
                                           .card = card_of(*subject),
                                           .amount = subject->authorised,
                                           .reference = subject->transaction.reference,
                                           .repeat = *repeat});
  if (answer && is_reversed(answer->receipt, *repeat)) {
    if (payload.why == "release") co_return platform::OutboxVerdict{};
    const auto recorded = co_await record_reversed(context, *subject, payload.why == "batch");
    if (recorded) co_return platform::OutboxVerdict{};
    base::log::failed("reversal", recorded.error(), {{"transaction", message.subject}});
  } else if (answer) {
    base::log::error("reversal_refused", {{"transaction", message.subject}, {"response_code", answer->response_code}});
  } else {
    base::log::failed("reversal", answer.error(), {{"transaction", message.subject}});
    // Never written to the wire: the next one is still the first.
    if (answer.error().code == base::ErrorCode::connector_unavailable && !*repeat) payload.trace = std::nullopt;
  }
  co_return platform::OutboxVerdict{.again_at = again_at(context, message.attempts), .payload = to_text(payload)};
}

base::Task<platform::OutboxVerdict> send_advice(const Context& context, const platform::OutboxMessage& message) {
  auto subject = co_await load_subject(context, message);
  Payload payload = parse_payload(message.payload);
  if (!subject) {
    base::log::failed("advice", subject.error(), {{"transaction", message.subject}});
    co_return platform::OutboxVerdict{.again_at = again_at(context, message.attempts), .payload = std::nullopt};
  }
  const auto repeat = co_await name_message(context, message, *subject, payload);
  if (!repeat) {
    base::log::failed("advice", repeat.error(), {{"transaction", message.subject}});
    co_return platform::OutboxVerdict{.again_at = again_at(context, message.attempts), .payload = std::nullopt};
  }
  const bool credit = subject->transaction.kind == Kind::credit;
  const auto answer = co_await subject->acquirer->advise(
      {.trace = *payload.trace,
       .kind = credit ? connectors::AdviceKind::credit : connectors::AdviceKind::debit,
       .terminal = terminal_of(*subject),
       .card = card_of(*subject),
       .amount = subject->transaction.amount,
       .reference = subject->transaction.reference,
       .authorisation_code = subject->transaction.authorisation_code,
       .repeat = *repeat});
  if (answer &&
      (answer->receipt == connectors::Receipt::unavailable || answer->receipt == connectors::Receipt::unclear)) {
    base::log::warning("advice_put_off", {{"transaction", message.subject}, {"response_code", answer->response_code}});
  } else if (answer) {
    const auto recorded = is_acknowledged(answer->receipt, *repeat)
                              ? co_await record_acknowledged(context, *subject)
                              : co_await record_rejected(context, *subject, answer->response_code);
    if (recorded) co_return platform::OutboxVerdict{};
    base::log::failed("advice", recorded.error(), {{"transaction", message.subject}});
  } else {
    base::log::failed("advice", answer.error(), {{"transaction", message.subject}});
    if (answer.error().code == base::ErrorCode::connector_unavailable && !*repeat) payload.trace = std::nullopt;
  }
  co_return platform::OutboxVerdict{.again_at = again_at(context, message.attempts), .payload = to_text(payload)};
}

}  // namespace acquit::payments

#include "payments/bank_messages.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "base/log.h"
#include "payments/authorise.h"
#include "payments/calendar.h"
#include "payments/events.h"
#include "payments/late_approvals.h"
#include "payments/message_payload.h"
#include "payments/rejected_capture.h"

namespace acquit::payments {
namespace {

// Between two repetitions: soon at first, then rarely, for ever.
constexpr std::chrono::seconds kAgainFirst{5};
constexpr std::chrono::seconds kAgainMax{900};
// What the bank denies, though it may have it, is asked for rarely until somebody has reconciled it.
constexpr std::chrono::hours kAgainDoubtful{1};

// The acquirer has it, now or from an earlier time whose answer was lost.
bool is_acknowledged(connectors::Receipt receipt) {
  return receipt == connectors::Receipt::accepted || receipt == connectors::Receipt::duplicate;
}

base::Time again_at(const Context& context, int attempts) {
  const auto wait = kAgainFirst * (1 << std::min(attempts - 1, 8));
  return context.clock.now() + std::min<std::chrono::seconds>(wait, kAgainMax);
}

struct Subject {
  Payment payment;
  Transaction transaction;
  platform::OpenedCard card;
  bool settled = false;    ///< Its capture was acknowledged or given up: nothing is to be asked of the bank any more.
  base::Money authorised;  ///< What the acquirer was asked for; a modification may have lowered the transaction since.
  std::shared_ptr<const merchants::ShopConfig> shop;
  const merchants::Contract* contract = nullptr;
  connectors::Acquirer* acquirer = nullptr;
};

base::Money authorised_amount(const Transaction& transaction, const std::vector<Operation>& history) {
  if (transaction.verification) return {0, transaction.amount.currency()};
  const auto approved = std::ranges::find_if(history, [](const Operation& operation) {
    return operation.event == to_string(Event::approve) || operation.event == to_string(Event::approve_manual);
  });
  return approved == history.end() ? transaction.amount : approved->amount;
}

bool is_settled(const Transaction& transaction, const std::vector<Operation>& history) {
  return transaction.state != State::captured ||
         std::ranges::find(history, kAcknowledged, &Operation::event) != history.end();
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
    ACQUIT_TRY(const auto history, context.store.operations_of(tx, message.shop, *id));
    const base::Money authorised = authorised_amount(transaction, history);
    const bool settled = is_settled(transaction, history);
    return Subject{.payment = *std::move(payment),
                   .transaction = std::move(transaction),
                   .card = std::move(card),
                   .settled = settled,
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

struct Sending {
  bool repeat = false;  ///< A message may have gone out under this trace before.
  bool lost = false;    ///< And perhaps it was answered, which nobody read.
};

// The trace of what is about to be sent, written down first: who takes over after a crash names the same message, and
// knows that its answer may be lost.
base::Task<base::Result<Sending>> name_message(const Context& context, const platform::OutboxMessage& message,
                                               Subject& subject, MessagePayload& payload) {
  const Sending sending{.repeat = payload.trace.has_value(), .lost = payload.lost};
  if (sending.lost) co_return sending;
  if (!payload.trace) payload.trace = subject.acquirer->new_trace();
  payload.lost = true;
  ACQUIT_CO_CHECK(co_await context.outbox.save_payload(message, to_text(payload)));
  co_return sending;
}

// What is known once the message has been tried: an answer was read, or it never left.
void settle(MessagePayload& payload, const Sending& sending, const base::Result<connectors::MessageAnswer>& answer) {
  const bool unsent = !answer && connectors::is_unsent(answer.error());
  if (unsent && !sending.repeat) payload.trace = std::nullopt;  // The next one is still the first.
  const bool read = answer && answer->receipt != connectors::Receipt::unclear;
  if (unsent || read) payload.lost = sending.lost;
}

// The reversal was acknowledged: a payment whose outcome was unknown can be tried again.
base::Task<base::Result<void>> record_reversed(const Context& context, const Subject& subject, bool batch,
                                               std::string detail) {
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
              tx, transaction, {.event = Event::postpone, .actor = kActorBatch, .moved = nothing, .detail = detail});
        }
        transaction.due_at = std::nullopt;
        transaction.response_code = "97";  // Global time-out (lyra.md §1.14).
        ACQUIT_CHECK(context.store.transition(
            tx, transaction, {.event = Event::reverse, .actor = kActorBatch, .moved = nothing, .detail = detail}));
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
  const db::LaneKey advised_lane = Context::lane(advised.shop, advised.id);
  co_return co_await context.database.write(advised_lane, [&](db::Tx& tx) -> base::Result<void> {
    ACQUIT_TRY(const Transaction transaction, context.store.lock_transaction(tx, advised.shop, advised.id));
    ACQUIT_TRY(const bool before, context.store.has_operation(tx, advised.shop, advised.id, kAcknowledged));
    // A person settled it meanwhile, and not as the bank says now.
    if (!before && transaction.state == State::capture_failed) {
      base::log::error("acknowledged_after_rejection", {{"transaction", advised.id.hex()}});
    } else if (transaction.state != State::captured) {
      return {};
    }
    if (before) return {};
    return context.store.add_operation(tx, transaction, kAcknowledged, kActorBatch, transaction.amount, {});
  });
}

// The bank denies it, but an answer was lost: it may have it. A person or the reconciliation decides, and until then
// the books say what was handed over.
base::Task<base::Result<void>> record_doubtful(const Context& context, const Subject& subject,
                                               const std::string& code) {
  const Transaction& advised = subject.transaction;
  base::log::error("capture_doubtful", {{"transaction", advised.id.hex()}, {"response_code", code}});
  const db::LaneKey advised_lane = Context::lane(advised.shop, advised.id);
  co_return co_await context.database.write(advised_lane, [&](db::Tx& tx) -> base::Result<void> {
    ACQUIT_TRY(const Transaction transaction, context.store.lock_transaction(tx, advised.shop, advised.id));
    ACQUIT_TRY(const bool before, context.store.has_operation(tx, advised.shop, advised.id, kCaptureDoubtful));
    if (before || transaction.state != State::captured) return {};
    return context.store.add_operation(tx, transaction, kCaptureDoubtful, kActorBatch, transaction.amount,
                                       "acquirer's answer " + code + "; the bank may have it: to be reconciled");
  });
}

base::Task<base::Result<void>> record_rejected(const Context& context, const Subject& subject,
                                               const std::string& code) {
  const Transaction& advised = subject.transaction;
  co_return co_await context.database.write(
      Context::lane(advised.shop, advised.id), [&](db::Tx& tx) -> base::Result<void> {
        ACQUIT_TRY(Transaction transaction, context.store.lock_transaction(tx, advised.shop, advised.id));
        // Acknowledged before: what the acquirer says of a repetition no longer counts.
        ACQUIT_TRY(const bool before, context.store.has_operation(tx, transaction.shop, transaction.id, kAcknowledged));
        if (before || transaction.state != State::captured) return {};
        return reject_capture(context, tx, transaction,
                              {.actor = kActorBatch, .source = kBatchChange, .why = "acquirer's answer " + code});
      });
}

// When the buyer's card was presented; a refund has no authorisation of its own.
base::Time made_at(const Transaction& transaction) {
  return transaction.trace ? transaction.trace->sent_at : transaction.created_at;
}

connectors::Reversal reversal_of(const Subject& subject, const MessagePayload& payload, bool repeat) {
  const Transaction& transaction = subject.transaction;
  connectors::Reversal reversal{.trace = *payload.trace,
                                .original = transaction.trace.value_or(connectors::Trace{}),
                                .terminal = terminal_of(subject),
                                .card = card_of(subject),
                                .amount = subject.authorised,
                                .reference = transaction.reference,
                                .repeat = repeat,
                                .local_time = local_time(made_at(transaction), subject.shop->shop.timezone)};
  if (payload.original) {
    reversal.local_time = local_time(payload.original->trace.sent_at, subject.shop->shop.timezone);
    reversal.original = payload.original->trace;
    reversal.reference = payload.original->reference;
    reversal.amount = base::Money(payload.original->minor, transaction.amount.currency());
  }
  return reversal;
}

// "Never heard of it", and yet it was approved: the reversal was there before the authorisation. Asked once more.
base::Task<base::Result<bool>> must_insist(const Context& context, const Subject& subject,
                                           const MessagePayload& payload, connectors::Receipt receipt) {
  if (receipt != connectors::Receipt::unknown_record || payload.insisted || payload.original) co_return false;
  co_return co_await context.database.read([&](db::ReadTx& tx) {
    return context.store.has_operation(tx, subject.transaction.shop, subject.transaction.id, kLateApproval);
  });
}

// True if it is over.
base::Task<base::Result<bool>> take_reversal_answer(const Context& context, const Subject& subject,
                                                    MessagePayload& payload, const connectors::MessageAnswer& answer) {
  ACQUIT_CO_TRY(const bool insist, co_await must_insist(context, subject, payload, answer.receipt));
  if (insist) {
    payload.trace = std::nullopt;
    payload.lost = false;
    payload.insisted = true;
    co_return false;
  }
  if (!is_acknowledged(answer.receipt) && answer.receipt != connectors::Receipt::unknown_record) {
    base::log::error("reversal_refused",
                     {{"transaction", subject.transaction.id.hex()}, {"response_code", answer.response_code}});
    co_return false;
  }
  const bool ends_unknown = payload.why.empty() || payload.why == kReverseBatch;
  if (ends_unknown) {
    std::string detail(is_acknowledged(answer.receipt) ? kReversalAcknowledged : "the acquirer never had it");
    ACQUIT_CO_CHECK(co_await record_reversed(context, subject, payload.why == kReverseBatch, std::move(detail)));
  }
  co_return true;
}

enum class Advised : std::uint8_t { over, again, doubtful };

base::Task<base::Result<Advised>> take_advice_answer(const Context& context, const Subject& subject,
                                                     const Sending& sending, const connectors::MessageAnswer& answer) {
  using connectors::Receipt;
  const bool denied = answer.receipt == Receipt::rejected || answer.receipt == Receipt::unknown_record;
  if (is_acknowledged(answer.receipt)) {
    ACQUIT_CO_CHECK(co_await record_acknowledged(context, subject));
    co_return Advised::over;
  }
  if (denied && !sending.lost) {
    ACQUIT_CO_CHECK(co_await record_rejected(context, subject, answer.response_code));
    co_return Advised::over;
  }
  if (denied || answer.receipt == Receipt::unclear) {
    ACQUIT_CO_CHECK(co_await record_doubtful(context, subject, answer.response_code));
    co_return Advised::doubtful;
  }
  base::log::warning("advice_put_off",
                     {{"transaction", subject.transaction.id.hex()}, {"response_code", answer.response_code}});
  co_return Advised::again;
}

connectors::Advice advice_of(const Subject& subject, const MessagePayload& payload, bool repeat) {
  const bool credit = subject.transaction.kind == Kind::credit;
  return {.trace = *payload.trace,
          .kind = credit ? connectors::AdviceKind::credit : connectors::AdviceKind::debit,
          .terminal = terminal_of(subject),
          .card = card_of(subject),
          .amount = subject.transaction.amount,
          .reference = subject.transaction.reference,
          .authorisation_code = subject.transaction.authorisation_code,
          .repeat = repeat,
          .entry = entry_of(subject.payment.source, subject.transaction.authorise_at.has_value()),
          .local_time = local_time(made_at(subject.transaction), subject.shop->shop.timezone)};
}

using Exchange = std::function<base::Task<base::Result<connectors::MessageAnswer>>(const Subject&, bool repeat)>;

struct Exchanged {
  Sending sending;
  connectors::MessageAnswer answer;
};

// Names the message, sends it, and keeps in `payload` what is known of it then.
base::Task<base::Result<Exchanged>> exchange(const Context& context, const platform::OutboxMessage& message,
                                             Subject& subject, MessagePayload& payload, const Exchange& send) {
  ACQUIT_CO_TRY(const Sending sending, co_await name_message(context, message, subject, payload));
  auto answer = co_await send(subject, sending.repeat);
  settle(payload, sending, answer);
  if (!answer) co_return std::unexpected(answer.error());
  co_return Exchanged{.sending = sending, .answer = *std::move(answer)};
}

base::Task<base::Result<bool>> try_reversal(const Context& context, const platform::OutboxMessage& message,
                                            MessagePayload& payload) {
  ACQUIT_CO_TRY(Subject subject, co_await load_subject(context, message));
  const Exchange send = [&](const Subject& of, bool repeat) {
    return of.acquirer->reverse(reversal_of(of, payload, repeat));
  };
  ACQUIT_CO_TRY(const Exchanged done, co_await exchange(context, message, subject, payload, send));
  co_return co_await take_reversal_answer(context, subject, payload, done.answer);
}

base::Task<base::Result<Advised>> try_advice(const Context& context, const platform::OutboxMessage& message,
                                             MessagePayload& payload) {
  ACQUIT_CO_TRY(Subject subject, co_await load_subject(context, message));
  if (subject.settled) co_return Advised::over;
  const Exchange send = [&](const Subject& of, bool repeat) {
    return of.acquirer->advise(advice_of(of, payload, repeat));
  };
  ACQUIT_CO_TRY(const Exchanged done, co_await exchange(context, message, subject, payload, send));
  co_return co_await take_advice_answer(context, subject, done.sending, done.answer);
}

}  // namespace

base::Task<platform::OutboxVerdict> send_reversal(const Context& context, const platform::OutboxMessage& message) {
  MessagePayload payload = parse_payload(message.payload);
  const auto sent = co_await try_reversal(context, message, payload);
  if (sent && *sent) co_return platform::OutboxVerdict{};
  if (!sent) base::log::failed("reversal", sent.error(), {{"transaction", message.subject}});
  co_return platform::OutboxVerdict{.again_at = again_at(context, message.attempts), .payload = to_text(payload)};
}

base::Task<platform::OutboxVerdict> send_advice(const Context& context, const platform::OutboxMessage& message) {
  MessagePayload payload = parse_payload(message.payload);
  const auto sent = co_await try_advice(context, message, payload);
  if (sent && *sent == Advised::over) co_return platform::OutboxVerdict{};
  if (!sent) base::log::failed("advice", sent.error(), {{"transaction", message.subject}});
  const bool doubtful = sent && *sent == Advised::doubtful;
  co_return platform::OutboxVerdict{
      .again_at = doubtful ? context.clock.now() + kAgainDoubtful : again_at(context, message.attempts),
      .payload = to_text(payload)};
}

}  // namespace acquit::payments

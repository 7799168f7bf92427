#include "payments/bank/bank_messages.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "base/log.h"
#include "payments/bank/authorise.h"
#include "payments/bank/doubts.h"
#include "payments/bank/late_approvals.h"
#include "payments/bank/message_payload.h"
#include "payments/bank/rejected_capture.h"
#include "payments/bank/reversed.h"
#include "payments/ending/announcements.h"
#include "payments/nouns/calendar.h"

namespace acquit::payments {
namespace {

// The acquirer has it, now or from an earlier time whose answer was lost.
bool is_acknowledged(connectors::Receipt receipt) {
  return receipt == connectors::Receipt::accepted || receipt == connectors::Receipt::duplicate;
}

// What a message to the bank is about, and what sending it takes.
struct Errand : PaymentPart {
  platform::OpenedCard card;
  bool settled = false;    ///< Its capture was acknowledged or given up: nothing is to be asked of the bank any more.
  base::Money authorised;  ///< What the acquirer was asked for; a modification may have lowered the transaction since.
  std::shared_ptr<const merchants::ShopConfig> shop;
  const merchants::Contract* contract = nullptr;
  connectors::Acquirer* acquirer = nullptr;
};

base::Money authorised_amount(const Transaction& transaction, const std::vector<Operation>& history) {
  if (transaction.verification) return base::Money::zero(transaction.amount.currency());
  const auto approved = std::ranges::find_if(history, [](const Operation& operation) {
    return operation.event == to_string(Event::approve) || operation.event == to_string(Event::approve_manual);
  });
  return approved == history.end() ? transaction.amount : approved->amount;
}

bool is_settled(const Transaction& transaction, const std::vector<Operation>& history) {
  return transaction.state != State::captured ||
         std::ranges::find(history, kAcknowledged, &Operation::event) != history.end();
}

base::Task<base::Result<Errand>> load_errand(const Services& services, const platform::OutboxMessage& message) {
  const auto id = TransactionId::parse(message.subject);
  if (!id) co_return base::fail(base::ErrorCode::internal, "the outbox names the transaction " + message.subject);
  ACQUIT_CO_TRY(auto shop, co_await services.directory.find(message.shop));
  ACQUIT_CO_TRY(Errand errand, co_await services.database.read([&](db::ReadTx& tx) -> base::Result<Errand> {
    ACQUIT_TRY(Transaction transaction, services.store.load_transaction(tx, message.shop, *id));
    ACQUIT_TRY(auto payment, services.store.find_payment(tx, message.shop, transaction.payment));
    if (!payment) return base::fail(base::ErrorCode::not_found, "no such payment");
    ACQUIT_TRY(auto card, services.vault.open(tx, message.shop, transaction.card.id));
    ACQUIT_TRY(const auto history, services.store.operations_of(tx, message.shop, *id));
    const base::Money authorised = authorised_amount(transaction, history);
    const bool settled = is_settled(transaction, history);
    return Errand{{*std::move(payment), std::move(transaction)}, std::move(card), settled, authorised, nullptr};
  }));
  errand.shop = std::move(shop);
  errand.contract = errand.shop->find_contract(errand.transaction.contract_id);
  if (errand.contract == nullptr) co_return services.unsendable("the shop has no such contract");
  ACQUIT_CO_TRY(errand.acquirer, services.acquirer(*errand.contract, errand.payment.mode));
  co_return errand;
}

connectors::Terminal terminal_of(const Errand& errand) {
  return {.acquirer_id = errand.contract->acquirer_id,
          .terminal_id = errand.contract->terminal_id,
          .merchant_number = errand.contract->merchant_number,
          .category_code = errand.shop->shop.category_code};
}

connectors::Card card_of(const Errand& errand) {
  return {.pan = errand.card.pan, .expiry_year = errand.card.expiry_year, .expiry_month = errand.card.expiry_month};
}

struct Sending {
  bool repeat = false;  ///< A message may have gone out under this trace before.
  bool lost = false;    ///< And perhaps it was answered, which nobody read.
};

// The trace of what is about to be sent, written down first: who takes over after a crash names the same message, and
// knows that its answer may be lost.
base::Task<base::Result<Sending>> name_message(const Services& services, const platform::OutboxMessage& message,
                                               Errand& errand, MessagePayload& payload) {
  const Sending sending{.repeat = payload.trace.has_value(), .lost = payload.lost};
  if (sending.lost) co_return sending;
  if (!payload.trace) payload.trace = errand.acquirer->new_trace();
  payload.lost = true;
  ACQUIT_CO_CHECK(co_await services.outbox.save_payload(message, to_text(payload)));
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
base::Task<base::Result<void>> record_reversed(const Services& services, const Errand& errand, bool batch,
                                               std::string detail) {
  co_return co_await services.database.write(Services::lane(errand.shop->shop.id), [&](db::Tx& tx) {
    return end_reversed(services, tx, *errand.shop, errand.transaction.id,
                        {.actor = base::Actor::job(), .batch = batch, .detail = detail});
  });
}

base::Task<base::Result<void>> record_acknowledged(const Services& services, const Errand& errand) {
  const Transaction& advised = errand.transaction;
  const db::LaneKey advised_lane = Services::lane(advised.shop, advised.id);
  co_return co_await services.database.write(advised_lane, [&](db::Tx& tx) -> base::Result<void> {
    ACQUIT_TRY(const Transaction transaction, services.store.lock_transaction(tx, advised.shop, advised.id));
    ACQUIT_TRY(const bool before, services.store.has_operation(tx, advised.shop, advised.id, kAcknowledged));
    // A person settled it meanwhile, and not as the bank says now.
    if (!before && transaction.state == State::capture_failed) {
      base::log::error("acknowledged_after_rejection", {{"transaction", advised.id.hex()}});
    } else if (transaction.state != State::captured) {
      return {};
    }
    if (before) return {};
    return services.store.add_operation(tx, transaction, kAcknowledged, base::Actor::job(), transaction.amount, {});
  });
}

base::Task<base::Result<void>> record_rejected(const Services& services, const Errand& errand,
                                               const std::string& code) {
  const Transaction& advised = errand.transaction;
  co_return co_await services.database.write(
      Services::lane(advised.shop, advised.id), [&](db::Tx& tx) -> base::Result<void> {
        ACQUIT_TRY(Transaction transaction, services.store.lock_transaction(tx, advised.shop, advised.id));
        // Acknowledged before: what the acquirer says of a repetition no longer counts.
        ACQUIT_TRY(const bool before,
                   services.store.has_operation(tx, transaction.shop, transaction.id, kAcknowledged));
        if (before || transaction.state != State::captured) return {};
        return reject_capture(
            services, tx, transaction,
            {.actor = base::Actor::job(), .rule = merchants::Rule::batch_change, .why = "acquirer's answer " + code});
      });
}

// When the buyer's card was presented; a refund has no authorisation of its own.
base::Time made_at(const Transaction& transaction) {
  return transaction.trace ? transaction.trace->sent_at : transaction.created_at;
}

connectors::Reversal reversal_of(const Errand& errand, const MessagePayload& payload, bool repeat) {
  const Transaction& transaction = errand.transaction;
  connectors::Reversal reversal{.trace = *payload.trace,
                                .original = transaction.trace.value_or(connectors::Trace{}),
                                .terminal = terminal_of(errand),
                                .card = card_of(errand),
                                .amount = errand.authorised,
                                .reference = transaction.reference,
                                .repeat = repeat,
                                .local_time = local_time(made_at(transaction), errand.shop->shop.timezone)};
  if (payload.original) {
    reversal.local_time = local_time(payload.original->trace.sent_at, errand.shop->shop.timezone);
    reversal.original = payload.original->trace;
    reversal.reference = payload.original->reference;
    reversal.amount = base::Money(payload.original->minor, transaction.amount.currency());
  }
  return reversal;
}

// "Never heard of it", and yet it was approved: the reversal was there before the authorisation. Asked once more.
base::Task<base::Result<bool>> must_insist(const Services& services, const Errand& errand,
                                           const MessagePayload& payload, connectors::Receipt receipt) {
  if (receipt != connectors::Receipt::unknown_record || payload.insisted || payload.original) co_return false;
  co_return co_await services.database.read([&](db::ReadTx& tx) {
    return services.store.has_operation(tx, errand.transaction.shop, errand.transaction.id, kLateApproval);
  });
}

// Whatever else the bank answers to a reversal, it may hold the buyer's money: it is asked again, and is in doubt in
// the end.
base::Task<base::Result<BankTry>> take_reversal_answer(const Services& services, const Errand& errand,
                                                       MessagePayload& payload,
                                                       const connectors::MessageAnswer& answer) {
  ACQUIT_CO_TRY(const bool insist, co_await must_insist(services, errand, payload, answer.receipt));
  if (insist) {
    payload.trace = std::nullopt;
    payload.lost = false;
    payload.insisted = true;
    co_return BankTry{.course = Course::again};
  }
  if (!is_acknowledged(answer.receipt) && answer.receipt != connectors::Receipt::unknown_record) {
    base::log::error("reversal_refused",
                     {{"transaction", errand.transaction.id.hex()}, {"response_code", answer.response_code}});
    co_return BankTry{.course = Course::again, .said = "acquirer's answer " + answer.response_code};
  }
  if (ends_unknown(payload)) {
    std::string detail(is_acknowledged(answer.receipt) ? kReversalAcknowledged : "the acquirer never had it");
    ACQUIT_CO_CHECK(co_await record_reversed(services, errand, payload.why == kReverseBatch, std::move(detail)));
  }
  co_return BankTry{.course = Course::over};
}

// A capture that the bank denies is rejected if it surely does not have it, and in doubt if an answer was lost.
base::Task<base::Result<BankTry>> take_advice_answer(const Services& services, const Errand& errand,
                                                     const Sending& sending, const connectors::MessageAnswer& answer) {
  using connectors::Receipt;
  const bool denied = answer.receipt == Receipt::rejected || answer.receipt == Receipt::unknown_record;
  if (is_acknowledged(answer.receipt)) {
    ACQUIT_CO_CHECK(co_await record_acknowledged(services, errand));
    co_return BankTry{.course = Course::over};
  }
  if (denied && !sending.lost) {
    ACQUIT_CO_CHECK(co_await record_rejected(services, errand, answer.response_code));
    co_return BankTry{.course = Course::over};
  }
  const std::string said = "acquirer's answer " + answer.response_code;
  if (denied || answer.receipt == Receipt::unclear) co_return BankTry{.course = Course::doubtful, .said = said};
  base::log::warning("advice_put_off",
                     {{"transaction", errand.transaction.id.hex()}, {"response_code", answer.response_code}});
  co_return BankTry{.course = Course::again, .said = said};
}

connectors::Advice advice_of(const Errand& errand, const MessagePayload& payload, bool repeat) {
  const bool credit = errand.transaction.kind == Kind::credit;
  return {.trace = *payload.trace,
          .kind = credit ? connectors::AdviceKind::credit : connectors::AdviceKind::debit,
          .terminal = terminal_of(errand),
          .card = card_of(errand),
          .amount = errand.transaction.amount,
          .reference = errand.transaction.reference,
          .authorisation_code = errand.transaction.answer.authorisation_code,
          .repeat = repeat,
          .entry = entry_of(errand.payment.source, errand.transaction.due.authorise_at.has_value()),
          .local_time = local_time(made_at(errand.transaction), errand.shop->shop.timezone)};
}

using Exchange = std::function<base::Task<base::Result<connectors::MessageAnswer>>(const Errand&, bool repeat)>;

struct Exchanged {
  Sending sending;
  connectors::MessageAnswer answer;
};

// Names the message, sends it, and keeps in `payload` what is known of it then.
base::Task<base::Result<Exchanged>> exchange(const Services& services, const platform::OutboxMessage& message,
                                             Errand& errand, MessagePayload& payload, const Exchange& send) {
  ACQUIT_CO_TRY(const Sending sending, co_await name_message(services, message, errand, payload));
  auto answer = co_await send(errand, sending.repeat);
  settle(payload, sending, answer);
  if (!answer) co_return std::unexpected(answer.error());
  co_return Exchanged{.sending = sending, .answer = *std::move(answer)};
}

base::Task<base::Result<BankTry>> try_reversal(const Services& services, const platform::OutboxMessage& message,
                                               MessagePayload& payload) {
  if (is_given_up(payload)) co_return BankTry{.course = Course::doubtful};
  ACQUIT_CO_TRY(Errand errand, co_await load_errand(services, message));
  const Exchange send = [&](const Errand& of, bool repeat) {
    return of.acquirer->reverse(reversal_of(of, payload, repeat));
  };
  ACQUIT_CO_TRY(const Exchanged done, co_await exchange(services, message, errand, payload, send));
  co_return co_await take_reversal_answer(services, errand, payload, done.answer);
}

base::Task<base::Result<BankTry>> try_advice(const Services& services, const platform::OutboxMessage& message,
                                             MessagePayload& payload) {
  ACQUIT_CO_TRY(Errand errand, co_await load_errand(services, message));
  if (errand.settled) co_return BankTry{.course = Course::over};
  if (is_given_up(payload)) co_return BankTry{.course = Course::doubtful};
  const Exchange send = [&](const Errand& of, bool repeat) {
    return of.acquirer->advise(advice_of(of, payload, repeat));
  };
  ACQUIT_CO_TRY(const Exchanged done, co_await exchange(services, message, errand, payload, send));
  co_return co_await take_advice_answer(services, errand, done.sending, done.answer);
}

}  // namespace

base::Task<platform::OutboxVerdict> send_reversal(const Services& services, const platform::OutboxMessage& message) {
  MessagePayload payload = parse_payload(message.payload);
  const auto tried = co_await try_reversal(services, message, payload);
  co_return co_await verdict_on(services, message, std::move(payload), tried);
}

base::Task<platform::OutboxVerdict> send_advice(const Services& services, const platform::OutboxMessage& message) {
  MessagePayload payload = parse_payload(message.payload);
  const auto tried = co_await try_advice(services, message, payload);
  co_return co_await verdict_on(services, message, std::move(payload), tried);
}

}  // namespace acquit::payments

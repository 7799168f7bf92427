#include "payments/bank/authorise.h"

#include "base/log.h"
#include "payments/bank/late_approvals.h"
#include "payments/ending/announcements.h"
#include "payments/ending/instalments.h"
#include "payments/nouns/calendar.h"

namespace acquit::payments {
namespace {

// Said in the acquirer's place when it could not be asked: server unavailable (lyra.md §1.14).
constexpr std::string_view kUnavailable = "98";

std::optional<connectors::AuthenticationProof> proof_of(const AuthenticationResult& authentication) {
  if (!authentication.has_proof()) return std::nullopt;
  return connectors::AuthenticationProof{.eci = authentication.eci,
                                         .cavv = authentication.cavv,
                                         .ds_transaction_id = authentication.ds_transaction_id,
                                         .version = authentication.version};
}

// The capture lies beyond the life of an authorisation: ask about the card now, for the money near the day.
bool asks_for_card_only(const merchants::ShopConfig& shop, const Transaction& transaction, base::Time now) {
  return !within_authorisation_life(now, transaction.capture.at, shop.shop.timezone);
}

connectors::Authorisation request_for(const merchants::Shop& shop, const merchants::Contract& contract,
                                      const Payment& payment, const Transaction& transaction, const CardEntry& card,
                                      bool later) {
  return {.trace = *transaction.trace,
          .terminal = {.acquirer_id = contract.acquirer_id,
                       .terminal_id = contract.terminal_id,
                       .merchant_number = contract.merchant_number,
                       .category_code = shop.category_code},
          .card = {.pan = card.pan, .expiry_year = card.expiry_year, .expiry_month = card.expiry_month},
          .security_code = card.security_code.empty() ? std::nullopt : std::optional(card.security_code),
          .amount = transaction.verification ? base::Money::zero(transaction.amount.currency()) : transaction.amount,
          .entry = entry_of(payment.source, later),
          .verification = transaction.verification,
          .reference = transaction.reference,
          .proof = proof_of(transaction.authentication),
          .subject = subject_of(transaction),
          .local_time = local_time(transaction.trace->sent_at, shop.timezone)};
}

// What an approved transaction becomes, and when a job has to look at it.
Event approve_event(Transaction& transaction, base::Time now) {
  if (transaction.verification) {
    transaction.await_authorisation(now);
    return Event::verify;
  }
  if (transaction.capture.awaits_validation()) {
    transaction.due.at = now + kAuthorisationLife;
    return Event::approve_manual;
  }
  transaction.due.at = transaction.capture.at;
  return Event::approve;
}

connectors::LateApproval approval_of(const Transaction& asked) {
  return {.subject = subject_of(asked),
          .trace = *asked.trace,
          .reference = asked.reference,
          .amount = asked.verification ? base::Money::zero(asked.amount.currency()) : asked.amount};
}

class Recorder {
 public:
  Recorder(const Services& services, const merchants::ShopConfig& shop, bool can_authenticate, bool batch)
      : services_(services), shop_(shop), can_authenticate_(can_authenticate), batch_(batch) {}

  /// `attempt` is what the intent committed. Nobody else changes a transaction that is authorising but the resolver; if
  /// it was faster, what it decided stands.
  base::Result<StepResult> record(db::Tx& tx, const StepResult& attempt,
                                  const base::Result<connectors::AuthorisationAnswer>& answer) {
    auto recorded = record_outcome(tx, static_cast<const PaymentPart&>(attempt), answer);
    if (recorded) recorded->verdict = answer ? answer->verdict : connectors::Verdict::unavailable;
    if (recorded || recorded.error().code != base::ErrorCode::wrong_state) return recorded;
    const Transaction& asked = attempt.transaction;
    ACQUIT_TRY(PaymentPart decided, services_.store.lock_with_payment(tx, shop_.shop.id, asked.id));
    // The reversal may have come to the acquirer before what it reverses.
    if (answer && may_hold_money(answer->verdict)) {
      ACQUIT_CHECK(note_late_approval(services_, tx, asked.id, shop_.shop.id, approval_of(asked)));
    }
    StepResult result{std::move(decided)};
    result.verdict = connectors::Verdict::unavailable;
    return result;
  }

 private:
  base::Result<StepResult> record_outcome(db::Tx& tx, PaymentPart part,
                                          const base::Result<connectors::AuthorisationAnswer>& answer) {
    const base::Time now = services_.clock.now();
    if (!answer && !connectors::is_unsent(answer.error())) {
      return record_unknown(tx, std::move(part), now);
    }
    if (!answer && !batch_) {
      return record_withdrawn(tx, std::move(part), answer.error());
    }
    part.transaction.answer.at = now;
    if (answer) return record_answer(tx, std::move(part), *answer);
    part.transaction.answer.response_code = kUnavailable;
    part.transaction.answer.authorisation_code.clear();
    return record_postponed(tx, std::move(part), now);
  }

  base::Result<StepResult> record_answer(db::Tx& tx, PaymentPart part, const connectors::AuthorisationAnswer& answer) {
    const base::Time now = *part.transaction.answer.at;
    part.transaction.answer.response_code = answer.response_code;
    part.transaction.answer.authorisation_code = answer.authorisation_code;
    if (answer.verdict == connectors::Verdict::approved) {
      return record_approval(tx, std::move(part), now);
    }
    if (answer.verdict == connectors::Verdict::soft_decline && can_authenticate_) {
      return record_step_up(tx, std::move(part));
    }
    std::string detail = "acquirer's answer " + answer.response_code;
    if (connectors::may_hold_money(answer.verdict)) {
      // No protocol asks for a part of an amount, so whatever was approved is given back.
      detail += answer.verdict == connectors::Verdict::approved_partially ? ", a part of the amount" : ", unclear";
      detail += "; a reversal is under way";
      ACQUIT_CHECK(
          services_.outbox.add(tx, part.transaction.shop, kTopicReversal, part.transaction.id.hex(), "release", now));
    }
    return record_decline(tx, std::move(part), detail);
  }

  base::Money nothing(const Transaction& transaction) const { return base::Money::zero(transaction.amount.currency()); }

  base::Result<StepResult> record_unknown(db::Tx& tx, PaymentPart part, base::Time now) {
    part.transaction.unknown_since = now;
    part.transaction.due.at = std::nullopt;
    ACQUIT_CHECK(services_.store.update_transaction(tx, part.transaction));
    ACQUIT_CHECK(services_.store.add_operation(tx, part.transaction, "outcome_unknown", base::Actor::job(),
                                               part.transaction.amount,
                                               "no answer from the acquirer; a reversal is under way"));
    ACQUIT_CHECK(services_.outbox.add(tx, part.transaction.shop, kTopicReversal, part.transaction.id.hex(),
                                      batch_ ? "batch" : "", now));
    return StepResult{std::move(part)};
  }

  base::Result<StepResult> record_approval(db::Tx& tx, PaymentPart part, base::Time now) {
    const Event event = approve_event(part.transaction, now);
    const base::Money moved = event == Event::verify ? nothing(part.transaction) : part.transaction.amount;
    ACQUIT_CHECK(services_.store.transition(
        tx, part.transaction,
        {.event = event, .actor = batch_ ? base::Actor::job() : base::Actor::buyer(), .moved = moved, .detail = {}}));
    if (batch_) return announce_batch(tx, std::move(part));
    ACQUIT_CHECK(add_later_instalments(services_, tx, shop_, part.payment, part.transaction));
    ACQUIT_TRY(auto notification,
               end_payment(services_, tx, shop_, part.payment, part.transaction, merchants::Rule::end_of_payment));
    return StepResult{std::move(part), std::move(notification)};
  }

  base::Result<StepResult> record_decline(db::Tx& tx, PaymentPart part, const std::string& detail) {
    part.transaction.due.at = std::nullopt;
    ACQUIT_CHECK(services_.store.transition(tx, part.transaction,
                                            {.event = Event::decline,
                                             .actor = batch_ ? base::Actor::job() : base::Actor::buyer(),
                                             .moved = nothing(part.transaction),
                                             .detail = detail}));
    if (batch_) return announce_batch(tx, std::move(part));
    return refuse_attempt(services_, tx, shop_, std::move(part));
  }

  // Nobody was asked: the buyer is where he was before he tried.
  base::Result<StepResult> record_withdrawn(db::Tx& tx, PaymentPart part, const base::Error& why) {
    ACQUIT_TRY(part.payment, services_.store.lock_payment(tx, part.payment.shop, part.payment.id));
    part.transaction.due.at = part.payment.expires_at;
    part.transaction.trace = std::nullopt;
    part.transaction.authentication = {};
    ACQUIT_CHECK(services_.store.transition(tx, part.transaction,
                                            {.event = Event::withdraw,
                                             .actor = base::Actor::job(),
                                             .moved = nothing(part.transaction),
                                             .detail = "nothing was sent: " + why.detail}));
    // Only where the step was taken: what the caller swallows of it commits all that stands before it.
    --part.payment.attempts;
    ACQUIT_CHECK(services_.store.write_attempts(tx, part.payment));
    StepResult result{std::move(part)};
    result.withdrawn = true;
    return result;
  }

  base::Result<StepResult> record_step_up(db::Tx& tx, PaymentPart part) {
    part.transaction.due.at = part.payment.expires_at;
    ACQUIT_CHECK(services_.store.transition(tx, part.transaction,
                                            {.event = Event::step_up,
                                             .actor = base::Actor::buyer(),
                                             .moved = nothing(part.transaction),
                                             .detail = "the issuer asks for an authentication"}));
    StepResult result{std::move(part)};
    result.step_up = true;
    return result;
  }

  // A batch authorisation that surely did not happen: the job comes round again.
  base::Result<StepResult> record_postponed(db::Tx& tx, PaymentPart part, base::Time now) {
    part.transaction.due.at = now + std::chrono::minutes(15);
    ACQUIT_CHECK(services_.store.transition(tx, part.transaction,
                                            {.event = Event::postpone,
                                             .actor = base::Actor::job(),
                                             .moved = nothing(part.transaction),
                                             .detail = "the acquirer could not be reached"}));
    return StepResult{std::move(part)};
  }

  base::Result<StepResult> announce_batch(db::Tx& tx, PaymentPart part) {
    ACQUIT_CHECK(announce(services_, tx, part.transaction, merchants::Rule::batch_authorisation));
    return StepResult{std::move(part)};
  }

  const Services& services_;
  const merchants::ShopConfig& shop_;
  bool can_authenticate_;
  bool batch_;
};

base::Task<base::Result<connectors::AuthorisationAnswer>> ask(const Services& services,
                                                              const merchants::ShopConfig& shop, const Payment& payment,
                                                              const Transaction& transaction, const CardEntry& card,
                                                              bool later) {
  const merchants::Contract* contract = shop.find_contract(transaction.contract_id);
  if (contract == nullptr) co_return services.unsendable("the shop has no such contract");
  ACQUIT_CO_TRY(connectors::Acquirer * acquirer, services.acquirer(*contract, payment.mode));
  auto answer = co_await acquirer->authorise(request_for(shop.shop, *contract, payment, transaction, card, later));
  if (!answer && answer.error().code == base::ErrorCode::unsendable) {
    co_return services.unsendable(answer.error().detail, answer.error().field);
  }
  co_return answer;
}

}  // namespace

connectors::Entry entry_of(Source source, bool later) {
  if (later) return connectors::Entry::credential_on_file;
  return is_online(source) ? connectors::Entry::ecommerce : connectors::Entry::mail_order;
}

void prepare_intent(const Services& services, const merchants::ShopConfig& shop, Transaction& transaction,
                    const connectors::Trace& trace) {
  const base::Time now = services.clock.now();
  transaction.trace = trace;
  transaction.due.at = now + services.resolve_after;
  transaction.verification = transaction.kind == Kind::verification || asks_for_card_only(shop, transaction, now);
  transaction.answer.response_code.clear();
}

base::Result<void> record_intent(const Services& services, db::Tx& tx, const merchants::ShopConfig& shop,
                                 Transaction& transaction, const connectors::Trace& trace) {
  prepare_intent(services, shop, transaction, trace);
  const bool later = transaction.state == State::waiting_authorisation;
  // The acquirer knows the old reference by the verification, or by a try that was reversed; it takes none twice.
  if (later) transaction.reference = retrieval_reference(TransactionId::make(services.clock, services.random));
  return services.store.transition(tx, transaction,
                                   {.event = Event::authorise,
                                    .actor = later ? base::Actor::job() : base::Actor::buyer(),
                                    .moved = base::Money::zero(transaction.amount.currency())});
}

base::Result<StepResult> refuse_attempt(const Services& services, db::Tx& tx, const merchants::ShopConfig& shop,
                                        PaymentPart part, SentBy sent_by) {
  if (part.payment.attempts >= part.payment.attempts_max) {
    ACQUIT_TRY(auto notification, end_payment(services, tx, shop, part.payment, part.transaction,
                                              merchants::Rule::end_of_payment, sent_by));
    return StepResult{std::move(part), std::move(notification)};
  }
  // The buyer may try again; the job ends the payment if nobody does.
  part.transaction.due.at = part.payment.expires_at;
  ACQUIT_CHECK(services.store.update_transaction(tx, part.transaction));
  return StepResult{std::move(part)};
}

base::Task<base::Result<StepResult>> authorise(const Services& services, const merchants::ShopConfig& shop,
                                               StepResult attempt, const CardEntry& card, bool can_authenticate) {
  const auto answer = co_await ask(services, shop, attempt.payment, attempt.transaction, card, /*later=*/false);
  if (!answer) base::log::failed("authorise", answer.error(), {{"transaction", attempt.transaction.id.hex()}});
  Recorder recorder(services, shop, can_authenticate, /*batch=*/false);
  const db::LaneKey lane = Services::lane(shop.shop.id, attempt.payment.id);
  auto recorded =
      co_await services.database.write(lane, [&](db::Tx& tx) { return recorder.record(tx, attempt, answer); });
  if (recorded && recorded->withdrawn) co_return std::unexpected(answer.error());
  co_return recorded;
}

base::Task<base::Result<StepResult>> authorise_authenticated(const Services& services,
                                                             const merchants::ShopConfig& shop,
                                                             const Authenticated& asked) {
  const TransactionId id = asked.transaction;
  ACQUIT_CO_TRY(
      StepResult attempt,
      co_await services.database.write(Services::lane(shop.shop.id, id), [&](db::Tx& tx) -> base::Result<StepResult> {
        PaymentStore::Locking locking = services.store.ask_lock(tx, shop.shop.id, id);
        if (asked.also) ACQUIT_CHECK(asked.also(tx));
        ACQUIT_TRY(PaymentPart locked, locking.locked());
        Transaction& transaction = locked.transaction;
        if (transaction.state != State::authenticating) {
          return base::fail(base::ErrorCode::wrong_state, "the payment is no longer being authenticated");
        }
        const merchants::Contract* contract = shop.find_contract(transaction.contract_id);
        if (contract == nullptr) return base::fail(base::ErrorCode::no_contract, "the shop has no such contract");
        ACQUIT_TRY(connectors::Acquirer * acquirer, services.acquirer(*contract, locked.payment.mode));
        transaction.authentication = asked.result;
        ACQUIT_CHECK(record_intent(services, tx, shop, transaction, acquirer->new_trace()));
        return StepResult{std::move(locked)};
      }));
  co_return co_await authorise(services, shop, std::move(attempt), asked.card, asked.can_authenticate);
}

base::Task<base::Result<void>> authorise_waiting(const Services& services, const Permit& /*permit*/,
                                                 const merchants::ShopConfig& shop, TransactionId id) {
  struct Intent {
    StepResult attempt;
    platform::OpenedCard card;
  };
  const db::LaneKey transaction_lane = Services::lane(shop.shop.id, id);
  ACQUIT_CO_TRY(Intent intent,
                co_await services.database.write(transaction_lane, [&](db::Tx& tx) -> base::Result<Intent> {
                  ACQUIT_TRY(PaymentPart locked, services.store.lock_with_payment(tx, shop.shop.id, id));
                  Transaction& transaction = locked.transaction;
                  const merchants::Contract* contract = shop.find_contract(transaction.contract_id);
                  if (contract == nullptr)
                    return base::fail(base::ErrorCode::no_contract, "the shop has no such contract");
                  ACQUIT_TRY(connectors::Acquirer * acquirer, services.acquirer(*contract, locked.payment.mode));
                  ACQUIT_TRY(platform::OpenedCard card, services.vault.open(tx, shop.shop.id, transaction.card.id));
                  // The proof of the first day's authentication covers the first transaction only (paybox.md §5.4).
                  if (transaction.sequence > 1) transaction.authentication = {};
                  ACQUIT_CHECK(record_intent(services, tx, shop, transaction, acquirer->new_trace()));
                  return Intent{.attempt = {std::move(locked)}, .card = std::move(card)};
                }));
  const CardEntry card{.pan = intent.card.pan,
                       .expiry_year = intent.card.expiry_year,
                       .expiry_month = intent.card.expiry_month,
                       .security_code = {},
                       .holder = intent.attempt.transaction.card.holder,
                       .method = intent.attempt.transaction.method};
  const auto answer =
      co_await ask(services, shop, intent.attempt.payment, intent.attempt.transaction, card, /*later=*/true);
  Recorder recorder(services, shop, /*can_authenticate=*/false, /*batch=*/true);
  const db::LaneKey payment_lane = Services::lane(shop.shop.id, intent.attempt.payment.id);
  const auto recorded = co_await services.database.write(
      payment_lane, [&](db::Tx& tx) { return recorder.record(tx, intent.attempt, answer); });
  if (!recorded) co_return std::unexpected(recorded.error());
  co_return base::Result<void>{};
}

}  // namespace acquit::payments

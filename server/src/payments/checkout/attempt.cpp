#include "payments/checkout/attempt.h"

#include <algorithm>

#include "payments/bank/authorise.h"
#include "payments/ending/announcements.h"
#include "payments/nouns/cause.h"
#include "payments/nouns/session.h"

namespace acquit::payments {
namespace {

base::Result<void> check_open(const Services& services, const Payment& payment) {
  if (payment.ended_at) return base::fail(base::ErrorCode::wrong_state, "the payment has ended");
  if (payment.expires_at <= services.clock.now())
    return base::fail(base::ErrorCode::expired, "the payment page has expired");
  // Also while the last try is at the bank: another click of the same buyer must not end it.
  if (payment.attempts >= payment.attempts_max)
    return base::fail(base::ErrorCode::too_many_attempts, "no attempt is left");
  return {};
}

base::Result<void> check_expected(const Payment& payment, const AttemptRequest& request) {
  if (!request.expected) return {};
  if (request.expected->mode == payment.mode && request.expected->online == is_online(payment.source)) return {};
  return base::fail(base::ErrorCode::wrong_state, "the card was meant for another kind of payment");
}

// The transaction that this attempt goes on with: the one still without a card, or a new one after a refusal.
base::Result<Transaction> take_transaction(const Services& services, db::Tx& tx, const merchants::ShopConfig& shop,
                                           const Payment& payment, std::vector<Transaction>& transactions) {
  for (Transaction& transaction : transactions) {
    if (is_success(transaction.state)) return base::fail(base::ErrorCode::wrong_state, "the payment was already made");
    if (transaction.state == State::authorising) {
      return base::fail(base::ErrorCode::wrong_state, "the payment is being made at this moment");
    }
    if (transaction.state == State::authenticating) {
      // The buyer went back from the bank's page and typed a card again.
      transaction.due.at = std::nullopt;
      ACQUIT_CHECK(services.store.transition(tx, transaction,
                                             {.event = Event::abandon,
                                              .actor = base::Actor::buyer(),
                                              .moved = base::Money::zero(transaction.amount.currency()),
                                              .detail = "another card was entered"}));
    }
    if (transaction.state == State::refused && transaction.due.at) {
      transaction.due.at = std::nullopt;  // The new attempt carries the payment's expiry from here on.
      ACQUIT_CHECK(services.store.update_transaction(tx, transaction));
    }
  }
  if (!transactions.empty() && transactions.back().state == State::initiated) return transactions.back();
  Transaction next = first_transaction(services, shop, payment);
  ACQUIT_CHECK(services.store.add_transaction(tx, next, base::Actor::buyer(), {}));
  return next;
}

base::Result<void> put_card(const Services& services, const merchants::ShopConfig& shop, const Payment& payment,
                            Transaction& transaction, const merchants::Contract& contract,
                            const platform::VaultedCard& card, const AttemptRequest& request) {
  // Only the card says which contract it is, and so at which hour it is captured.
  transaction.capture.at = first_capture(shop, payment, contract, transaction.created_at);
  transaction.contract_id = contract.id;
  transaction.method = contract.method;
  transaction.card.brand_chosen = contract.method == request.card.method;
  transaction.card.id = card.id.hex();
  transaction.card.masked = card.masked;
  transaction.card.expiry_year = card.expiry_year;
  transaction.card.expiry_month = card.expiry_month;
  transaction.card.holder = request.card.holder;
  transaction.card.facts = services.card_ranges == nullptr
                               ? CardFacts{}
                               : services.card_ranges->find(payment.mode, request.card.pan.reveal());
  transaction.authentication = request.authentication;
  return {};
}

// Takes a step: a transaction of this very commit is written once, with it.
base::Result<void> take_step(const Services& services, db::Tx& tx, Transaction& transaction, bool newborn,
                             const Step& step) {
  return newborn ? services.store.add_stepped(tx, transaction, base::Actor::shop(), step)
                 : services.store.transition(tx, transaction, step);
}

struct Start {
  const AttemptRequest& request;
  const platform::VaultedCard& card;
  const connectors::Trace& trace;
  merchants::MerchantStore::Block& block;
  bool newborn = false;  ///< The transaction is of this commit and not written yet.
};

// Applies the refusal list and takes the first step. Runs inside the caller's write; the payment's row is written.
base::Result<StepResult> start(const Services& services, db::Tx& tx, const merchants::ShopConfig& shop, Payment payment,
                               Transaction transaction, const Start& how) {
  const base::Money nothing(0, transaction.amount.currency());
  transaction.attempt = payment.attempts;
  ACQUIT_CHECK(services.vault.store(tx, payment.shop, how.card, how.request.card.pan));
  ACQUIT_TRY(const auto block, how.block.reason());
  if (block) {
    transaction.cause = Cause::blocked_card;
    transaction.due.at = std::nullopt;
    const std::string detail = "blocked card: " + *block;
    ACQUIT_CHECK(take_step(services, tx, transaction, how.newborn,
                           {.event = Event::decline, .actor = base::Actor::job(), .moved = nothing, .detail = detail}));
    return refuse_attempt(services, tx, shop, {std::move(payment), std::move(transaction)});
  }
  const bool authenticate = how.request.first == FirstStep::authenticate;
  if (authenticate) {
    transaction.due.at = payment.expires_at;
  } else {
    prepare_intent(services, shop, transaction, how.trace);
  }
  ACQUIT_CHECK(take_step(services, tx, transaction, how.newborn,
                         {.event = authenticate ? Event::authenticate : Event::authorise,
                          .actor = base::Actor::buyer(),
                          .moved = nothing}));
  StepResult begun{{std::move(payment), std::move(transaction)}};
  if (how.request.also) ACQUIT_CHECK(how.request.also(tx, begun));
  return begun;
}

void count_try(const Services& services, Payment& payment) {
  ++payment.attempts;
  payment.expires_at = services.clock.now() + kSessionLife;
}

struct Begin {
  const AttemptRequest& request;
  const platform::VaultedCard& card;
  merchants::MerchantStore::Block& block;
};

// An attempt at a payment that is there, inside the caller's write.
base::Result<StepResult> begin_locked(const Services& services, db::Tx& tx, const merchants::ShopConfig& shop,
                                      WholePayment whole, const Begin& how) {
  Payment& payment = whole.payment;
  ACQUIT_CHECK(check_open(services, payment));
  ACQUIT_CHECK(check_expected(payment, how.request));
  ACQUIT_TRY(const merchants::Contract* contract, choose_contract(shop, payment, how.request.card));
  ACQUIT_TRY(connectors::Acquirer * acquirer, services.acquirer(*contract, payment.mode));
  ACQUIT_TRY(Transaction transaction, take_transaction(services, tx, shop, payment, whole.transactions));
  ACQUIT_CHECK(put_card(services, shop, payment, transaction, *contract, how.card, how.request));
  count_try(services, payment);
  ACQUIT_CHECK(services.store.write_attempts(tx, payment));
  return start(services, tx, shop, std::move(payment), std::move(transaction),
               {.request = how.request, .card = how.card, .trace = acquirer->new_trace(), .block = how.block});
}

// The key was used before: by this very request, which has then a payment to be looked at, or by another.
// Where nothing of that payment ever left us, the same request tries it again.
base::Result<StepResult> begin_again(const Services& services, db::Tx& tx, const merchants::ShopConfig& shop,
                                     const Payment& wanted, const Begin& how) {
  ACQUIT_TRY(const auto earlier, services.store.find_by_key(tx, wanted.shop, wanted.protocol, wanted.key));
  if (!earlier || earlier->request_hash != wanted.request_hash) {
    return base::fail(base::ErrorCode::exists_with_other_content, "this key was used for another request", "key");
  }
  ACQUIT_TRY(WholePayment whole, services.store.lock_whole(tx, wanted.shop, earlier->id));
  const bool untried = whole.payment.attempts == 0 && check_open(services, whole.payment);
  if (untried) return begin_locked(services, tx, shop, std::move(whole), how);
  return base::fail(base::ErrorCode::replayed, "this request was made before", "key");
}

}  // namespace

base::Result<const merchants::Contract*> choose_contract(const merchants::ShopConfig& shop, const Payment& payment,
                                                         const CardEntry& card) {
  const auto brands = brands_of(card.pan.reveal());
  const auto offered = offered_methods(shop, payment);
  const auto accepted = [&](std::string_view brand) { return std::ranges::find(offered, brand) != offered.end(); };
  if (!card.method.empty() && std::ranges::find(brands, card.method) != brands.end() && accepted(card.method)) {
    return contract_for(shop, payment, card.method);
  }
  for (const std::string_view brand : brands) {
    if (accepted(brand)) return contract_for(shop, payment, brand);
  }
  return base::fail(base::ErrorCode::card_invalid, "the shop does not accept this kind of card", "card_number");
}

base::Task<base::Result<StepResult>> begin_attempt(const Services& services, const Permit& /*permit*/,
                                                   const merchants::ShopConfig& shop, PaymentId id,
                                                   const AttemptRequest& request) {
  const platform::VaultedCard card =
      services.vault.describe(request.card.pan, request.card.expiry_year, request.card.expiry_month);
  co_return co_await services.database.write(
      Services::lane(shop.shop.id, id), [&](db::Tx& tx) -> base::Result<StepResult> {
        merchants::MerchantStore::Block block = services.merchant_store.ask_block(tx, shop.shop.id, card.fingerprint);
        ACQUIT_TRY(WholePayment whole, services.store.lock_whole(tx, shop.shop.id, id));
        return begin_locked(services, tx, shop, std::move(whole), {.request = request, .card = card, .block = block});
      });
}

base::Task<base::Result<StepResult>> create_and_begin(const Services& services, const Permit& /*permit*/,
                                                      const merchants::ShopConfig& shop, const NewPayment& request,
                                                      const AttemptRequest& attempt) {
  ACQUIT_CO_TRY(Payment payment, check_new_payment(services, shop, request));
  Transaction transaction = first_transaction(services, shop, payment);
  ACQUIT_CO_TRY(const merchants::Contract* contract, choose_contract(shop, payment, attempt.card));
  ACQUIT_CO_TRY(connectors::Acquirer * acquirer, services.acquirer(*contract, payment.mode));
  const platform::VaultedCard card =
      services.vault.describe(attempt.card.pan, attempt.card.expiry_year, attempt.card.expiry_month);
  ACQUIT_CO_CHECK(put_card(services, shop, payment, transaction, *contract, card, attempt));
  const connectors::Trace trace = acquirer->new_trace();
  count_try(services, payment);
  co_return co_await services.database.write(
      Services::lane(payment.shop, payment.id), [&](db::Tx& tx) -> base::Result<StepResult> {
        merchants::MerchantStore::Block block = services.merchant_store.ask_block(tx, payment.shop, card.fingerprint);
        ACQUIT_TRY(const bool added, services.store.add_payment(tx, payment));
        if (!added) return begin_again(services, tx, shop, payment, {.request = attempt, .card = card, .block = block});
        return start(services, tx, shop, payment, transaction,
                     {.request = attempt, .card = card, .trace = trace, .block = block, .newborn = true});
      });
}

}  // namespace acquit::payments

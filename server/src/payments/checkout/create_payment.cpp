#include "payments/checkout/create_payment.h"

#include <algorithm>

#include "base/list.h"
#include "payments/nouns/calendar.h"
#include "payments/nouns/session.h"

namespace acquit::payments {
namespace {

base::Result<void> check_contracts(const merchants::ShopConfig& shop, const Payment& payment) {
  const std::string currency(payment.amount.currency().code());
  const bool any_currency = std::ranges::any_of(shop.contracts, [&](const merchants::Contract& contract) {
    return contract.currency == payment.amount.currency();
  });
  if (!any_currency)
    return base::fail(base::ErrorCode::no_contract, "the shop has no contract in " + currency, "currency");
  if (!offered_methods(shop, payment).empty()) return {};
  Payment any_method = payment;
  any_method.means.methods.clear();
  if (!payment.means.methods.empty() && !offered_methods(shop, any_method).empty()) {
    return base::fail(base::ErrorCode::no_contract,
                      "the shop has no contract for " + base::join(payment.means.methods, ";") + " in " + currency,
                      "payment_cards");
  }
  return base::fail(base::ErrorCode::amount_out_of_range, "no contract of the shop takes this amount", "amount");
}

}  // namespace

base::Time first_capture(const merchants::ShopConfig& shop, const Payment& payment, const merchants::Contract& contract,
                         base::Time now) {
  const Instalment first = payment.plan.of(payment.amount).front();
  if (first.date) return std::max(now, capture_time_on(*first.date, contract.capture_hour, shop.shop.timezone));
  return capture_time({.now = now,
                       .delay_days = payment.capture_delay_days,
                       .hour = contract.capture_hour,
                       .timezone = shop.shop.timezone});
}

std::vector<std::string> offered_methods(const merchants::ShopConfig& shop, const Payment& payment) {
  std::vector<std::string> out;
  for (const merchants::Contract& contract : shop.contracts) {
    if (payment.means.allow(contract) && contract.takes(payment.amount) &&
        std::ranges::find(out, contract.method) == out.end()) {
      out.push_back(contract.method);
    }
  }
  return out;
}

const merchants::Contract* contract_for(const merchants::ShopConfig& shop, const Payment& payment,
                                        std::string_view method) {
  const auto found = std::ranges::find_if(shop.contracts, [&](const merchants::Contract& contract) {
    return contract.method == method && payment.means.allow(contract) && contract.takes(payment.amount);
  });
  return found == shop.contracts.end() ? nullptr : &*found;
}

base::Result<Payment> check_new_payment(const Services& services, const merchants::ShopConfig& shop,
                                        const NewPayment& request) {
  const base::Time now = services.clock.now();
  if (!shop.shop.active) return base::fail(base::ErrorCode::shop_closed, "the shop is closed", "site_id");
  Payment payment{.shop = shop.shop.id,
                  .id = request.id ? *request.id : PaymentId::make(services.clock, services.random),
                  .mode = request.mode,
                  .protocol = request.protocol,
                  .source = request.source,
                  .key = request.key,
                  .reference = request.reference,
                  .amount = request.amount,
                  .plan = request.plan,
                  .language = request.language,
                  .capture_delay_days = request.capture_delay_days,
                  .manual_validation = request.manual_validation,
                  .challenge_preference = request.challenge_preference,
                  .means = request.means,
                  .buyer = request.buyer,
                  .protocol_fields = request.protocol_fields,
                  .request_hash = request.request_hash,
                  .notification_url = request.notification_url,
                  .attempts = 0,
                  .attempts_max = request.attempts_max,
                  .created_at = now,
                  .expires_at = now + kSessionLife,
                  .ended_at = std::nullopt};
  if (request.amount.minor() <= 0)
    return base::fail(base::ErrorCode::field_value, "the amount must be above zero", "amount");
  if (request.plan.is_dated() && !shop.shop.deferred_option) {
    return base::fail(base::ErrorCode::unsupported, "the shop does not have the option of dated instalments",
                      "payment_config");
  }
  ACQUIT_CHECK(request.plan.check(request.amount, std::chrono::floor<std::chrono::days>(now)));
  ACQUIT_CHECK(check_contracts(shop, payment));
  return payment;
}

Transaction first_transaction(const Services& services, const merchants::ShopConfig& shop, const Payment& payment) {
  const base::Time now = services.clock.now();
  const std::string method = offered_methods(shop, payment).front();
  const merchants::Contract* contract = contract_for(shop, payment, method);
  const TransactionId id = TransactionId::make(services.clock, services.random);
  return Transaction{
      .shop = payment.shop,
      .id = id,
      .payment = payment.id,
      .attempt = payment.attempts + 1,
      .amount = payment.plan.of(payment.amount).front().amount,
      .contract_id = contract->id,
      .capture = {.at = first_capture(shop, payment, *contract, now), .manual_validation = payment.manual_validation},
      .due = {.at = payment.expires_at},
      .reference = retrieval_reference(id),
      .created_at = now};
}

base::Task<base::Result<Payment>> create_payment(const Services& services, const merchants::ShopConfig& shop,
                                                 NewPayment request) {
  ACQUIT_CO_TRY(Payment payment, check_new_payment(services, shop, request));
  const Transaction transaction = first_transaction(services, shop, payment);
  ACQUIT_CO_TRY(PaymentStore::Added added,
                co_await services.database.write(Services::lane(payment.shop, payment.id), [&](db::Tx& tx) {
                  return services.store.add_with_transaction(tx, payment, transaction, base::Actor::shop());
                }));
  ACQUIT_CO_TRY(auto earlier, added.earlier());
  if (!earlier) co_return payment;
  if (earlier->request_hash != payment.request_hash) {
    co_return base::fail(base::ErrorCode::exists_with_other_content, "this key was used for another request", "key");
  }
  co_return *std::move(earlier);
}

base::Task<base::Result<std::optional<Payment>>> find_earlier(const Services& services, base::ShopId shop,
                                                              RequestName name) {
  ACQUIT_CO_TRY(auto earlier, co_await services.database.read([&](db::ReadTx& tx) {
    return services.store.find_by_key(tx, shop, name.protocol, name.key);
  }));
  if (earlier && earlier->request_hash != name.request_hash) earlier.reset();
  co_return earlier;
}

}  // namespace acquit::payments

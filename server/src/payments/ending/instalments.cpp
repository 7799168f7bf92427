#include "payments/ending/instalments.h"

#include <chrono>
#include <vector>

#include "payments/nouns/calendar.h"
#include "payments/nouns/cause.h"

namespace acquit::payments {
namespace {

bool outlives_card(const Transaction& transaction, base::Time capture_at, const std::string& timezone) {
  const std::chrono::year_month_day day(local_day(capture_at, timezone));
  return std::chrono::year_month(day.year(), day.month()) >
         std::chrono::year_month(std::chrono::year(transaction.card.expiry_year),
                                 std::chrono::month(static_cast<unsigned>(transaction.card.expiry_month)));
}

// The transactions of sequence 2 and on, as they are born; none that falls due after the card has expired.
std::vector<Transaction> later_instalments(const Services& services, const merchants::ShopConfig& shop,
                                           const Payment& payment, const Transaction& first) {
  const std::vector<Instalment> plan = payment.plan.of(payment.amount);
  const merchants::Contract* contract = shop.find_contract(first.contract_id);
  const int hour = contract == nullptr ? 0 : contract->capture_hour;
  std::vector<Transaction> out;
  for (std::size_t i = 1; i < plan.size(); ++i) {
    const base::Time capture_at = plan[i].date ? capture_time_on(*plan[i].date, hour, shop.shop.timezone)
                                               : capture_time({.now = first.capture.at,
                                                               .delay_days = plan[i].delay_days,
                                                               .hour = hour,
                                                               .timezone = shop.shop.timezone});
    if (outlives_card(first, capture_at, shop.shop.timezone)) continue;
    const base::Time now = services.clock.now();
    Transaction later = born_of(first, TransactionId::make(services.clock, services.random), now);
    later.state = State::waiting_authorisation;
    later.sequence = static_cast<int>(i) + 1;
    later.amount = plan[i].amount;
    later.capture = {.at = capture_at,
                     .manual_validation = first.capture.manual_validation,
                     .validated_at = first.capture.validated_at};
    later.await_authorisation(now);
    out.push_back(std::move(later));
  }
  return out;
}

}  // namespace

base::Result<void> add_later_instalments(const Services& services, db::Tx& tx, const merchants::ShopConfig& shop,
                                         const Payment& payment, const Transaction& first) {
  for (const Transaction& later : later_instalments(services, shop, payment, first)) {
    ACQUIT_CHECK(
        services.store.add_transaction(tx, later, base::Actor::job(), "instalment " + std::to_string(later.sequence)));
  }
  return {};
}

base::Result<void> refuse_later_instalments(const Services& services, db::Tx& tx, const merchants::ShopConfig& shop,
                                            const Payment& payment, const Transaction& first) {
  for (Transaction& later : later_instalments(services, shop, payment, first)) {
    later.state = State::initiated;
    later.due.at = std::nullopt;
    later.cause = Cause::first_instalment_refused;
    ACQUIT_CHECK(services.store.add_stepped(tx, later, base::Actor::job(),
                                            {.event = Event::decline,
                                             .actor = base::Actor::job(),
                                             .moved = base::Money::zero(later.amount.currency()),
                                             .detail = "the first instalment was refused"}));
  }
  return {};
}

}  // namespace acquit::payments

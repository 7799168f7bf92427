#include "payments/checkout/create_payment.h"
#include "payments/nouns/session.h"

#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

class CreatePayment : public UseCaseTest {};
ACQUIT_ON_BOTH_ENGINES(CreatePayment);

TEST_P(CreatePayment, StoresThePaymentAndItsFirstTransaction) {
  NewPayment wanted = request(12'345);
  wanted.buyer.last_name = "Née & fils = 1";
  wanted.protocol_fields = "vads_order_info=a%26b";
  const Payment made = must(create(wanted));
  const Payment stored = load_payment(made.id);
  EXPECT_EQ(stored.amount, eur(12'345));
  EXPECT_EQ(stored.key, wanted.key);
  EXPECT_EQ(stored.buyer.last_name, wanted.buyer.last_name);
  EXPECT_EQ(stored.buyer.email, wanted.buyer.email);
  EXPECT_EQ(stored.protocol_fields, wanted.protocol_fields);
  EXPECT_EQ(stored.expires_at, kStart + kSessionLife);
  EXPECT_FALSE(stored.ended_at);
  const auto all = transactions(made.id);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].state, State::initiated);
  EXPECT_EQ(all[0].amount, eur(12'345));
  EXPECT_EQ(all[0].capture.at, kFirstCapture);
  EXPECT_EQ(all[0].reference.size(), 12U);
  EXPECT_EQ(history(all[0].id), std::vector<std::string>{"create by shop: initiated > initiated"});
}

TEST_P(CreatePayment, FindsThePaymentOfTheSameRequestAgain) {
  const NewPayment wanted = request();
  const Payment first = must(create(wanted));
  EXPECT_EQ(must(create(wanted)).id, first.id);
  EXPECT_EQ(env_->transaction_count(kShop), 1);
}

TEST_P(CreatePayment, RefusesOtherContentUnderTheSameTransactionId) {
  NewPayment wanted = request();
  must(create(wanted));
  wanted.request_hash = "another";
  const auto again = create(wanted);
  EXPECT_EQ(code_of(again), base::ErrorCode::exists_with_other_content);
  EXPECT_EQ(field_of(again), "key");
}

TEST_P(CreatePayment, TakesTheSameNumberOnAnotherDayAndFromAnotherProtocol) {
  NewPayment wanted = request();
  wanted.key = "067925/2026-06-15";
  const Payment first = must(create(wanted));
  wanted.key = "067925/2026-06-16";
  const Payment next_day = must(create(wanted));
  EXPECT_NE(next_day.id, first.id);
  wanted.protocol = "another";
  EXPECT_NE(must(create(wanted)).id, next_day.id);
}

TEST_P(CreatePayment, TakesAnyNumberOfPaymentsWithoutAKey) {
  NewPayment wanted = request();
  wanted.key.clear();
  EXPECT_NE(must(create(wanted)).id, must(create(wanted)).id);
}

TEST_P(CreatePayment, FindsThePaymentOnceACardWasTried) {
  const NewPayment wanted = request();
  const Payment payment = must(create(wanted));
  must(begin(payment.id));
  EXPECT_EQ(must(create(wanted)).attempts, 1);
  EXPECT_EQ(env_->transaction_count(kShop), 1);
}

TEST_P(CreatePayment, FindsThePaymentOnceItEnded) {
  const NewPayment wanted = request();
  const Payment payment = must(create(wanted));
  must(base::sync_wait(leave_payment(env_->services(), kBuyer, env_->shop(), payment.id)));
  const Payment again = must(create(wanted));
  EXPECT_EQ(again.id, payment.id);
  EXPECT_TRUE(again.ended_at);
}

TEST_P(CreatePayment, FindsAnEarlierRequestByItsWholeName) {
  const NewPayment wanted = request();
  const Payment payment = must(create(wanted));
  const RequestName right{.protocol = wanted.protocol, .key = wanted.key, .request_hash = wanted.request_hash};
  const auto found = [&](base::ShopId shop, RequestName name) {
    return must(base::sync_wait(find_earlier(env_->services(), shop, std::move(name))));
  };
  ASSERT_TRUE(found(kShop, right));
  EXPECT_EQ(found(kShop, right)->id, payment.id);
  EXPECT_FALSE(found(kOtherShop, right));
  EXPECT_FALSE(found(kShop, {.protocol = "another", .key = right.key, .request_hash = right.request_hash}));
  EXPECT_FALSE(found(kShop, {.protocol = right.protocol, .key = "999998", .request_hash = right.request_hash}));
  EXPECT_FALSE(found(kShop, {.protocol = right.protocol, .key = right.key, .request_hash = "another"}));
}

TEST_P(CreatePayment, MakesOnePaymentOfTwentyEqualRequestsOnTwoServers) {
  const NewPayment wanted = request();
  std::vector<std::future<base::Result<Payment>>> calls;
  for (int i = 0; i < 20; ++i) {
    const Services& services = i % 2 == 0 ? env_->services() : *env_->second_node().services;
    calls.push_back(db::testing::start(create_payment(services, env_->shop(), wanted)));
  }
  std::optional<PaymentId> only;
  for (auto& call : calls) {
    const Payment payment = must(call.get());
    EXPECT_EQ(only.value_or(payment.id), payment.id);
    only = payment.id;
  }
  EXPECT_EQ(env_->transaction_count(kShop), 1);
}

struct BadRequest {
  const char* name;
  void (*edit)(NewPayment&);
  base::ErrorCode code;
  const char* field;
};

TEST_P(CreatePayment, RefusesWhatTheShopCannotTake) {
  const BadRequest rows[] = {
      {"zero", [](NewPayment& p) { p.amount = eur(0); }, base::ErrorCode::field_value, "amount"},
      {"negative", [](NewPayment& p) { p.amount = eur(-1); }, base::ErrorCode::field_value, "amount"},
      {"above the contracts", [](NewPayment& p) { p.amount = eur(1'000'001); }, base::ErrorCode::amount_out_of_range,
       "amount"},
      {"currency", [](NewPayment& p) { p.amount = {100, *base::Currency::from_code("CHF")}; },
       base::ErrorCode::no_contract, "currency"},
      {"method", [](NewPayment& p) { p.means.methods = {"MAESTRO"}; }, base::ErrorCode::no_contract, "payment_cards"},
      {"plan", [](NewPayment& p) { p.plan = Plan::parse("MULTI:first=1000;count=2;period=30").value(); },
       base::ErrorCode::field_value, "payment_config"},
  };
  for (const BadRequest& row : rows) {
    NewPayment wanted = request();
    row.edit(wanted);
    const auto made = create(wanted);
    ASSERT_FALSE(made) << row.name;
    EXPECT_EQ(made.error().code, row.code) << row.name;
    EXPECT_EQ(made.error().field, row.field) << row.name;
  }
  EXPECT_EQ(env_->transaction_count(kShop), 0);
}

TEST_P(CreatePayment, OffersTheMethodsOfTheRequestByRank) {
  NewPayment wanted = request();
  wanted.means.methods = {"AMEX", "VISA"};
  EXPECT_EQ(offered_methods(env_->shop(), must(create(wanted))), (std::vector<std::string>{"VISA", "AMEX"}));
}

TEST_P(CreatePayment, RefusesAClosedShopAndAnOptionThatItLacks) {
  open([](merchants::ShopConfig& shop) { shop.shop.deferred_option = false; });
  if (!env_) return;
  NewPayment wanted = request();
  wanted.plan = Plan::parse("MULTI_EXT:20260620=1000").value();
  EXPECT_EQ(code_of(create(wanted)), base::ErrorCode::unsupported);
  open([](merchants::ShopConfig& shop) { shop.shop.active = false; });
  EXPECT_EQ(code_of(create(request())), base::ErrorCode::shop_closed);
}

}  // namespace
}  // namespace acquit::payments::testing

#include "payments/checkout/payment_token.h"

#include "base/base64.h"
#include "base/bytes.h"
#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

class PaymentToken : public UseCaseTest {
 protected:
  void SetUp() override {
    UseCaseTest::SetUp();
    if (env_) name_ = {.shop = kShop, .payment = PaymentId::make(env_->clock, env_->random)};
  }
  platform::Vault& vault() { return *env_->node().vault; }
  PaymentName name_{.shop = kShop, .payment = PaymentId(base::IdBytes{})};
};
INSTANTIATE_TEST_SUITE_P(OneEngine, PaymentToken, ::testing::Values(db::Engine::sqlite), engine_of);

TEST_P(PaymentToken, NamesShopAndPayment) {
  const std::string token = make_payment_token(vault(), name_);
  EXPECT_EQ(token.size(), 54U);
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
  const auto read = read_payment_token(vault(), token);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name().shop, kShop);
  EXPECT_EQ(read->name().payment, name_.payment);
}

TEST_P(PaymentToken, IsRefusedWithAnyBitChanged) {
  const std::string raw = *base::from_base64url(make_payment_token(vault(), name_));
  for (std::size_t i = 0; i < raw.size() * 8; ++i) {
    std::string changed = raw;
    changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(read_payment_token(vault(), base::to_base64url(base::as_bytes(changed)))) << i;
  }
}

TEST_P(PaymentToken, IsRefusedInAnotherSpellingOfTheSameBytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const std::string token = make_payment_token(vault(), name_);
  for (const char last : kAlphabet) {
    const std::string changed = token.substr(0, token.size() - 1) + last;
    if (changed != token) EXPECT_FALSE(read_payment_token(vault(), changed)) << changed;
  }
  EXPECT_FALSE(read_payment_token(vault(), token + "=="));
}

TEST_P(PaymentToken, IsRefusedCutLongerOrOfAnotherPlatform) {
  const std::string token = make_payment_token(vault(), name_);
  for (std::size_t length = 0; length < token.size(); ++length)
    EXPECT_FALSE(read_payment_token(vault(), token.substr(0, length)));
  for (const std::string& text : {token + "A", token + "AAAA", std::string("not base64 !"), std::string()}) {
    EXPECT_FALSE(read_payment_token(vault(), text)) << text;
  }
  base::OsRandom random;
  const auto place = db::testing::TemporaryDatabase::make_migrated(db::Engine::sqlite);
  const auto database = must(db::Database::open(place->options(), env_->loop));
  const auto elsewhere =
      must(base::sync_wait(platform::Vault::load(*database, sample_master_key(), env_->clock, random)));
  EXPECT_FALSE(read_payment_token(*elsewhere, token));
}

class Tenants : public UseCaseTest {};
ACQUIT_ON_BOTH_ENGINES(Tenants);

TEST_P(Tenants, CannotReachPaymentsTransactionsOrCardsOfEachOther) {
  const auto paid = pay(request());
  const Transaction mine = load(paid.transaction.id);
  const auto other = must(base::sync_wait(env_->node().directory->find(kOtherShop)));
  const Services& services = env_->services();
  const TestPermit thief(base::Actor::user("thief"));
  EXPECT_EQ(code_of(base::sync_wait(cancel(services, thief, *other, mine.id))), base::ErrorCode::not_found);
  EXPECT_EQ(code_of(base::sync_wait(validate(services, thief, *other, mine.id))), base::ErrorCode::not_found);
  EXPECT_EQ(code_of(base::sync_wait(refund(services, thief, *other, mine.id, eur(1)))), base::ErrorCode::not_found);
  EXPECT_EQ(code_of(base::sync_wait(
                modify(services, thief, *other, mine.id, {.amount = eur(1), .capture_at = std::nullopt}))),
            base::ErrorCode::not_found);
  EXPECT_EQ(code_of(base::sync_wait(begin_attempt(services, kPermit, *other, paid.payment.id, card()))),
            base::ErrorCode::not_found);
  EXPECT_EQ(code_of(base::sync_wait(leave_payment(services, kBuyer, *other, paid.payment.id))),
            base::ErrorCode::not_found);
  env_->read([&](db::ReadTx& tx) -> base::Result<int> {
    const PaymentStore& store = *env_->node().store;
    EXPECT_EQ(code_of(store.load_transaction(tx, kOtherShop, mine.id)), base::ErrorCode::not_found);
    EXPECT_FALSE(must(store.find_payment(tx, kOtherShop, paid.payment.id)));
    EXPECT_FALSE(must(store.find_by_key(tx, kOtherShop, paid.payment.protocol, paid.payment.key)));
    EXPECT_TRUE(must(store.transactions_of(tx, kOtherShop, paid.payment.id)).empty());
    EXPECT_TRUE(must(store.operations_of(tx, kOtherShop, mine.id)).empty());
    EXPECT_EQ(code_of(env_->node().vault->open(tx, kOtherShop, mine.card.id)), base::ErrorCode::not_found);
    return 0;
  });
  EXPECT_EQ(state(mine.id), State::authorised);
}

TEST_P(Tenants, MayUseTheSameTransactionIdOnTheSameDay) {
  const NewPayment wanted = request();
  must(create(wanted));
  const auto other = must(base::sync_wait(env_->node().directory->find(kOtherShop)));
  NewPayment theirs = wanted;
  theirs.request_hash = "theirs";
  EXPECT_TRUE(base::sync_wait(create_payment(env_->services(), *other, theirs)));
}

}  // namespace
}  // namespace acquit::payments::testing

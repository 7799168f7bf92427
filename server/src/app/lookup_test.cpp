#include "app/lookup.h"

#include <gtest/gtest.h>

#include "base/manual_clock.h"
#include "notifications/sample_payment.h"

namespace acquit::app {
namespace {

constexpr const char* kShop = "69876357";

TEST(Lookup, NamesTheOptionThatIsWrong) {
  const struct {
    const char* shop;
    Lookup lookup;
    std::string_view words;
  } rows[] = {
      {"123", {.order = "A"}, "--shop: must be the shop's eight digits"},
      {kShop, {.last4 = "708"}, "--last4: must be the last four digits"},
      {kShop, {.last4 = "07O8"}, "--last4: must be the last four digits"},
      {kShop, {.last4 = "4970110000000708"}, "--last4: must be the last four digits"},
      {kShop, {.email = "jeanne"}, "--email: must be the whole address"},
      {kShop, {.from = "yesterday"}, "--from: must be a day"},
      {kShop, {.from = "2026-12-31", .to = "2026-12-30"}, "--to: must be after --from"},
      {kShop, {.before = "pay_1"}, "--before: must be the id of a payment"},
      {kShop, {.order = "A", .limit = 0}, "--limit: must be from 1 to 500"},
      {kShop, {.order = "A", .limit = 501}, "--limit: must be from 1 to 500"},
  };
  for (const auto& row : rows) {
    const auto search = parse_lookup(row.shop, row.lookup);
    ASSERT_FALSE(search) << row.words;
    EXPECT_EQ(search.error().code, base::ErrorCode::field_format);
    EXPECT_TRUE(search.error().detail.starts_with(row.words)) << search.error().detail;
  }
}

TEST(Lookup, ShowsNoNumberThatWasTypedWhereFourDigitsBelong) {
  EXPECT_FALSE(parse_lookup(kShop, {.last4 = "4970110000000708"}).error().detail.contains("0708"));
}

TEST(Lookup, IsAskedByAnyOption) {
  EXPECT_FALSE(Lookup{}.is_asked());
  for (const Lookup& lookup : {Lookup{.order = "A"}, Lookup{.email = "a@b"}, Lookup{.last4 = "0708"},
                               Lookup{.from = "2026-12-31"}, Lookup{.to = "2026-12-31"}, Lookup{.before = "pay_1"}}) {
    EXPECT_TRUE(lookup.is_asked());
  }
}

class LookupText : public ::testing::Test {
 protected:
  payments::WholePayment found(const std::string& reference, const std::string& email) {
    payments::WholePayment out{.payment = notifications::sample_payment(clock_, random_, merchants::Mode::test),
                               .transactions = {}};
    out.payment.amount = {8900, *base::Currency::from_code("EUR")};
    out.payment.reference = reference;
    out.payment.buyer.email = email;
    out.payment.created_at = clock_.now();
    return out;
  }
  payments::Transaction transaction(const payments::Payment& of, payments::State state, const std::string& card) {
    payments::Transaction out = notifications::sample_transaction(clock_, random_, of);
    out.state = state;
    out.method = "CB";
    out.card.masked = card;
    return out;
  }
  base::ManualClock clock_;
  base::SeededRandom random_{5};
};

TEST_F(LookupText, GivesALineForEachPaymentAndTheWayToMore) {
  payments::SearchPage page;
  page.payments.push_back(found("A-1", "jeanne@shop.example"));
  page.payments[0].transactions = {
      transaction(page.payments[0].payment, payments::State::refused, "497010XXXXXX0014"),
      transaction(page.payments[0].payment, payments::State::authorised, "497011XXXXXX0708")};
  page.payments.push_back(found("", ""));
  const std::string first = page.payments[0].payment.id.to_string();
  const std::string second = page.payments[1].payment.id.to_string();
  const std::string lines = "2023-11-14T22:13:20Z  " + first +
                            "  TEST  89.00 EUR  order A-1  jeanne@shop.example  debit refused CB 497010XXXXXX0014,"
                            " debit authorised CB 497011XXXXXX0708\n2023-11-14T22:13:20Z  " +
                            second + "  TEST  89.00 EUR  order -  -\n";
  EXPECT_EQ(to_text(page), lines);
  page.has_more = true;
  EXPECT_EQ(to_text(page), lines + "2 payments, and older ones: the same with --before " + second + "\n");
}

}  // namespace
}  // namespace acquit::app

#include "protocols/vads/request.h"

#include <gtest/gtest.h>

#include "payments/nouns/plan.h"
#include "protocols/vads/sample_form.h"

namespace acquit::vads {
namespace {

using enum payments::ChallengePreference;

CheckedForm must_check(const base::FormFields& fields, const merchants::ShopConfig& shop) {
  const auto form = read_form(*base::parse_form(testing::signed_body(fields)));
  const auto checked = testing::check_form(*form, shop, merchants::Mode::test, base::ManualClock().now());
  if (!checked) throw std::runtime_error(checked.error().field + ' ' + checked.error().rule.key);
  return *checked;
}

TEST(ChallengePreference, FollowsTheFormAndTheFrictionlessRule) {
  struct Row {
    std::string_view mpi;
    std::int64_t amount;
    std::string_view currency;
    bool option;
    payments::ChallengePreference expected;
  };
  const Row rows[] = {
      {"", 5124, "EUR", true, none},
      {"0", 5124, "EUR", true, none},
      {"1", 5124, "EUR", true, none},
      {"5", 5124, "EUR", true, none},
      {"3", 5124, "EUR", false, challenge},
      {"3", 2999, "CHF", true, challenge},
      {"4", 5124, "EUR", false, mandate},
      {"4", 1, "JPY", true, mandate},
      {"2", 2999, "EUR", true, frictionless},
      {"2", 3000, "EUR", true, none},
      {"2", 3001, "EUR", true, none},
      {"2", 2999, "EUR", false, none},
      {"2", 999999, "CHF", true, frictionless},
      {"2", 999999, "JPY", true, frictionless},
      {"2", 999999, "CHF", false, none},
  };
  for (const Row& row : rows) {
    const base::Money amount(row.amount, *base::Currency::from_code(row.currency));
    EXPECT_EQ(challenge_preference(row.mpi, amount, row.option), row.expected)
        << row.mpi << ' ' << row.amount << row.currency;
  }
}

TEST(Request, PlansTheInstalmentsOfTheManualsExample) {
  base::FormFields fields = testing::good_fields();
  testing::set(fields, "vads_amount", "20000");
  testing::set(fields, "vads_payment_config", "MULTI:first=10000;count=4;period=30");
  testing::set(fields, "vads_capture_delay", "2");
  const auto payment = must_check(fields, testing::sample_shop()).payment;
  std::vector<std::pair<std::int64_t, int>> taken;
  for (const auto& part : payment.plan.of(payment.amount))
    taken.emplace_back(part.amount.minor(), payment.capture_delay_days + part.delay_days);
  EXPECT_EQ(taken, (std::vector<std::pair<std::int64_t, int>>{{10000, 2}, {3333, 32}, {3333, 62}, {3334, 92}}));
}

TEST(Request, TakesFromTheFormWhatThePaymentNeeds) {
  base::FormFields fields = testing::good_fields();
  for (const auto& [name, value] : base::FormFields{{"vads_order_id", "CMD-26"},
                                                    {"vads_language", "de"},
                                                    {"vads_capture_delay", "7"},
                                                    {"vads_validation_mode", "1"},
                                                    {"vads_payment_cards", "VISA;CB"},
                                                    {"vads_payment_src", "MOTO"},
                                                    {"vads_threeds_mpi", "3"},
                                                    {"vads_url_check", "https://shop.example/ipn"},
                                                    {"vads_cust_email", "jeanne@shop.example"},
                                                    {"vads_cust_first_name", "Jeanne"},
                                                    {"vads_cust_cell_phone", "0601020304"},
                                                    {"vads_cust_address_number", "12"},
                                                    {"vads_cust_address", "rue Haute"},
                                                    {"vads_cust_country", "fr"}}) {
    testing::set(fields, name, value);
  }
  const auto payment = must_check(fields, testing::sample_shop()).payment;
  EXPECT_EQ(payment.protocol, "vads");
  EXPECT_EQ(payment.key, "123456/2023-11-14");
  EXPECT_EQ(payment.reference, "CMD-26");
  EXPECT_EQ(payment.amount, base::Money(5124, *base::Currency::from_code("EUR")));
  EXPECT_EQ(payment.language, "de");
  EXPECT_EQ(payment.capture_delay_days, 7);
  EXPECT_TRUE(payment.manual_validation);
  EXPECT_EQ(payment.means.methods, (std::vector<std::string>{"VISA", "CB"}));
  EXPECT_EQ(payment.source, payments::Source::mail_order);
  EXPECT_EQ(payment.challenge_preference, challenge);
  EXPECT_EQ(payment.notification_url, "https://shop.example/ipn");
  EXPECT_EQ(payment.buyer.email, "jeanne@shop.example");
  EXPECT_EQ(payment.buyer.cell_phone, "0601020304");
  EXPECT_EQ(payment.buyer.address, "12 rue Haute");
  EXPECT_EQ(payment.buyer.country, "FR");
  EXPECT_EQ(payment.attempts_max, 3);
}

TEST(Request, LeavesTheShopsDefaultsWhereTheFormIsEmpty) {
  merchants::ShopConfig shop = testing::sample_shop();
  shop.shop.capture_delay_days = 3;
  shop.shop.manual_validation = true;
  base::FormFields fields = testing::good_fields();
  testing::set(fields, "vads_capture_delay", "");
  testing::set(fields, "vads_validation_mode", "");
  const auto payment = must_check(fields, shop).payment;
  EXPECT_EQ(payment.capture_delay_days, 3);
  EXPECT_TRUE(payment.manual_validation);
}

TEST(Request, KeepsNoCardDataOfASilentForm) {
  merchants::ShopConfig shop = testing::sample_shop();
  shop.shop.silent_allowed = true;
  base::FormFields fields = testing::good_fields();
  for (const auto& [name, value] : base::FormFields{{"vads_action_mode", "SILENT"},
                                                    {"vads_card_number", "4970100000000014"},
                                                    {"vads_expiry_month", "6"},
                                                    {"vads_expiry_year", "2027"},
                                                    {"vads_cvv", "731"},
                                                    {"vads_threeds_enrolled", "Y"},
                                                    {"vads_threeds_status", "Y"},
                                                    {"vads_threeds_eci", "5"},
                                                    {"vads_threeds_cavv", "Q2F2Q2F2Q2F2Q2F2Q2F2Q2F2Q2F2"}}) {
    testing::set(fields, name, value);
  }
  const CheckedForm checked = must_check(fields, shop);
  ASSERT_TRUE(checked.card);
  EXPECT_EQ(checked.card->pan.reveal(), "4970100000000014");
  EXPECT_EQ(checked.payment.attempts_max, 1);
  EXPECT_EQ(checked.authentication.eci, "05");
  EXPECT_TRUE(checked.authentication.liability_shift);
  testing::set(fields, "vads_threeds_cavv", "AAABBBCCC");
  EXPECT_FALSE(must_check(fields, shop).authentication.liability_shift) << "that is no authentication value";
  for (const std::string_view secret : {"4970100000000014", "731", "2027", "vads_cvv"}) {
    EXPECT_FALSE(checked.payment.protocol_fields.contains(secret)) << secret;
  }
}

TEST(Request, ForcedContractsNarrowTheMeans) {
  merchants::ShopConfig shop = testing::sample_shop();
  // VISA in euro twice, and in francs.
  shop.contracts[1].merchant_number = "7654321";
  shop.contracts.push_back(testing::contract(7, "VISA", "EUR"));
  shop.contracts.back().merchant_number = "7777777";
  struct Row {
    std::string_view contracts;
    std::string_view cards;
    std::string_view currency;
    std::vector<std::string> methods;
    std::vector<std::int64_t> ids;
  };
  const Row rows[] = {
      {"", "", "978", {}, {}},
      {"", "CB;VISA", "978", {"CB", "VISA"}, {}},
      {"", " CB ; VISA ;", "978", {"CB", "VISA"}, {}},
      {"CB=7654321", "", "978", {"VISA"}, {2}},
      {"CB=7777777", "", "978", {"VISA"}, {7}},
      {"CB=7777777;VISA=7654321", "", "978", {"VISA"}, {7, 2}},
      {"CB=1234567", "", "978", {"CB", "AMEX"}, {1, 3}},
      {"CB=1234567;VISA=7777777", "VISA", "978", {"VISA"}, {7}},
      {"CB=1234567", "", "756", {"CB", "VISA", "AMEX"}, {4, 5, 6}},
  };
  for (const Row& row : rows) {
    base::FormFields fields = testing::good_fields();
    testing::set(fields, "vads_contracts", row.contracts);
    testing::set(fields, "vads_payment_cards", row.cards);
    testing::set(fields, "vads_currency", row.currency);
    const auto payment = must_check(fields, shop).payment;
    EXPECT_EQ(payment.means.methods, row.methods) << row.contracts << row.currency;
    EXPECT_EQ(payment.means.contracts, row.ids) << row.contracts << row.currency;
  }
  base::FormFields fields = testing::good_fields();
  testing::set(fields, "vads_contracts", "CB=7654321");
  testing::set(fields, "vads_currency", "756");
  EXPECT_EQ(testing::check_form(*read_form(*base::parse_form(testing::signed_body(fields))), shop,
                                merchants::Mode::test, base::ManualClock().now())
                .error()
                .code,
            62)
      << "of another currency";
}

TEST(Request, CountsRupiahInIsoUnits) {
  merchants::ShopConfig shop = testing::sample_shop();
  shop.contracts.push_back(testing::contract(7, "VISA", "IDR"));
  base::FormFields fields = testing::good_fields();
  testing::set(fields, "vads_currency", "360");
  testing::set(fields, "vads_payment_config", "MULTI:first=5000;count=3;period=30");
  const auto payment = must_check(fields, shop).payment;
  EXPECT_EQ(payment.amount, base::Money(5124'00, *base::Currency::from_code("IDR")));
  EXPECT_EQ(to_text(payment.plan), "MULTI:first=500000;count=3;period=30");
  testing::set(fields, "vads_payment_config", "MULTI:first=5000;count=6;period=30");
  const auto parts = testing::check_form(*read_form(*base::parse_form(testing::signed_body(fields))), shop,
                                         merchants::Mode::test, base::ManualClock().now());
  EXPECT_EQ(parts.error().code, 7) << "124 rupiah do not make five equal parts";
}

}  // namespace
}  // namespace acquit::vads

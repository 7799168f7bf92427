#include "sandbox/shop/checkout.h"

#include <gtest/gtest.h>

#include <set>

#include "base/manual_clock.h"
#include "sandbox/shop/order_book.h"
#include "sandbox/shop/vads_form.h"

namespace acquit::sandbox {
namespace {

using base::field_of;

constexpr std::string_view kKey = "1122334455667788";

base::FormFields form_with(base::FormFields more) {
  base::FormFields fields = {{"quantity_galet", "1"}, {"quantity_cedre", "2"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

TEST(Checkout, ReadsWhatTheVisitorChose) {
  const auto checkout = read_checkout(form_with({{"currency", "CHF"},
                                                 {"instalments", "3"},
                                                 {"first_name", " Élise "},
                                                 {"email", "a@b.example"},
                                                 {"language", "ja"},
                                                 {"return_mode", "POST"},
                                                 {"validation_mode", "1"},
                                                 {"capture_delay", "7"}}));
  ASSERT_TRUE(checkout);
  EXPECT_EQ(checkout->total, base::Money(8500 + 2 * 1800, *base::Currency::from_code("CHF")));
  EXPECT_EQ(checkout->instalments, 3);
  EXPECT_EQ(checkout->buyer.first_name, "Élise");
  EXPECT_EQ(checkout->settings.language, "ja");
  EXPECT_EQ(checkout->settings.return_mode, "POST");
  EXPECT_EQ(checkout->settings.validation_mode, "1");
  EXPECT_EQ(checkout->settings.capture_delay, "7");
}

TEST(Checkout, RefusesWhatItDoesNotOffer) {
  struct Row {
    std::string_view name;
    std::string_view value;
  };
  for (const Row& row :
       {Row{"currency", "GBP"}, Row{"quantity_onde", "10"}, Row{"quantity_onde", "-1"}, Row{"quantity_onde", "x"},
        Row{"instalments", "2"}, Row{"language", "xx"}, Row{"return_mode", "PUT"}, Row{"validation_mode", "2"},
        Row{"capture_delay", "366"}, Row{"capture_delay", "x"}, Row{"redirect", "2"}, Row{"email", "nobody"},
        Row{"first_name", "<b>"}, Row{"last_name", "\xff"}}) {
    const auto checkout = read_checkout(form_with({{std::string(row.name), std::string(row.value)}}));
    ASSERT_FALSE(checkout) << row.name << "=" << row.value;
    EXPECT_EQ(checkout.error().field, row.name);
  }
  EXPECT_EQ(read_checkout({{"quantity_galet", "0"}}).error().detail, "Votre panier est vide.");
}

TEST(Checkout, EveryProductHasAPriceInEveryCurrency) {
  for (const Product& product : catalogue()) {
    for (const std::string_view code : kCurrencies) {
      EXPECT_GT(price_of(product, *base::Currency::from_code(code)).minor(), 0) << product.name << " " << code;
    }
  }
}

TEST(Checkout, WritesAmountsAsFrenchReadersExpect) {
  struct Row {
    std::int64_t minor;
    std::string_view currency;
    std::string_view expected;
  };
  for (const Row& row :
       {Row{148'900, "EUR", "1\u202f489,00\u00a0€"}, Row{1890, "EUR", "18,90\u00a0€"},
        Row{14'500, "JPY", "14\u202f500\u00a0¥"}, Row{298'000, "TND", "298,000\u00a0TND"},
        Row{0, "USD", "0,00\u00a0$ US"}, Row{-123'456'700, "CHF", "-1\u202f234\u202f567,00\u00a0CHF"}}) {
    EXPECT_EQ(french_amount({row.minor, *base::Currency::from_code(row.currency)}), row.expected);
  }
}

class PaymentFormTest : public testing::Test {
 protected:
  base::FormFields form(base::FormFields more) {
    return payment_form(book_.open(*read_checkout(form_with(std::move(more)))),
                        {.key = kKey, .return_url = "http://shop.example/shop/return"});
  }
  base::ManualClock clock_{base::time_from_ms(1'700'000'000'123)};  // 2023-11-14T22:13:20Z
  base::SeededRandom random_{1};
  OrderBook book_{clock_, random_, std::string(kKey)};
};

TEST_F(PaymentFormTest, HasTheFieldsThatTheModuleSendsInItsOrder) {
  // shops.md §3.2, a capture of the unmodified module.
  const std::vector<std::string> expected = {"signature",
                                             "vads_action_mode",
                                             "vads_amount",
                                             "vads_available_languages",
                                             "vads_capture_delay",
                                             "vads_contrib",
                                             "vads_ctx_mode",
                                             "vads_currency",
                                             "vads_cust_address",
                                             "vads_cust_city",
                                             "vads_cust_country",
                                             "vads_cust_email",
                                             "vads_cust_first_name",
                                             "vads_cust_id",
                                             "vads_cust_last_name",
                                             "vads_cust_phone",
                                             "vads_cust_state",
                                             "vads_cust_title",
                                             "vads_cust_zip",
                                             "vads_language",
                                             "vads_order_id",
                                             "vads_page_action",
                                             "vads_payment_cards",
                                             "vads_payment_config",
                                             "vads_return_mode",
                                             "vads_ship_to_city",
                                             "vads_ship_to_country",
                                             "vads_ship_to_first_name",
                                             "vads_ship_to_last_name",
                                             "vads_ship_to_state",
                                             "vads_ship_to_street",
                                             "vads_ship_to_street2",
                                             "vads_ship_to_zip",
                                             "vads_site_id",
                                             "vads_threeds_mpi",
                                             "vads_trans_date",
                                             "vads_trans_id",
                                             "vads_url_return",
                                             "vads_validation_mode",
                                             "vads_version",
                                             "vads_ext_info_session_name",
                                             "vads_ext_info_session_id"};
  std::vector<std::string> names;
  for (const auto& [name, value] : form({})) names.push_back(name);
  EXPECT_EQ(names, expected);
}

TEST_F(PaymentFormTest, IsSignedForTheDemoShop) {
  const base::FormFields fields = form({});
  EXPECT_TRUE(vads_verified(fields, kKey));
  EXPECT_EQ(field_of(fields, "vads_site_id"), "69876357");
  EXPECT_EQ(field_of(fields, "vads_amount"), "12680");
  EXPECT_EQ(field_of(fields, "vads_currency"), "978");
  EXPECT_EQ(field_of(fields, "vads_payment_config"), "SINGLE");
  EXPECT_EQ(field_of(fields, "vads_trans_date"), "20231114221320");
  EXPECT_EQ(field_of(fields, "vads_trans_id"), "800001");
  EXPECT_EQ(field_of(fields, "vads_ext_info_session_id").size(), 26U);
}

TEST_F(PaymentFormTest, SplitsInThreeWithTheRemainderFirst) {
  const base::FormFields fields = form({{"instalments", "3"}});
  EXPECT_EQ(field_of(fields, "vads_payment_config"), "MULTI:first=4228;count=3;period=30");
  EXPECT_TRUE(vads_verified(fields, kKey));
}

TEST_F(PaymentFormTest, SendsRedirectFieldsOnlyWhenAsked) {
  const base::FormFields fields = form({{"redirect", "1"}});
  EXPECT_EQ(field_of(fields, "vads_redirect_success_timeout"), "5");
  EXPECT_TRUE(vads_verified(fields, kKey));
}

TEST_F(PaymentFormTest, NumbersOrdersAndTransactionsOnlyOnce) {
  std::set<std::string> orders;
  std::set<std::string> transactions;
  for (int i = 0; i < 50; ++i) {
    const Order order = book_.open(*read_checkout(form_with({})));
    orders.insert(order.id);
    transactions.insert(order.trans_id);
    if (i % 10 == 0) clock_.advance(base::Milliseconds(250));
  }
  EXPECT_EQ(orders.size(), 50U);
  EXPECT_EQ(transactions.size(), 50U);
  clock_.advance(std::chrono::hours(24));
  EXPECT_EQ(book_.open(*read_checkout(form_with({}))).trans_id, "800013");
}

}  // namespace
}  // namespace acquit::sandbox

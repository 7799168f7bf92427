#include "payments/store/payment_search.h"

#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;

constexpr std::string_view kVisaNumber = "4970110000000708";

class PaymentSearch : public UseCaseTest {
 protected:
  SearchPage find(Search search) {
    if (search.shop == base::ShopId{0}) search.shop = kShop;
    return env_->read([&](db::ReadTx& tx) { return find_payments(*env_->node().store, tx, search); });
  }
  /// The order numbers of what is found.
  std::vector<std::string> orders(const Search& search) {
    std::vector<std::string> out;
    for (const WholePayment& found : find(search).payments) out.push_back(found.payment.reference);
    return out;
  }
  PaymentId made(const std::string& reference, const std::string& email) {
    NewPayment wanted = request();
    wanted.reference = reference;
    wanted.buyer.email = email;
    return must(create(wanted)).id;
  }
};
ACQUIT_ON_BOTH_ENGINES(PaymentSearch);

using Orders = std::vector<std::string>;

TEST_P(PaymentSearch, FindsAnOrderWithAllItsTries) {
  made("A-1", "");
  env_->advance_to(kStart + milliseconds{1});
  const PaymentId again = made("A-1", "");
  made("A-10", "");
  made("", "");
  const SearchPage page = find({.reference = "A-1"});
  ASSERT_EQ(page.payments.size(), 2U);
  EXPECT_EQ(page.payments[0].payment.id, again) << "the newest first";
  EXPECT_FALSE(page.has_more);
  EXPECT_EQ(orders({.reference = "A-2"}), Orders{});
  EXPECT_EQ(orders({.reference = "a-1"}), Orders{}) << "an order number is what the shop wrote";
}

TEST_P(PaymentSearch, FindsAnAddressInAnyCase) {
  const std::pair<std::string, std::string> rows[] = {{"Jeanne.Buyer@Shop.Example", " jeanne.BUYER@shop.example "},
                                                      {"jeanne+A@shop.example", "Jeanne+a@shop.example"},
                                                      {"ÉLODIE@bücher.example", "élodie@BÜCHER.example"},
                                                      {"100%_a@shop.example", "100%_A@shop.example"}};
  for (const auto& [stored, typed] : rows) made(stored, stored);
  for (const auto& [stored, typed] : rows) EXPECT_EQ(orders({.email = typed}), Orders{stored}) << typed;
  EXPECT_EQ(orders({.email = "100aaa@shop.example"}), Orders{}) << "no pattern";
}

TEST_P(PaymentSearch, FindsTheEndOfACardOfAnyTry) {
  NewPayment wanted = request();
  wanted.reference = "two tries";
  const Payment twice = must(create(wanted));
  pay_again(twice.id, decline("05"), card(kVisaNumber));
  pay_again(twice.id);
  pay(request());
  EXPECT_EQ(orders({.last_four = "0708"}), Orders{"two tries"});
  EXPECT_EQ(orders({.last_four = "0055"}).size(), 2U) << "a payment comes once, however many tries";
  EXPECT_EQ(find({.reference = "two tries", .last_four = "0055"}).payments.at(0).transactions.size(), 2U);
  EXPECT_EQ(orders({.last_four = "4970"}), Orders{});
}

TEST(CheckSearch, NamesWhatCannotBeAskedAndShowsNothingOfIt) {
  const struct {
    Search search;
    std::string_view field;
  } rows[] = {{{.last_four = "708"}, "last_four"},
              {{.last_four = "4970110000000708"}, "last_four"},
              {{.last_four = "07O8"}, "last_four"},
              {{.email = "jeanne"}, "email"},
              {{.limit = 0}, "limit"},
              {{.limit = kSearchMax + 1}, "limit"}};
  for (const auto& row : rows) {
    const auto checked = check_search(row.search);
    ASSERT_FALSE(checked) << row.field;
    EXPECT_EQ(checked.error().field, row.field);
    EXPECT_FALSE(checked.error().detail.contains("0708"));
  }
  EXPECT_TRUE(check_search({.email = "a@x.example", .last_four = "0708"}));
}

TEST_P(PaymentSearch, FindsNothingWhereItCannotBeAsked) {
  const auto found = base::sync_wait(env_->node().database->read(
      [&](db::ReadTx& tx) { return find_payments(*env_->node().store, tx, {.shop = kShop, .limit = 0}); }));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().field, "limit");
}

TEST_P(PaymentSearch, WantsAllThatIsGiven) {
  made("A-1", "a@x.example");
  made("A-1", "b@x.example");
  made("A-2", "a@x.example");
  NewPayment paid = request();
  paid.reference = "A-2";
  paid.buyer.email = "b@x.example";
  pay(paid);
  EXPECT_EQ(orders({.reference = "A-1", .email = "A@x.example"}), Orders{"A-1"});
  EXPECT_EQ(orders({.reference = "A-2", .last_four = "0055"}), Orders{"A-2"});
  EXPECT_EQ(orders({.reference = "A-1", .last_four = "0055"}), Orders{});
  EXPECT_EQ(orders({.email = "b@x.example", .last_four = "0055"}), Orders{"A-2"});
  EXPECT_EQ(orders({.reference = "A-1", .email = "b@x.example", .last_four = "0055"}), Orders{});
}

TEST_P(PaymentSearch, KeepsToTheDaysAndTheShop) {
  for (int day = 0; day < 3; ++day) {
    env_->advance_to(kStart + days{day});
    made("day " + std::to_string(day), "a@x.example");
  }
  const Search middle{.from = kStart + days{1}, .until = kStart + days{2}};
  EXPECT_EQ(orders(middle), Orders{"day 1"}) << "the first moment is in, the last is not";
  EXPECT_EQ(orders({.email = "a@x.example", .from = kStart + days{1}}), (Orders{"day 2", "day 1"}));
  EXPECT_EQ(orders({.email = "a@x.example", .until = kStart + days{1}}), Orders{"day 0"});
  EXPECT_EQ(orders({.shop = base::ShopId{12345678}, .email = "a@x.example"}), Orders{});
}

TEST_P(PaymentSearch, ComesInPages) {
  const Search all{.email = "a@x.example", .limit = 2};
  Orders made_orders;
  for (int i = 0; i < 5; ++i) {
    env_->advance_to(kStart + milliseconds{i});
    made_orders.insert(made_orders.begin(), "o" + std::to_string(i));
    made(made_orders.front(), "a@x.example");
  }
  Orders read;
  Search next = all;
  for (int pages = 0; pages < 3; ++pages) {
    const SearchPage page = find(next);
    for (const WholePayment& found : page.payments) read.push_back(found.payment.reference);
    EXPECT_EQ(page.has_more, pages < 2);
    next.before = page.payments.back().payment.id;
  }
  EXPECT_EQ(read, made_orders);
}

}  // namespace
}  // namespace acquit::payments::testing

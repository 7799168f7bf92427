#include "db/listing.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <regex>

#include "db/database_fixture.h"
#include "db/table.h"

namespace acquit::db {
namespace {

using base::ErrorCode;

enum class State : std::uint8_t { open, closed };
std::string_view to_string(State state) { return state == State::open ? "open" : "closed"; }
std::optional<State> parse_state(std::string_view text) {
  if (text == "open") return State::open;
  return text == "closed" ? std::optional(State::closed) : std::nullopt;
}

struct Order {
  base::ShopId shop{0};
  std::int64_t number = 0;
  base::Time at;
  base::Money total;
  State state = State::open;
  std::string mail;
  std::string secret;
};
Order empty_order() {
  return {.at = {}, .total = base::Money::zero(*base::Currency::from_code("EUR")), .mail = {}, .secret = {}};
}

constexpr Table kOrders("orders", &empty_order, column<&Order::shop>("shop_id").key(),
                        column<&Order::number>("number").key(), column<&Order::at>("at").filterable(Filters::ordered),
                        column<&Order::total>("amount, currency").filterable(Filters::ordered),
                        text_column<parse_state, &Order::state>("state").filterable(),
                        column<&Order::mail>("mail").filterable(), column<&Order::secret>("secret"));
constexpr std::string_view kByTime[] = {"at", "number"};
constexpr PageOrder kNewestFirst{.columns = kByTime};
constexpr PageOrder kOldestFirst{.columns = kByTime, .newest_first = false};

constexpr base::EmbeddedFile kFiles[] = {
    {.path = "orders.sql",
     .content = "-- :name insert\ninsert into orders ({orders}) values ({orders.values})\n"
                "-- :name page\n"
                "select {orders} from orders where shop_id = $1 and {conditions} order by {order} limit $2\n"}};
const Statement kInsertOrder = load_statement(kFiles, "orders.insert", {kOrders});
const Statement kPage = load_statement(kFiles, "orders.page", {kOrders});

constexpr base::ShopId kOurs{11111111};
constexpr base::ShopId kTheirs{22222222};

Listing listing(const PageOrder& order, std::int64_t limit) { return Listing(kOrders, order, {kOurs.value(), limit}); }

using Numbers = std::vector<std::int64_t>;

class ListingTest : public ::testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    place_ = testing::TemporaryDatabase::make(GetParam());
    if (!place_) GTEST_SKIP() << "PostgreSQL is not installed here";
    place_->execute(
        "create table orders (shop_id bigint, number bigint, at bigint, amount bigint, currency text, state text,"
        "mail text, secret text, primary key (shop_id, number))");
    database_ = Database::open(place_->options(), executor_).value();
    for (const base::ShopId shop : {kOurs, kTheirs}) {
      for (int number = 1; number <= 7; ++number) {
        // Several of one moment.
        add({.shop = shop,
             .number = number,
             .at = base::time_from_ms(100 + number / 3),
             .total = base::Money(std::int64_t{number} * 10, *base::Currency::from_code(number == 7 ? "CHF" : "EUR")),
             .state = number % 2 == 0 ? State::closed : State::open,
             .mail = number == 3 ? "o'hara@x.example" : "a@x.example",
             .secret = "s"});
      }
    }
  }
  void add(const Order& order) {
    const auto added =
        base::sync_wait(database_->write(kShop, [&](Tx& tx) { return tx.run(kInsertOrder, kOrders.bind(order)); }));
    ASSERT_TRUE(added) << added.error().detail;
  }
  std::vector<Order> rows(const Listing& asked) {
    auto found = base::sync_wait(
        database_->read([&](ReadTx& tx) { return kOrders.read(tx.query(asked.fill(kPage), asked.params())); }));
    if (!found) throw std::runtime_error(found.error().detail);
    return *std::move(found);
  }
  Numbers numbers(const Listing& asked) {
    Numbers numbers;
    for (const Order& order : rows(asked)) {
      EXPECT_EQ(order.shop, kOurs);
      numbers.push_back(order.number);
    }
    return numbers;
  }
  Numbers filtered(const std::vector<Filter>& filters) {
    Listing asked = listing(kOldestFirst, 100);
    for (const Filter& filter : filters) {
      const auto taken = asked.filter(filter);
      EXPECT_TRUE(taken) << taken.error().field << " " << taken.error().detail;
    }
    return numbers(asked);
  }

  base::InlineExecutor executor_;
  std::unique_ptr<testing::TemporaryDatabase> place_;
  std::unique_ptr<Database> database_;
};
INSTANTIATE_TEST_SUITE_P(Engines, ListingTest, ::testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& about) { return testing::engine_name(about.param); });

TEST_P(ListingTest, FiltersByWhatTheTableAllows) {
  EXPECT_EQ(filtered({}), (Numbers{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(filtered({{"state", "=", "closed"}}), (Numbers{2, 4, 6}));
  EXPECT_EQ(filtered({{"state", "<>", "closed"}, {"amount", ">", "10"}}), (Numbers{3, 5, 7}));
  EXPECT_EQ(filtered({{"at", ">=", "101"}, {"at", "<", "102"}}), (Numbers{3, 4, 5}));
  EXPECT_EQ(filtered({{"currency", "=", "CHF"}}), (Numbers{7}));
  EXPECT_EQ(filtered({{"mail", "=", "o'hara@x.example"}}), (Numbers{3}));
  EXPECT_EQ(filtered({{"mail", "=", "x' or '1' = '1"}}), Numbers());
}

TEST_P(ListingTest, GivesEveryRowOnceFromPageToPageInBothDirections) {
  const std::pair<PageOrder, Numbers> cases[] = {{kNewestFirst, {7, 6, 5, 4, 3, 2, 1}},
                                                 {kOldestFirst, {1, 2, 3, 4, 5, 6, 7}}};
  for (const auto& [order, wanted] : cases) {
    Numbers all;
    std::string cursor;
    for (const std::size_t size : {2U, 2U, 2U, 1U}) {
      Listing asked = listing(order, 2);
      if (!cursor.empty()) ASSERT_TRUE(asked.after(cursor));
      const auto found = rows(asked);
      ASSERT_EQ(found.size(), size);
      for (const Order& one : found) all.push_back(one.number);
      cursor = kOrders.cursor(found.back(), order);
    }
    EXPECT_EQ(all, wanted);
  }
}

TEST_P(ListingTest, ARowThatComesInBetweenMovesNoOther) {
  const Order last = rows(listing(kNewestFirst, 2)).back();
  Order fresh = last;
  fresh.number = 8;
  add(fresh);
  Listing asked = listing(kNewestFirst, 2);
  ASSERT_TRUE(asked.after(kOrders.cursor(last, kNewestFirst)));
  EXPECT_EQ(numbers(asked), (Numbers{5, 4}));
}

TEST_P(ListingTest, ACursorOfAnotherShopLeadsToNoRowOfIt) {
  Order theirs = empty_order();
  theirs.shop = kTheirs;
  theirs.at = base::time_from_ms(102);
  theirs.number = 6;
  Listing asked = listing(kNewestFirst, 100);
  ASSERT_TRUE(asked.after(kOrders.cursor(theirs, kNewestFirst)));
  EXPECT_EQ(numbers(asked), (Numbers{5, 4, 3, 2, 1}));
}

TEST_P(ListingTest, IsNotKeptPrepared) {
  for (const char* comparison : {"=", "<", "<=", ">", ">="}) {
    for (const char* column : {"at", "amount"}) filtered({{column, comparison, "1"}});
  }
  if (GetParam() != Engine::postgresql) return;
  static const Statement kPrepared = both(
      "prepared", "select count(*) from pg_prepared_statements where statement like 'select shop_id, number, at%'");
  const auto kept = base::sync_wait(database_->read([&](ReadTx& tx) { return tx.find(kPrepared, {}); })).value();
  EXPECT_EQ(kept->integer(0), 0);
}

TEST_P(ListingTest, IsReadRowByRowToo) {
  Listing asked = listing(kOldestFirst, 100);
  ASSERT_TRUE(asked.filter({"state", "=", "closed"}));
  Numbers seen;
  const auto done = base::sync_wait(database_->read([&](ReadTx& tx) {
    return tx.for_each(asked.fill(kPage), asked.params(), [&](const Row& row) -> base::Result<void> {
      seen.push_back(row.integer(1));
      return {};
    });
  }));
  EXPECT_TRUE(done);
  EXPECT_EQ(seen, (Numbers{2, 4, 6}));
}

TEST(Listing, SaysWhichFieldIsWrongAndWhatIsAllowed) {
  struct Case {
    Filter filter;
    std::string_view detail;
  };
  const Case cases[] = {
      {{"secret", "=", "s"}, "can't be filtered by; these can: at, amount, currency, state, mail"},
      {{"nothing", "=", "s"}, "can't be filtered by; these can: at, amount, currency, state, mail"},
      {{"amount, currency", "=", "1"}, "can't be filtered by; these can: at, amount, currency, state, mail"},
      {{"state", "<", "open"}, "is compared by one of: =, <>"},
      {{"at", "like", "1"}, "is compared by one of: =, <>, <, <=, >, >="},
      {{"at", "=", "1 or 1"}, "can't have this value"},
      {{"amount", ">", "99999999999999999999"}, "can't have this value"},
      {{"currency", "=", "eur"}, "can't have this value"},
      {{"state", "=", "lost"}, "can't have this value"},
      {{"mail", "=", "broken \xff"}, "can't have this value"},
      {{"mail", "=", std::string("nul\0", 4)}, "can't have this value"},
  };
  for (const Case& one : cases) {
    Listing asked = listing(kNewestFirst, 1);
    const auto taken = asked.filter(one.filter);
    ASSERT_FALSE(taken) << one.filter.column << one.filter.value;
    EXPECT_EQ(taken.error().code, ErrorCode::field_value);
    EXPECT_EQ(taken.error().field, one.filter.column);
    EXPECT_EQ(taken.error().detail, one.detail);
  }
}

TEST(Listing, TakesSoManyFiltersAndNoMore) {
  Listing asked = listing(kNewestFirst, 1);
  for (std::size_t i = 0; i < Listing::kFiltersMax; ++i) ASSERT_TRUE(asked.filter({"mail", "=", "a"}));
  EXPECT_FALSE(asked.filter({"mail", "=", "a"}));
}

TEST(Listing, RefusesWhatIsNoCursor) {
  for (const char* cursor : {"", "1", "1~", "~1", "1~2~3", "a~1", "1~x", "1~99999999999999999999", "1 ~2"}) {
    Listing asked = listing(kNewestFirst, 1);
    const auto taken = asked.after(cursor);
    ASSERT_FALSE(taken) << cursor;
    EXPECT_EQ(taken.error().code, ErrorCode::field_format);
    EXPECT_EQ(taken.error().field, "cursor");
  }
}

std::string any_of_or_anything(const std::vector<std::string>& words) {
  return *rc::gen::oneOf(rc::gen::elementOf(words), rc::gen::arbitrary<std::string>());
}

// Whatever is asked for, SQL is made of the table's own names, comparisons and parameters, and of these there are as
// many as values are bound.
RC_GTEST_PROP(ListingProperty, NoTextOfAnOutsiderGetsIntoSql, ()) {
  static const std::regex kFilled(
      R"(select shop_id, number, at, amount, currency, state, mail, secret from orders where shop_id = \$1 and )"
      R"((1 = 1|((at|amount|currency|state|mail) (=|<>|<|<=|>|>=) \$[0-9]+|\(at, number\) < \(\$[0-9]+, \$[0-9]+\))( and )"
      R"(((at|amount|currency|state|mail) (=|<>|<|<=|>|>=) \$[0-9]+|\(at, number\) < \(\$[0-9]+, \$[0-9]+\)))*))"
      R"( order by at desc, number desc limit \$2)");
  Listing asked = listing(kNewestFirst, 5);
  const int filters = *rc::gen::inRange(0, 20);
  for (int i = 0; i < filters; ++i) {
    const Filter filter{
        .column = any_of_or_anything({"at", "amount", "currency", "state", "mail", "secret", "1 or at", "at--"}),
        .comparison = any_of_or_anything({"=", "<>", "<", "<=", ">", ">=", "= 1 or 1 =", "is not"}),
        .value = any_of_or_anything({"1", "-5", "EUR", "open", "' or 1 = 1 --", "$1", "{order}", "{conditions}"})};
    static_cast<void>(asked.filter(filter));
  }
  static_cast<void>(asked.after(any_of_or_anything({"1~2", "1~2) or (1 = 1", "'~'", "{order}~1"})));
  const Statement filled = asked.fill(kPage);
  RC_ASSERT(filled.sqlite == filled.postgresql);
  RC_ASSERT(std::regex_match(filled.sqlite, kFilled));
  static const std::regex kParameter(R"(\$[0-9]+)");
  const std::sregex_iterator first(filled.sqlite.begin(), filled.sqlite.end(), kParameter);
  RC_ASSERT(static_cast<std::size_t>(std::distance(first, std::sregex_iterator())) == asked.params().size());
}

}  // namespace
}  // namespace acquit::db

#include "db/table.h"

#include <gtest/gtest.h>

#include "db/database_fixture.h"

namespace acquit::db {
namespace {

struct OrderTag {
  static constexpr std::string_view prefix = "ord";
};
using OrderId = base::Id<OrderTag>;

enum class State : std::uint8_t { open, closed };
std::string_view to_string(State state) { return state == State::open ? "open" : "closed"; }
std::optional<State> parse_state(std::string_view text) {
  if (text == "open") return State::open;
  return text == "closed" ? std::optional(State::closed) : std::nullopt;
}

/// A value that is kept as one text.
struct Tags {
  std::string joined;
  friend bool operator==(const Tags&, const Tags&) = default;
};
std::string to_text(const Tags& tags) { return "tags:" + tags.joined; }
base::Result<Tags> parse_tags(std::string_view text) {
  if (!text.starts_with("tags:")) return base::fail(base::ErrorCode::field_format, "no tags");
  return Tags{std::string(text.substr(5))};
}

struct Trace {
  int number = 0;
  std::optional<base::Time> sent_at;
  friend bool operator==(const Trace&, const Trace&) = default;
};
struct Buyer {
  std::string mail;
  std::optional<std::string> phone;
  friend bool operator==(const Buyer&, const Buyer&) = default;
};
struct Order {
  base::ShopId shop{0};
  OrderId id;
  base::Money total;
  std::optional<base::Money> refunded{};
  State state = State::open;
  std::optional<State> before{};
  Tags tags{};
  Buyer buyer{};
  std::optional<Trace> trace{};
  std::optional<OrderId> parent{};
  bool express = false;
  base::Time made_at{};
  base::Milliseconds took{0};
  std::string sealed{};
  friend bool operator==(const Order&, const Order&) = default;
};

base::Currency euro() { return *base::Currency::from_code("EUR"); }
Order empty_order() { return {.id = OrderId({}), .total = base::Money::zero(euro())}; }
std::string search_key(const Order& order) { return "key of " + order.buyer.mail; }

constexpr Table kOrders("orders", &empty_order,                                         //
                        column<&Order::shop>("shop_id").key(),                          //
                        column<&Order::id>("order_id").key(),                           //
                        column<&Order::total>("amount, currency").changing(),           //
                        column<&Order::refunded>("refunded, refunded_in"),              //
                        text_column<parse_state, &Order::state>("state").changing(),    //
                        text_column<parse_state, &Order::before>("before").changing(),  //
                        text_column<parse_tags, &Order::tags>("tags"),                  //
                        column<&Order::buyer, &Buyer::mail>("mail"),                    //
                        column<&Order::buyer, &Buyer::phone>("phone").changing(),       //
                        column<&Order::trace, &Trace::number>("trace"),                 //
                        column<&Order::trace, &Trace::sent_at>("sent_at"),              //
                        column<&Order::parent>("parent_id"),                            //
                        column<&Order::express>("express"),                             //
                        column<&Order::made_at>("made_at"),                             //
                        column<&Order::took>("took_ms"),                                //
                        bytes_column<&Order::sealed>("sealed"),                         //
                        derived_column<search_key>("search_key"));

constexpr base::EmbeddedFile kFiles[] = {
    {.path = "orders.sql",
     .content = "-- :name insert\ninsert into orders ({orders}) values ({orders.values})\n"
                "-- :name insert_of\ninsert into orders ({orders}) select {orders.values after 1} where $1 = 'yes'\n"
                "-- :name find\nselect {orders} from orders where {orders.key}\n"
                "-- :name beside\nselect 5, {orders as o} from orders o where o.shop_id = $1\n"
                "-- :name all\nselect {orders} from orders order by order_id\n"
                "-- :name change\n"
                "update orders set {orders.changes after 1} where {orders.key after 1} and state = $1\n"
                "-- :name spoil\nupdate orders set state = 'lost' where shop_id = $1\n"}};
Statement statement(std::string_view name) { return load_statement(kFiles, "orders." + std::string(name), {kOrders}); }

OrderId id_of(int number) {
  base::IdBytes bytes{};
  bytes.back() = std::byte(number);
  return OrderId(bytes);
}

Order full() {
  return {.shop = base::ShopId(12345678),
          .id = id_of(1),
          .total = base::Money(1'250, euro()),
          .refunded = base::Money(3, *base::Currency::from_code("CHF")),
          .state = State::closed,
          .before = State::open,
          .tags = {"a;b"},
          .buyer = {.mail = "jeanne@shop.example", .phone = "+33"},
          .trace = Trace{.number = 7, .sent_at = base::time_from_ms(4)},
          .parent = id_of(9),
          .express = true,
          .made_at = base::time_from_ms(1'767'225'600'000),
          .took = base::Milliseconds{12},
          .sealed = std::string("\0\xff'", 3)};
}
Order bare() {
  Order order = empty_order();
  order.shop = base::ShopId(12345678);
  order.id = id_of(2);
  return order;
}

class TableTest : public ::testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    place_ = testing::TemporaryDatabase::make(GetParam());
    if (!place_) GTEST_SKIP() << "PostgreSQL is not installed here";
    place_->execute(
        "create table orders (shop_id bigint, order_id text, amount bigint not null, currency text not null,"
        "refunded bigint, refunded_in text, state text not null, before text, tags text not null, mail text not null,"
        "phone text, trace bigint, sent_at bigint, parent_id text, express bigint not null, made_at bigint not null,"
        "took_ms bigint not null, sealed bytea not null, search_key text not null, primary key (shop_id, order_id))");
    database_ = Database::open(place_->options(), executor_).value();
  }
  template <class F>
  auto write(F work) {
    return base::sync_wait(database_->write(kShop, work));
  }
  base::Result<void> insert(const Order& order) {
    return write([&](Tx& tx) { return tx.run(kInsertOrder, kOrders.bind(order)); });
  }
  base::Result<std::optional<Order>> find(const OrderId& id) {
    return write([&](Tx& tx) { return kOrders.read(tx.find(kFindOrder, {12345678, id.hex()})); });
  }

  const Statement kInsertOrder = statement("insert");
  const Statement kFindOrder = statement("find");
  base::InlineExecutor executor_;
  std::unique_ptr<testing::TemporaryDatabase> place_;
  std::unique_ptr<Database> database_;
};
INSTANTIATE_TEST_SUITE_P(Engines, TableTest, ::testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& about) { return testing::engine_name(about.param); });

TEST_P(TableTest, GivesBackWhatItWasGiven) {
  for (const Order& order : {full(), bare()}) {
    const auto inserted = insert(order);
    ASSERT_TRUE(inserted) << inserted.error().detail;
    const auto found = find(order.id);
    ASSERT_TRUE(found) << found.error().detail;
    ASSERT_TRUE(found->has_value());
    EXPECT_TRUE(**found == order);
  }
  EXPECT_FALSE(find(id_of(3)).value().has_value());
  const auto all = write([](Tx& tx) { return kOrders.read(tx.query(statement("all"), {})); });
  ASSERT_EQ(all.value().size(), 2U);
  EXPECT_TRUE(all->at(0) == full() && all->at(1) == bare());
}

TEST_P(TableTest, KeepsNothingAsNullAndWritesWhatIsDerived) {
  ASSERT_TRUE(insert(bare()));
  const Statement look =
      both("look", "select refunded, refunded_in, before, phone, trace, sent_at, parent_id from orders");
  const auto row = write([&](Tx& tx) { return tx.find(look, {}); }).value();
  for (std::size_t i = 0; i < row->size(); ++i) EXPECT_TRUE(row->is_null(i)) << i;
  ASSERT_TRUE(insert(full()));
  const Statement key = both("key", "select search_key from orders where order_id = $1");
  EXPECT_EQ(write([&](Tx& tx) { return tx.find(key, {full().id.hex()}); }).value()->text(0),
            "key of jeanne@shop.example");
}

TEST_P(TableTest, ChangesWhatMayChangeOfOneRow) {
  ASSERT_TRUE(insert(full()));
  ASSERT_TRUE(insert(bare()));
  Order changed = full();
  changed.state = State::open;
  changed.before.reset();
  changed.total = base::Money(1, *base::Currency::from_code("JPY"));
  changed.buyer.phone = "+41";
  changed.buyer.mail = "not@written.example";
  const auto rows =
      write([&](Tx& tx) { return tx.change(statement("change"), kOrders.bind_change({"closed"}, changed)); });
  ASSERT_TRUE(rows) << rows.error().detail;
  EXPECT_EQ(*rows, 1);
  changed.buyer.mail = full().buyer.mail;
  EXPECT_TRUE(find(full().id).value() == changed);
  EXPECT_TRUE(find(bare().id).value() == bare());
}

TEST_P(TableTest, BindsAndReadsBehindOtherValues) {
  const Order order = full();
  for (const char* wanted : {"no", "yes"}) {
    const auto rows = write([&](Tx& tx) { return tx.change(statement("insert_of"), kOrders.bind(order, {wanted})); });
    ASSERT_TRUE(rows) << rows.error().detail;
    EXPECT_EQ(*rows, wanted == std::string_view("yes") ? 1 : 0);
  }
  const auto row = write([](Tx& tx) { return tx.find(statement("beside"), {12345678}); }).value();
  EXPECT_EQ(row->integer(0), 5);
  EXPECT_TRUE(kOrders.read(*row, 1).value() == order);
}

TEST_P(TableTest, SaysWhereTheDatabaseHoldsWhatNobodyKnows) {
  ASSERT_TRUE(insert(full()));
  ASSERT_TRUE(write([](Tx& tx) { return tx.run(statement("spoil"), {12345678}); }));
  const auto found = find(full().id);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, base::ErrorCode::internal);
  EXPECT_EQ(found.error().detail, "the database holds an unknown value in orders.state");
}

}  // namespace
}  // namespace acquit::db

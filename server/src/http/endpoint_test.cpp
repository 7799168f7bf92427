#include "http/endpoint.h"

#include <gtest/gtest.h>

#include "http/routes.h"

namespace acquit::http {
namespace {

bool is_reference(std::string_view text) {
  return text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == std::string_view::npos;
}

struct Order {
  std::string reference;
  std::int64_t amount = 0;
  std::optional<std::int32_t> days;
  std::optional<std::string> email;
  std::string mode = "TEST";
  bool gift = false;
  std::optional<int> screen_width;
};

const Spec<Order>& order_spec() {
  static const Spec<Order> kSpec =
      Spec<Order>()
          .add("reference", &Order::reference,
               {.required = true, .length_max = 10, .validators = {{"capitals, digits and hyphens", is_reference}}})
          .add("amount", &Order::amount, {.required = true, .least = 1, .most = 1'000'000})
          .add("days", &Order::days, {.least = 0})
          .add("customer.email", &Order::email, {.length_max = 20})
          .add("mode", &Order::mode, {.one_of = {"TEST", "PRODUCTION"}})
          .add("gift", &Order::gift)
          .add("screen_width", &Order::screen_width, {.lenient = true});
  return kSpec;
}

struct Receipt {
  std::string reference;
  std::int64_t total = 0;
  bool test = true;
  [[nodiscard]] std::string_view status() const { return total > 0 ? "taken" : "given"; }
};

// Takes an order of the shop that the guard has found, and refuses what is too much for it.
class TakeOrder {
 public:
  using Input = Order;
  using Output = Receipt;
  static constexpr Takes kTakes = Takes::json;

  static const Spec<Order>& spec() { return order_spec(); }
  static const Shape<Receipt>& shape() {
    static const Shape<Receipt> kShape = Shape<Receipt>()
                                             .add("status", &Receipt::status, "Whether it was taken")
                                             .add("reference", &Receipt::reference, "The shop's")
                                             .add("total", &Receipt::total, "In cents")
                                             .add("test", &Receipt::test, "No money moves");
    return kShape;
  }
  static base::Task<base::Result<Answered<Receipt>>> process(Call<std::string> call, Order order) {
    if (call.proof == "poor") co_return base::fail(base::ErrorCode::amount_out_of_range, "too much", "amount");
    if (call.proof == "broken") co_return base::fail(base::ErrorCode::internal, "the pool has no connection");
    co_return Answered<Receipt>{
        .output = {.reference = order.reference, .total = order.amount, .test = order.mode == "TEST"}, .status = 201};
  }
};
static_assert(Endpoint<TakeOrder, std::string>);
static_assert(!Endpoint<TakeOrder, int>, "it needs what its guard does not prove");

class Shop {
 public:
  base::Task<Admission<std::string>> admit(const Request& request) {
    if (request.header("key").empty()) co_return std::unexpected(Response::text(403, "no key"));
    co_return std::string(request.header("key"));
  }
};

class TakeOrderOfShop : public TakeOrder {
 public:
  explicit TakeOrderOfShop(const Shop&) {}
};

class EndpointTest : public testing::Test {
 protected:
  EndpointTest() {
    using ByKey = MemberGuard<Access::signed_form, &Shop::admit>;
    Routes<Shop>()
        .add_endpoint<ByKey, TakeOrderOfShop>({.method = Method::post, .pattern = "/orders"})
        .mount(router_, &shop_);
  }
  Response post(std::string body, const std::string& key = "rich") {
    return base::sync_wait(
        router_.route({.method = Method::post, .path = "/orders", .headers = {{"key", key}}, .body = std::move(body)}));
  }
  Shop shop_;
  Router router_;
};

TEST_F(EndpointTest, ReadsJsonBySpecAndAnswersByShape) {
  const Response response = post(R"({"reference":"CMD-1","amount":5124,"mode":"PRODUCTION","unheard":[{}]})");
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.body, R"({"status":"taken","reference":"CMD-1","total":5124,"test":false})");
}

TEST_F(EndpointTest, SaysWhichFieldBreaksWhichRule) {
  const struct {
    std::string body;
    int status;
    std::string_view told;
  } rows[] = {
      {R"({"amount":1})", 400, R"({"error":"field_missing","field":"reference","detail":"reference: must be there"})"},
      {R"({"reference":"","amount":1})", 400,
       R"({"error":"field_missing","field":"reference","detail":"reference: must be there"})"},
      {R"({"reference":"A","amount":0})", 400,
       R"({"error":"field_value","field":"amount","detail":"amount: must be at least 1"})"},
      {R"({"reference":"A","amount":1000001})", 400,
       R"({"error":"field_value","field":"amount","detail":"amount: must be at most 1000000"})"},
      {R"({"reference":"A","amount":1.5})", 400,
       R"({"error":"field_format","field":"amount","detail":"amount: must be a whole number"})"},
      {R"({"reference":"A","amount":"1"})", 400,
       R"({"error":"field_format","field":"amount","detail":"amount: must be a whole number"})"},
      {R"({"reference":7,"amount":1})", 400,
       R"({"error":"field_format","field":"reference","detail":"reference: must be a text"})"},
      {R"({"reference":"AAAAAAAAAAA","amount":1})", 400,
       R"({"error":"field_too_long","field":"reference","detail":"reference: must have at most 10 characters"})"},
      {R"({"reference":"a b","amount":1})", 400,
       R"({"error":"field_format","field":"reference","detail":"reference: must be capitals, digits and hyphens"})"},
      {R"({"reference":"A","amount":1,"mode":"LIVE"})", 400,
       R"({"error":"field_value","field":"mode","detail":"mode: must be one of TEST, PRODUCTION"})"},
      {R"({"reference":"A","amount":1,"gift":"yes"})", 400,
       R"({"error":"field_format","field":"gift","detail":"gift: must be true or false"})"},
      {R"({"reference":"A","amount":1,"days":3000000000})", 400,
       R"({"error":"field_value","field":"days","detail":"days: must be at most 2147483647"})"},
      {R"({"reference":"A","amount":1,"customer":{"email":"jeanne.martin@mail.example"}})", 400,
       R"({"error":"field_too_long","field":"customer.email","detail":"customer.email: must have at most 20 characters"})"},
      {R"([1])", 400, R"({"error":"body_malformed","detail":"the body must be a JSON object"})"},
      {"", 400, R"({"error":"body_malformed","detail":"the body must be a JSON object"})"},
      {R"({"amount":1,"amount":2})", 400, R"({"error":"body_malformed","detail":"a name stands twice in one object"})"},
  };
  for (const auto& row : rows) {
    const Response response = post(row.body);
    EXPECT_EQ(response.status, row.status) << row.body;
    EXPECT_EQ(response.body, row.told) << row.body;
  }
}

TEST_F(EndpointTest, TellsWhyTheWorkWasRefusedButNothingOfABug) {
  const std::string good = R"({"reference":"A","amount":1})";
  EXPECT_EQ(post(good, "poor").body, R"({"error":"amount_out_of_range","field":"amount","detail":"too much"})");
  const Response bug = post(good, "broken");
  EXPECT_EQ(bug.status, 500);
  EXPECT_EQ(bug.body, R"({"error":"internal"})");
  EXPECT_EQ(post("{", "").body, "no key") << "the guard comes first";
}

TEST(Spec, ReadsAFormAsItReadsJson) {
  const auto read = [](std::string body) {
    const auto sent = SentFields::of_form({.method = Method::post, .body = std::move(body)});
    return order_spec().read(sent.value());
  };
  const auto order =
      read("reference=A&amount=12&days=3&customer.email=a%40b.example&gift=1&screen_width=wide&mode=&more=x").value();
  EXPECT_EQ(order.reference, "A");
  EXPECT_EQ(order.amount, 12);
  EXPECT_EQ(order.days, 3);
  EXPECT_EQ(order.email, "a@b.example");
  EXPECT_EQ(order.mode, "TEST") << "empty is as if it had not come";
  EXPECT_TRUE(order.gift);
  EXPECT_EQ(order.screen_width, std::nullopt) << "lenient";
  EXPECT_EQ(read("reference=A&amount=twelve").error().field, "amount");
  EXPECT_EQ(read("reference=A&amount=12&gift=perhaps").error().code, base::ErrorCode::field_format);
  EXPECT_EQ(read("amount=12").error().code, base::ErrorCode::field_missing);
}

TEST(Spec, FindsAMemberByItsPathOnly) {
  const auto read = [](std::string_view body) { return order_spec().read(SentFields::of_json(body).value()); };
  EXPECT_EQ(read(R"({"reference":"A","amount":1,"customer":{"email":"a@b.example"}})").value().email, "a@b.example");
  for (const std::string customer : {"null", "7", R"({"email":null})", R"([{"email":"a@b.example"}])"}) {
    EXPECT_EQ(read(R"({"reference":"A","amount":1,"customer":)" + customer + "}").value().email, std::nullopt);
  }
  EXPECT_EQ(read(R"({"reference":"A","amount":1,"customer.email":"a@b.example"})").value().email, std::nullopt);
}

TEST(Endpoint, IsDescribedWithoutOne) {
  const Described described = describe<TakeOrder>();
  EXPECT_EQ(described.takes, Takes::json);
  ASSERT_EQ(described.input.size(), 7U);
  EXPECT_EQ(described.input[2].name, "days");
  EXPECT_EQ(described.input[2].type, FieldType::integer);
  EXPECT_EQ(described.output[3].type, FieldType::boolean);
}

}  // namespace
}  // namespace acquit::http

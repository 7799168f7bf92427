// What a payment costs where the database is far away: how often it waits for PostgreSQL, step by step.
#include <gmock/gmock.h>

#include "payments/authorise.h"
#include "payments/events.h"
#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

using testing::HasSubstr;

class RoundTripsOfAPaymentTest : public FlowFixture {
 protected:
  RoundTripsOfAPaymentTest() : FlowFixture(db::Engine::postgresql) {}

  void SetUp() override {
    if (!database_) GTEST_SKIP() << "PostgreSQL is not installed here";
    add_shop(form::sample_shop());
    // What comes after the payment is told to the shop is not the buyer's payment any more.
    outbox_->handle(
        std::string(payments::kTopicNotification),
        [this](const platform::OutboxMessage&) -> base::Task<platform::OutboxVerdict> {
          paid_at_ = trips();
          co_return platform::OutboxVerdict{.again_at = std::nullopt, .payload = std::nullopt};
        },
        8, platform::Outbox::Judged::no);
  }
  std::uint64_t trips() { return database_->counters().round_trips; }
  /// How often `step` waits for the database until the shop is told.
  std::uint64_t trips_of(const std::function<void()>& step) {
    const std::uint64_t before = trips();
    paid_at_.reset();
    step();
    return paid_at_.value_or(trips()) - before;
  }
  std::string enter(const std::string& number) {
    base::FormFields fields = form::good_fields();
    form::set(fields, "vads_trans_id", number);
    return header(post(form::signed_body(fields)), "location");
  }
  struct Steps {
    std::uint64_t form = 0;
    std::uint64_t page = 0;
    std::uint64_t card = 0;
    std::uint64_t result = 0;
    [[nodiscard]] std::uint64_t sum() const { return form + page + card + result; }
  };
  friend std::ostream& operator<<(std::ostream& out, const Steps& steps) {
    return out << "form " << steps.form << ", page " << steps.page << ", card " << steps.card << ", result "
               << steps.result;
  }
  /// A whole payment; `between` passes before each step.
  Steps pay_whole(const std::string& number, const std::string& card, base::Milliseconds between = {}) {
    Steps steps;
    std::string page;
    base::FormFields fields;
    http::Response answer;
    steps.form = trips_of([&] { page = enter(number); });
    clock_.advance(between);
    steps.page = trips_of([&] { fields = hidden_fields(look(page).body); });
    for (const auto& [name, value] : base::FormFields{
             {"card_number", card}, {"expiry", "12/30"}, {"security_code", "123"}, {"card_holder", "A Buyer"}}) {
      form::set(fields, name, value);
    }
    clock_.advance(between);
    steps.card = trips_of([&] { answer = step(page + "/card", fields); });
    clock_.advance(between);
    std::string result;
    steps.result = trips_of([&] { result = follow(answer).body; });
    EXPECT_THAT(result, HasSubstr("3fe1a2")) << "the number of the approval";
    return steps;
  }

  static constexpr const char* kNotEnrolled = "4970120000000004";
  static constexpr const char* kEnrolled = "4970100000000055";
  std::optional<std::uint64_t> paid_at_;
};

TEST_F(RoundTripsOfAPaymentTest, WithoutAnAuthentication) {
  pay_whole("000001", kNotEnrolled);  // Prepares what each connection keeps, and the shop's settings.
  const Steps steps = pay_whole("000002", kNotEnrolled);
  EXPECT_EQ(steps.sum(), 6U) << steps;
}

TEST_F(RoundTripsOfAPaymentTest, WithAnAuthentication) {
  pay_whole("000001", kEnrolled);
  const Steps steps = pay_whole("000002", kEnrolled);
  EXPECT_EQ(steps.sum(), 8U) << steps;
}

TEST_F(RoundTripsOfAPaymentTest, WithSettingsThatAreOld) {
  pay_whole("000001", kNotEnrolled);
  const Steps steps = pay_whole("000002", kNotEnrolled, std::chrono::seconds(60));
  EXPECT_EQ(steps.sum(), 9U) << steps;
}

}  // namespace
}  // namespace acquit::web

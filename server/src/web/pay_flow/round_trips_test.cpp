// What a payment costs where the database is far away: how often it waits for PostgreSQL, step by step.
#include <gmock/gmock.h>

#include "payments/bank/authorise.h"
#include "payments/ending/announcements.h"
#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

using ::testing::HasSubstr;

class RoundTripsOfAPaymentTest : public FlowFixture {
 protected:
  explicit RoundTripsOfAPaymentTest(base::Milliseconds each_way = {}) : FlowFixture(db::Engine::postgresql, each_way) {}

  void SetUp() override {
    if (!env_) GTEST_SKIP() << "PostgreSQL is not installed here";
    add_shop(form::sample_shop());
    // What comes after the payment is told to the shop is not the buyer's payment any more.
    env_->node().outbox->handle(
        std::string(payments::kTopicNotification), [this](const platform::OutboxMessage&) { return note_paid(); }, 8,
        platform::Outbox::Judged::no);
  }
  base::Task<platform::OutboxVerdict> note_paid() {
    paid_at_ = trips();
    co_return platform::OutboxVerdict{.again_at = std::nullopt, .payload = std::nullopt};
  }
  std::uint64_t trips() { return env_->node().database->counters().round_trips; }
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
    env_->clock.advance(between);
    steps.page = trips_of([&] { fields = hidden_fields(look(page).body); });
    for (const auto& [name, value] : base::FormFields{
             {"card_number", card}, {"expiry", "12/30"}, {"security_code", "123"}, {"card_holder", "A Buyer"}}) {
      form::set(fields, name, value);
    }
    env_->clock.advance(between);
    steps.card = trips_of([&] { answer = step(page + "/card", fields); });
    env_->clock.advance(between);
    std::string result;
    steps.result = trips_of([&] { result = follow(answer).body; });
    EXPECT_THAT(result, HasSubstr("A12345")) << "the number of the approval";
    return steps;
  }

  /// After form and page, which are as without it.
  struct Challenged {
    std::uint64_t card = 0;
    std::uint64_t issuer = 0;
    std::uint64_t results = 0;
    std::uint64_t back = 0;
    std::uint64_t result = 0;
    bool operator==(const Challenged&) const = default;
  };
  friend std::ostream& operator<<(std::ostream& out, const Challenged& trips) {
    return out << "card " << trips.card << ", the issuer's page " << trips.issuer << ", his results " << trips.results
               << ", back " << trips.back << ", result " << trips.result;
  }
  Challenged pay_challenged(const std::string& number) {
    Challenged trips;
    const std::string page = enter(number);
    base::FormFields fields = hidden_fields(look(page).body);
    for (const auto& [name, value] : base::FormFields{
             {"card_number", kEnrolled}, {"expiry", "12/30"}, {"security_code", "123"}, {"card_holder", "A Buyer"}}) {
      form::set(fields, name, value);
    }
    pay_pages_->directory_server.on_authenticate(threeds::TransStatus::challenge);
    http::Response answer;
    trips.card = trips_of([&] { answer = step(page + "/card", fields); });
    std::string way;
    trips.issuer = trips_of([&] { way = follow(answer).body; });
    const payments::Authentication asked = *must(base::sync_wait(env_->node().database->read([this](db::ReadTx& tx) {
      return pay_pages_->authentications.find_by_server_id(tx, form::kShop, pay_pages_->directory_server.last_id());
    })));
    trips.results = trips_of([&] { bring_results(asked); });
    std::string session;
    for (const auto& [name, value] : hidden_fields(way)) {
      if (name == "threeDSSessionData") session = value;
    }
    trips.back = trips_of([&] { answer = step("/3ds/challenge-done", {{"threeDSSessionData", session}}); });
    std::string result;
    trips.result = trips_of([&] { result = follow(answer).body; });
    EXPECT_THAT(result, HasSubstr("A12345")) << "the number of the approval";
    return trips;
  }
  void bring_results(const payments::Authentication& asked) {
    const auto address = payments::results_address(*env_->node().vault, form::kShop, asked.server_transaction_id);
    const threeds::ChallengeResult result{.server_transaction_id = asked.server_transaction_id,
                                          .acs_transaction_id = asked.result.acs_transaction_id,
                                          .ds_transaction_id = asked.result.ds_transaction_id,
                                          .status = threeds::TransStatus::authenticated,
                                          .reason = "",
                                          .eci = "05",
                                          .cavv = "AAABBZEEBgAAAAAAAAQGAAAAAAA=",
                                          .authentication_type = "02",
                                          .cancel = ""};
    const auto brought = must(payments::AddressedResults::check(*env_->node().vault, address, result));
    EXPECT_TRUE(base::sync_wait(payments::record_results(env_->services(), pay_pages_->threeds, brought)));
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

TEST_F(RoundTripsOfAPaymentTest, WithAChallengeAtTheIssuers) {
  pay_challenged("000001");
  const Challenged trips = pay_challenged("000002");
  EXPECT_EQ(trips, (Challenged{.card = 4, .issuer = 3, .results = 3, .back = 5, .result = 1})) << trips;
}

TEST_F(RoundTripsOfAPaymentTest, WithSettingsThatAreOld) {
  pay_whole("000001", kNotEnrolled);
  const Steps steps = pay_whole("000002", kNotEnrolled, std::chrono::seconds(60));
  EXPECT_EQ(steps.sum(), 9U) << steps;
}

class FarDatabaseTest : public RoundTripsOfAPaymentTest {
 protected:
  static constexpr base::Milliseconds kEachWay{100};
  static constexpr int kTries = 3;
  FarDatabaseTest() : RoundTripsOfAPaymentTest(kEachWay) {}

  /// Of the fastest of a few payments: a machine that is busy with other things makes some slower, not all.
  base::Milliseconds fastest(base::Milliseconds each_way, std::string_view first_id) {
    env_->far_server().move_to(each_way);
    const base::OsClock clock;
    auto least = base::Milliseconds::max();
    for (int i = 0; i < kTries; ++i) {
      const base::Monotonic began = clock.monotonic();
      counted_ = pay_whole(std::string(first_id) + std::to_string(i), kNotEnrolled).sum();
      const auto took = std::chrono::duration_cast<base::Milliseconds>(clock.monotonic() - began);
      EXPECT_GE(took, 2 * each_way * static_cast<int>(counted_)) << "shorter than its waits";
      least = std::min(least, took);
    }
    return least;
  }

  std::uint64_t counted_ = 0;
};

// What the distance adds is what the counted waits cost: there are none that nobody counted.
TEST_F(FarDatabaseTest, CostsAPaymentWhatItsWaitsCost) {
  pay_whole("000001", kNotEnrolled);
  const base::Milliseconds near = fastest({}, "00001");
  const base::Milliseconds far = fastest(kEachWay, "00002");
  const auto waits = static_cast<double>((far - near).count()) / static_cast<double>(2 * kEachWay.count());
  RecordProperty("round_trips_long", std::to_string(waits));
  EXPECT_LT(waits, 2.0 * static_cast<double>(counted_));
}

}  // namespace
}  // namespace acquit::web

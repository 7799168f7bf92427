#include "payments/nouns/ledger.h"

#include <numeric>

#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

TEST(Postings, OfEveryStepSumToZero) {
  for (const Kind kind : {Kind::debit, Kind::credit, Kind::verification}) {
    for (std::size_t i = 0; i < kEvents; ++i) {
      const auto postings = postings_for(kind, static_cast<Event>(i), eur(123));
      EXPECT_EQ(std::accumulate(postings.begin(), postings.end(), std::int64_t{0},
                                [](std::int64_t sum, const Posting& posting) { return sum + posting.minor; }),
                0)
          << to_string(static_cast<Event>(i));
    }
  }
}

TEST(Postings, AreNoneWhereNothingMoves) {
  EXPECT_TRUE(postings_for(Kind::debit, Event::cancel, eur(0)).empty());
  EXPECT_TRUE(postings_for(Kind::debit, Event::decline, eur(5)).empty());
}

// What each account must hold, from state and amount alone.
struct Expected {
  std::int64_t buyer = 0;
  std::int64_t held = 0;
  std::int64_t receivable = 0;
};
Expected expected_of(const Transaction& t) {
  const std::int64_t minor = t.amount.minor();
  const bool credit = t.kind == Kind::credit;
  if (t.state == State::authorised || t.state == State::to_validate) {
    return credit ? Expected{.held = minor, .receivable = -minor}
                  : Expected{.buyer = -minor, .held = minor, .receivable = 0};
  }
  if (t.state == State::captured) {
    return credit ? Expected{.buyer = minor, .held = 0, .receivable = -minor}
                  : Expected{.buyer = -minor, .held = 0, .receivable = minor};
  }
  return {};
}

// Random things happen to a few payments, some of them not allowed; after each, the books must agree with the states.
class Ledger : public UseCaseTest {
 protected:
  std::int64_t pick(std::uint64_t bound) { return static_cast<std::int64_t>(env_->random.below(bound)); }

  Reply any_reply() {
    const Reply replies[] = {{}, {}, {}, decline("51"), kUnknown, kUnavailable};
    return replies[pick(6)];
  }
  void new_payment() {
    NewPayment wanted = request(100 + pick(10'000));
    const char* const plans[] = {"SINGLE", "SINGLE", "MULTI:first=50;count=3;period=3"};
    wanted.plan = Plan::parse(plans[pick(3)]).value();
    wanted.manual_validation = pick(2) == 0;
    wanted.capture_delay_days = static_cast<int>(pick(12));
    const Payment payment = must(create(wanted));
    env_->acquirer.on_authorise(any_reply());
    (void)ask(must(begin(payment.id)));
    payments_.push_back(payment.id);
  }
  Transaction any_transaction() {
    const auto all = transactions(payments_[static_cast<std::size_t>(pick(payments_.size()))]);
    return all[static_cast<std::size_t>(pick(all.size()))];
  }
  void step() {
    const Transaction t = any_transaction();
    switch (pick(8)) {
      case 0: new_payment(); break;
      case 1: static_cast<void>(refund_of(t.id, 1 + pick(5'000))); break;
      case 2: static_cast<void>(cancel_of(t.id)); break;
      case 3: static_cast<void>(validate_of(t.id)); break;
      case 4: static_cast<void>(modify_of(t.id, {.amount = eur(1 + pick(8'000)), .capture_at = std::nullopt})); break;
      case 5: env_->acquirer.on_advise(pick(3) == 0 ? decline("12") : any_reply()); break;
      default:
        env_->clock.advance(std::chrono::hours(1 + pick(48)));
        run_jobs();
        env_->deliver();
    }
  }
  void check(const PaymentId& id) {
    std::int64_t sum = 0;
    std::map<std::string, std::int64_t> refunded;
    const auto all = transactions(id);
    for (const Transaction& t : all) {
      const Expected expected = expected_of(t);
      const std::string which = std::string(to_string(t.kind)) + " " + std::string(to_string(t.state));
      ASSERT_EQ(balance(t, Account::buyer), expected.buyer) << which;
      ASSERT_EQ(balance(t, Account::held), expected.held) << which;
      ASSERT_EQ(balance(t, Account::receivable), expected.receivable) << which;
      if (t.parent && (t.state == State::authorised || t.state == State::captured))
        refunded[t.parent->hex()] += t.amount.minor();
    }
    for (const Account account : {Account::buyer, Account::held, Account::receivable})
      sum += env_->balance_of_payment(id, account);
    ASSERT_EQ(sum, 0);
    for (const Transaction& t : all) {
      if (const auto back = refunded.find(t.id.hex()); back != refunded.end())
        ASSERT_LE(back->second, t.amount.minor());
    }
  }

  std::vector<PaymentId> payments_;
};
ACQUIT_ON_BOTH_ENGINES(Ledger);

TEST_P(Ledger, AgreesWithTheStatesWhateverHappens) {
  new_payment();
  for (int i = 0; i < 120; ++i) {
    SCOPED_TRACE("step " + std::to_string(i));
    step();
    for (const PaymentId& id : payments_) {
      check(id);
      if (HasFatalFailure()) return;
    }
    ASSERT_TRUE(env_->unbalanced().empty());
  }
  EXPECT_GT(payments_.size(), 5U);
}

}  // namespace
}  // namespace acquit::payments::testing

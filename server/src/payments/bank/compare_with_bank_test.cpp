#include "payments/bank/compare_with_bank.h"

#include <gtest/gtest.h>

#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

using enum Difference;

struct Case {
  State state;
  Kind kind;
  Marks marks;
  std::optional<BankSays> says;
  std::int64_t at_bank;
  std::optional<Difference> listed;   ///< The list covers the time.
  std::optional<Difference> outside;  ///< It does not.
};

constexpr Marks kNone{};
constexpr Marks kDone{.acknowledged = true};
constexpr Marks kDenied{.doubtful = true};
constexpr Marks kSettled{.acknowledged = true, .doubtful = true};
constexpr Marks kLowered{.modified = true};

const Case kCases[] = {
    {State::refused, Kind::debit, kNone, {}, 0, {}, {}},
    {State::refused, Kind::debit, kNone, BankSays::declined, 1000, {}, {}},
    {State::refused, Kind::debit, kNone, BankSays::reversed, 1000, {}, {}},
    {State::refused, Kind::debit, kNone, BankSays::authorised, 1000, held_for_none, held_for_none},
    {State::abandoned, Kind::debit, kNone, BankSays::captured, 1000, taken_for_none, taken_for_none},
    {State::cancelled, Kind::debit, kNone, BankSays::authorised, 1000, held_for_none, held_for_none},
    {State::waiting_authorisation, Kind::debit, kNone, BankSays::authorised, 0, {}, {}},
    {State::accepted, Kind::verification, kNone, BankSays::authorised, 0, {}, {}},
    {State::authorised, Kind::credit, kNone, {}, 0, {}, {}},
    {State::authorised, Kind::credit, kNone, BankSays::credited, 1000, taken_for_none, taken_for_none},
    {State::authorising, Kind::debit, kNone, BankSays::authorised, 1000, undecided, undecided},
    {State::authorising, Kind::debit, kNone, {}, 0, undecided, {}},
    {State::authorised, Kind::debit, kNone, BankSays::authorised, 1000, {}, {}},
    {State::to_validate, Kind::debit, kNone, BankSays::authorised, 1000, {}, {}},
    {State::authorised, Kind::debit, kNone, {}, 0, not_at_bank, {}},
    {State::authorised, Kind::debit, kNone, BankSays::reversed, 1000, not_at_bank, not_at_bank},
    {State::authorised, Kind::debit, kNone, BankSays::captured, 1000, taken_for_none, taken_for_none},
    {State::authorised, Kind::debit, kNone, BankSays::authorised, 1500, other_amount, other_amount},
    {State::authorised, Kind::debit, kLowered, BankSays::authorised, 1500, {}, {}},
    {State::authorised, Kind::debit, kLowered, BankSays::authorised, 900, other_amount, other_amount},
    {State::captured, Kind::debit, kDone, BankSays::captured, 1000, {}, {}},
    {State::captured, Kind::debit, kDone, BankSays::captured, 900, other_amount, other_amount},
    {State::captured, Kind::debit, kNone, BankSays::authorised, 1000, {}, {}},
    {State::captured, Kind::debit, kDone, BankSays::authorised, 1000, not_at_bank, not_at_bank},
    {State::captured, Kind::debit, kDone, BankSays::reversed, 1000, not_at_bank, not_at_bank},
    {State::captured, Kind::debit, kDone, {}, 0, not_at_bank, {}},
    {State::captured, Kind::debit, kDenied, BankSays::captured, 1000, doubtful, doubtful},
    {State::captured, Kind::debit, kDenied, BankSays::authorised, 1000, doubtful, doubtful},
    {State::captured, Kind::debit, kDenied, {}, 0, doubtful, {}},
    {State::captured, Kind::debit, kSettled, BankSays::captured, 1000, {}, {}},
    {State::captured, Kind::credit, kDone, BankSays::credited, 1000, {}, {}},
    {State::captured, Kind::credit, kDone, BankSays::captured, 1000, not_at_bank, not_at_bank},
    {State::captured, Kind::credit, kNone, {}, 0, {}, {}},
    {State::captured, Kind::credit, kDone, {}, 0, not_at_bank, {}},
    {State::capture_failed, Kind::debit, kNone, BankSays::captured, 1000, taken_for_none, taken_for_none},
};

class CompareWithBank : public UseCaseTest {};
ACQUIT_ON_BOTH_ENGINES(CompareWithBank);

TEST_P(CompareWithBank, JudgesEachStateByWhatTheBankSays) {
  Transaction ours = pay(request(1000)).transaction;
  for (const Case& row : kCases) {
    ours.state = row.state;
    ours.kind = row.kind;
    const BankEntry entry{.line = 2, .says = row.says.value_or(BankSays::declined), .amount = eur(row.at_bank)};
    const BankEntry* const bank = row.says ? &entry : nullptr;
    const std::string what = std::string(to_string(row.state)) + " against " +
                             (row.says ? std::string(to_string(*row.says)) : "nothing") + " of " +
                             std::to_string(row.at_bank);
    EXPECT_EQ(judge(ours, row.marks, bank, true), row.listed) << what;
    EXPECT_EQ(judge(ours, row.marks, bank, false), row.outside) << what;
  }
  ours.state = State::captured;
  ours.kind = Kind::debit;
  const BankEntry francs{.says = BankSays::captured, .amount = base::Money(1000, *base::Currency::from_code("CHF"))};
  EXPECT_EQ(judge(ours, {.acknowledged = true}, &francs, true), other_amount);
}

TEST_P(CompareWithBank, FindsWhatDiffersAmongAllTransactionsOfAShop) {
  const base::Time begin = env_->clock.now();
  const Transaction good = pay(request(1000)).transaction;
  env_->clock.advance(std::chrono::seconds(1));
  const Transaction lost = pay(request(1100)).transaction;
  env_->clock.advance(std::chrono::seconds(1));
  const Transaction refused = pay(request(1200), decline("05")).transaction;
  env_->clock.advance(std::chrono::seconds(1));
  const Transaction in_doubt = pay(request(1300)).transaction;
  BankList bank{{good.reference, {.line = 2, .says = BankSays::authorised, .amount = eur(1000)}},
                {refused.reference, {.line = 3, .says = BankSays::captured, .amount = eur(1200)}},
                {"000000000000", {.line = 4, .says = BankSays::captured, .amount = eur(1)}}};
  const auto compare = [&](base::Time from, base::Time to, base::Time since) {
    std::vector<std::string> found;
    const auto say = [&](Difference difference, const std::string& reference, const BankEntry* entry) {
      found.push_back(reference + " " + std::string(to_string(difference)) + " " +
                      std::to_string(entry == nullptr ? 0 : entry->line));
    };
    const auto compared = must(base::sync_wait(compare_with_bank(
        env_->services(), {kShop}, bank, {.from = from, .to = to, .born_since = since},
        {.differs = [&](Difference difference, const Transaction& ours,
                        const BankEntry* entry) { say(difference, ours.reference, entry); },
         .unknown_here = [&](const std::string& reference,
                             const BankEntry& entry) { say(Difference::unknown_here, reference, &entry); }})));
    EXPECT_EQ(compared.differences, found.size());
    found.push_back(std::to_string(compared.transactions) + " seen");
    return found;
  };
  const base::Time end = env_->clock.now() + std::chrono::hours(1);
  EXPECT_EQ(compare(begin, end, begin - std::chrono::hours(1)),
            (std::vector<std::string>{lost.reference + " not_at_bank 0", refused.reference + " taken_for_none 3",
                                      in_doubt.reference + " not_at_bank 0", "000000000000 unknown_here 4", "4 seen"}));
  EXPECT_TRUE(bank.at(good.reference).met);
  EXPECT_FALSE(bank.at("000000000000").met);
  EXPECT_EQ(
      compare(end, end, begin - std::chrono::hours(1)),
      (std::vector<std::string>{refused.reference + " taken_for_none 3", "000000000000 unknown_here 4", "4 seen"}))
      << "the list does not cover them";
  EXPECT_EQ(compare(begin, end, end), (std::vector<std::string>{"000000000000 unknown_here 4", "0 seen"}));
}

// Authorised on one day, captured on another: each day's list has to hold what was sent on it.
TEST_P(CompareWithBank, LooksForACaptureInTheListOfItsDay) {
  NewPayment later = request(1000);
  later.capture_delay_days = 3;
  const base::Time authorised = env_->clock.now();
  const Transaction paid = pay(later).transaction;
  env_->advance_to(paid.capture.at);
  const base::Time captured = env_->clock.now();
  run_jobs();
  env_->deliver();
  ASSERT_EQ(state(paid.id), State::captured);
  using std::chrono::hours;
  struct Row {
    base::Time day;
    std::optional<BankSays> says;
    std::optional<Difference> found;
  };
  const std::vector<Row> rows{{authorised, BankSays::authorised, {}},
                              {authorised, {}, not_at_bank},
                              {captured, BankSays::captured, {}},
                              {captured, {}, not_at_bank},
                              {captured, BankSays::authorised, not_at_bank},
                              {authorised + hours(24), {}, {}},
                              {captured + hours(24), {}, {}}};
  for (const Row& row : rows) {
    BankList bank;
    if (row.says) bank.insert({paid.reference, {.line = 2, .says = *row.says, .amount = eur(1000)}});
    std::optional<Difference> found;
    must(base::sync_wait(compare_with_bank(
        env_->services(), {kShop}, bank,
        {.from = row.day - hours(1), .to = row.day + hours(1), .born_since = authorised - hours(1)},
        {.differs = [&](Difference difference, const Transaction&, const BankEntry*) { found = difference; },
         .unknown_here = {}})));
    EXPECT_EQ(found, row.found) << (row.day - authorised) / hours(1) << " hours after the authorisation, "
                                << (row.says ? to_string(*row.says) : "nothing");
  }
}

}  // namespace
}  // namespace acquit::payments::testing

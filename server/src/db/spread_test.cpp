// A database that keeps shops on several machines, where one commit for several shops is dear: each batch has one
// shop's works.
#include <array>

#include "db/database_fixture.h"
#include "db/impl/work_queue.h"

namespace acquit::db {
namespace {

// In one transaction the number is the same; it is nobody else's.
const Statement kTransaction = both("transaction", "select cast(txid_current() as bigint)");

constexpr LaneKey of_shop(std::int64_t shop, std::uint64_t payment = 0) { return {.value = payment, .shop = shop}; }

class SpreadTest : public ::testing::Test, public DatabaseFixture {
 protected:
  void start(bool spread, std::size_t lanes = 1) {
    const bool here = open(Engine::postgresql, [&](Options& options) {
      options.lanes = lanes;
      options.spread_by_shop = spread;
    });
    if (!here) GTEST_SKIP() << "PostgreSQL is not installed here";
  }
  Done commit_of(LaneKey key) {
    return write(
        [](Tx& tx) -> Count {
          ACQUIT_TRY(const Rows rows, tx.query(kTransaction, {}));
          return rows.at(0).integer(0);
        },
        key);
  }
  /// The commits of works of shops 1, 2, 1, 2, 1 that waited together.
  std::array<std::int64_t, 5> commits_of_two_shops() {
    Gate gate;
    Done held = hold(gate, of_shop(3));
    std::array<Done, 5> works;
    for (std::size_t i = 0; i < works.size(); ++i) works.at(i) = commit_of(of_shop(i % 2 == 0 ? 1 : 2, i));
    gate.open();
    EXPECT_EQ(held.get(), 0);
    std::array<std::int64_t, 5> commits{};
    for (std::size_t i = 0; i < works.size(); ++i) commits.at(i) = works.at(i).get().value();
    return commits;
  }
};

TEST_F(SpreadTest, CommitsTheWorksOfEachShopAlone) {
  start(/*spread=*/true);
  if (IsSkipped()) return;
  const auto commits = commits_of_two_shops();
  EXPECT_EQ(commits[0], commits[2]);
  EXPECT_EQ(commits[0], commits[4]);
  EXPECT_EQ(commits[1], commits[3]);
  EXPECT_NE(commits[0], commits[1]);
  EXPECT_TRUE(database().spread_by_shop());
}

TEST_F(SpreadTest, SharesACommitAmongShopsWhereTheyLieOnOneMachine) {
  start(/*spread=*/false);
  if (IsSkipped()) return;
  const auto commits = commits_of_two_shops();
  for (const std::int64_t commit : commits) EXPECT_EQ(commit, commits[0]);
  EXPECT_FALSE(database().spread_by_shop());
}

TEST_F(SpreadTest, LeadsTheWorksOfAShopThroughOneLaneWhateverPaymentTheyAreOf) {
  start(/*spread=*/true, /*lanes=*/8);
  if (IsSkipped()) return;
  Gate gate;
  Done held = hold(gate, of_shop(1));
  std::vector<Done> behind;
  for (std::uint64_t payment = 0; payment < 20; ++payment) behind.push_back(commit_of(of_shop(1, payment)));
  gate.open();
  EXPECT_EQ(held.get(), 0);
  const std::int64_t commit = behind.front().get().value();
  for (std::size_t i = 1; i < behind.size(); ++i) EXPECT_EQ(behind[i].get(), commit);
}

struct Item {
  char name;
  base::Monotonic since{};
};

std::string taken(impl::WorkQueue<Item>& line, std::size_t max) {
  std::vector<Item*> out;
  if (!line.take(max, out)) return "closed";
  std::string names;
  for (const Item* const item : out) names += item->name;
  return names;
}

TEST(WorkQueue, GivesOneGroupAtATimeInOrderAndTheLongestWaitingFirst) {
  std::vector<Item> items;
  for (const char name : std::string("abcdefgh")) items.push_back({.name = name});
  impl::WorkQueue<Item> line(items.size());
  const auto push = [&](std::size_t i, std::int64_t group) { ASSERT_TRUE(line.push(items[i], group)); };
  for (std::size_t i = 0; i < 6; ++i) push(i, i % 3 == 0 ? 1 : 2);  // a d | b c e f
  EXPECT_EQ(taken(line, 64), "ad");
  push(6, 1);
  push(7, 2);
  EXPECT_EQ(taken(line, 3), "bce") << "no more than may be taken";
  EXPECT_EQ(taken(line, 3), "fh");
  EXPECT_EQ(taken(line, 3), "g");
  line.close();
  EXPECT_EQ(taken(line, 3), "closed");
}

TEST(WorkQueue, CountsTheTimeOfACallerFromTheFirstLineThatHeStoodIn) {
  Item item{.name = 'a'};
  impl::WorkQueue<Item> first(1);
  impl::WorkQueue<Item> second(1);
  ASSERT_TRUE(first.push(item));
  const base::Monotonic since = item.since;
  EXPECT_NE(since, base::Monotonic{});
  EXPECT_EQ(taken(first, 1), "a");
  ASSERT_TRUE(second.push(item));
  EXPECT_EQ(item.since, since);
  std::vector<Item*> late;
  second.take_late(base::Milliseconds{0}, late);
  EXPECT_EQ(late.size(), 1U);
}

}  // namespace
}  // namespace acquit::db

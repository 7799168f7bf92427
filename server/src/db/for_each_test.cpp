// Row by row: what is read may be larger than memory.
#include <unistd.h>
#if __has_feature(address_sanitizer)
#include <sanitizer/allocator_interface.h>
#endif

#include <fstream>

#include "db/database_fixture.h"

namespace acquit::db {
namespace {

using base::ErrorCode;

class ForEachTest : public ::testing::TestWithParam<Engine>, public DatabaseFixture {
 protected:
  void SetUp() override {
    // Two hundred megabytes are read below, perhaps on a machine that has other things to do.
    if (!open(GetParam(), [](Options& options) { options.time_limit = base::Milliseconds{120'000}; })) {
      GTEST_SKIP() << "PostgreSQL is not installed here";
    }
  }
  Count read(std::function<Count(ReadTx&)> work) { return base::sync_wait(database().read(std::move(work))); }
};
INSTANTIATE_TEST_SUITE_P(Engines, ForEachTest, ::testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& about) { return testing::engine_name(about.param); });

const Statement kNumbers = both("numbers",
                                "with recursive n (i) as (select 1 union all select i + 1 from n where i < $1)"
                                " select i, 'x' from n");
const Statement kEndless =
    both("endless_rows", "with recursive n (i) as (select 1 union all select i + 1 from n) select i from n");
const Statement kWide{.name = "test.wide",
                      .sqlite =
                          "with recursive n (i) as (select 1 union all select i + 1 from n where i < 200000)"
                          " select i, printf('%01000d', i) from n",
                      .postgresql = "select i, lpad(cast(i as text), 1000, '0') from generate_series(1, 200000) i"};
// Past the end of what an integer holds, after some hundred rows.
const Statement kFails = both("fails",
                              "with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000)"
                              " select abs(case when i < 700 then i else -9223372036854775807 - 1 end) from n");

// What this process holds; the sanitizer keeps what is freed, and knows what is not.
std::int64_t held_bytes() {
#if __has_feature(address_sanitizer)
  return static_cast<std::int64_t>(__sanitizer_get_current_allocated_bytes());
#else
  std::ifstream statm("/proc/self/statm");
  std::int64_t pages = 0;
  std::int64_t resident = 0;
  statm >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
#endif
}

TEST_P(ForEachTest, GivesEveryRowInItsOrder) {
  for (const std::int64_t wanted : {1, 499, 500, 501, 1'000, 1'203}) {
    std::int64_t rows = 0;
    const auto done = read([&](ReadTx& tx) -> Count {
      ACQUIT_CHECK(tx.for_each(kNumbers, {wanted}, [&](const Row& row) -> base::Result<void> {
        EXPECT_EQ(row.integer(0), ++rows);
        EXPECT_EQ(row.text(1), "x");
        return {};
      }));
      return rows;
    });
    EXPECT_EQ(done, wanted);
  }
}

TEST_P(ForEachTest, GivesNothingWhereThereIsNothing) {
  EXPECT_EQ(read([](ReadTx& tx) -> Count {
              ACQUIT_CHECK(tx.for_each(kFind, {1}, [](const Row&) { return base::Result<void>(); }));
              return 0;
            }),
            0);
}

TEST_P(ForEachTest, HoldsFewRowsOfMany) {
  std::int64_t rows = 0;
  std::int64_t most = 0;
  const std::int64_t before = held_bytes();
  const auto done = read([&](ReadTx& tx) -> Count {
    ACQUIT_CHECK(tx.for_each(kWide, {}, [&](const Row& row) -> base::Result<void> {
      EXPECT_EQ(row.text(1).size(), 1'000U);
      if (++rows % 1'000 == 0) most = std::max(most, held_bytes() - before);
      return {};
    }));
    return rows;
  });
  EXPECT_EQ(done, 200'000) << done.error().detail;
  EXPECT_LT(most, 32 << 20) << "of two hundred million bytes";
}

TEST_P(ForEachTest, EndsAtTheErrorOfWhoLooksAndTheTransactionGoesOn) {
  const auto done = write([](Tx& tx) -> Count {
                      ACQUIT_CHECK(tx.run(kInsert, {1, "before"}));
                      std::int64_t rows = 0;
                      for (const std::int64_t enough : {1'234, 1}) {
                        const auto stopped = tx.for_each(kEndless, {}, [&](const Row& row) -> base::Result<void> {
                          ++rows;
                          if (row.integer(0) == enough) return base::fail(ErrorCode::wrong_state, "enough");
                          return {};
                        });
                        EXPECT_FALSE(stopped);
                        EXPECT_EQ(stopped.error().detail, "enough");
                      }
                      ACQUIT_CHECK(tx.run(kInsert, {2, "after"}));
                      return rows;
                    }).get();
  EXPECT_EQ(done, 1'235);
  EXPECT_EQ(count(), 2);
}

TEST_P(ForEachTest, TellsTheDatabasesErrorInTheMiddle) {
  const auto done = read([](ReadTx& tx) -> Count {
    const auto seen = tx.for_each(kFails, {}, [](const Row&) { return base::Result<void>(); });
    EXPECT_FALSE(seen);
    EXPECT_FALSE(tx.query(kCount, {})) << "as after any failed statement";
    return 0;
  });
  EXPECT_EQ(done, 0);
  EXPECT_EQ(count(), 0) << "and the connection serves the next one";
}

TEST_P(ForEachTest, RefusesToBeUsedWithinItself) {
  const auto done = read([](ReadTx& tx) -> Count {
    ACQUIT_CHECK(tx.for_each(kNumbers, {2}, [&](const Row&) -> base::Result<void> {
      ACQUIT_CHECK(tx.query(kCount, {}));
      return {};
    }));
    return 0;
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::internal);
  EXPECT_EQ(count(), 0) << "and the connection serves the next one";
}

class ForEachLimitTest : public ::testing::TestWithParam<Engine>, public DatabaseFixture {
 protected:
  void SetUp() override {
    if (!open(GetParam(), [](Options& options) { options.time_limit = base::Milliseconds{1'000}; })) {
      GTEST_SKIP() << "PostgreSQL is not installed here";
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, ForEachLimitTest, ::testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& about) { return testing::engine_name(about.param); });

TEST_P(ForEachLimitTest, TakesNoLongerThanTheTimeLimit) {
  const auto done = base::sync_wait(database().read([](ReadTx& tx) -> Count {
    ACQUIT_CHECK(tx.for_each(kEndless, {}, [](const Row&) { return base::Result<void>(); }));
    return 0;
  }));
  EXPECT_FALSE(done);
}

}  // namespace
}  // namespace acquit::db

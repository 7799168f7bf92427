#include "db/migrate.h"

#include <thread>

#include "db/database_fixture.h"
#include "db/impl/migration_set.h"

namespace acquit::db {
namespace {

using base::EmbeddedFile;
using base::ErrorCode;

constexpr base::Time kNow = base::time_from_ms(1'700'000'000'000);
constexpr std::string_view kTables =
    "create table notes (id bigint primary key, body text);\n"
    "create index notes_body on notes (body);\n"
    "insert into notes values (1, 'a;b'), (2, 'it''s');\n";
constexpr std::string_view kColumn = "alter table notes add column size bigint;\nupdate notes set size = id;\n";

std::vector<EmbeddedFile> first() {
  return {{"0001-notes/notes.md", "why"}, {"0001-notes/pg.sql", kTables}, {"0001-notes/sqlite.sql", kTables}};
}

std::vector<EmbeddedFile> both_with(std::string_view check) {
  auto files = first();
  files.push_back({"0002-size/check_after.sql", check});
  files.push_back({"0002-size/pg.sql", kColumn});
  files.push_back({"0002-size/sqlite.sql", kColumn});
  return files;
}

constexpr std::string_view kGoodCheck =
    "-- Every note has a size.\nselect id from notes\nwhere size is null;\nselect 1 where 1 = 0;\n";

class MigrateTest : public ::testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    place_ = testing::TemporaryDatabase::make(GetParam());
    if (!place_) GTEST_SKIP() << "PostgreSQL is not installed here";
  }
  [[nodiscard]] Options options() const { return place_->options(); }
  std::unique_ptr<testing::TemporaryDatabase> place_;
};

INSTANTIATE_TEST_SUITE_P(Engines, MigrateTest, ::testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& about) { return testing::engine_name(about.param); });

TEST_P(MigrateTest, AppliesWhatIsMissingOnce) {
  EXPECT_EQ(impl::pending_migrations(options(), both_with(kGoodCheck)), 2);
  const auto one = impl::migrate(options(), kNow, first());
  ASSERT_TRUE(one) << one.error().detail;
  ASSERT_EQ(one->size(), 1U);
  EXPECT_EQ(one->front().number, 1);
  EXPECT_EQ(one->front().name, "notes");
  EXPECT_EQ(impl::pending_migrations(options(), both_with(kGoodCheck)), 1);
  const auto two = impl::migrate(options(), kNow, both_with(kGoodCheck));
  ASSERT_TRUE(two) << two.error().detail;
  ASSERT_EQ(two->size(), 1U);
  EXPECT_EQ(two->front().name, "size");
  const auto none = impl::migrate(options(), kNow, both_with(kGoodCheck));
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
  EXPECT_EQ(impl::pending_migrations(options(), both_with(kGoodCheck)), 0);
}

TEST_P(MigrateTest, AFailedCheckUndoesItsMigration) {
  ASSERT_TRUE(impl::migrate(options(), kNow, first()));
  const auto failed = impl::migrate(options(), kNow, both_with("select id from notes where size = 2;"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::constraint_violated);
  EXPECT_NE(failed.error().detail.find("0002-size"), std::string::npos);
  EXPECT_EQ(impl::pending_migrations(options(), both_with(kGoodCheck)), 1);
  EXPECT_TRUE(impl::migrate(options(), kNow, both_with(kGoodCheck)));
}

TEST_P(MigrateTest, AFailedStatementUndoesItsMigration) {
  auto files = first();
  files.push_back({"0002-bad/pg.sql", "create table half (id bigint);\nselect * from nowhere;\n"});
  files.push_back({"0002-bad/sqlite.sql", "create table half (id bigint);\nselect * from nowhere;\n"});
  const auto failed = impl::migrate(options(), kNow, files);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().detail.find("0002-bad"), std::string::npos);
  EXPECT_TRUE(failed.error().detail.ends_with("; applied before that, and there to stay: 0001-notes"))
      << failed.error().detail;
  EXPECT_EQ(impl::pending_migrations(options(), files), 1);
  EXPECT_FALSE(impl::migrate(options(), kNow, files).error().detail.contains("applied before that"));
  EXPECT_NO_THROW(place_->execute("create table half (id bigint)"));
}

TEST_P(MigrateTest, RefusesAChangedOrUnknownMigration) {
  ASSERT_TRUE(impl::migrate(options(), kNow, both_with(kGoodCheck)));
  const auto older = impl::migrate(options(), kNow, first());
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code, ErrorCode::configuration_invalid);
  EXPECT_NE(older.error().detail.find("0002-size"), std::string::npos);
  auto changed = both_with(kGoodCheck);
  for (auto& file : changed) {
    if (file.path.starts_with("0001-notes") && file.path.ends_with(".sql"))
      file.content = "create table other (id bigint);";
  }
  const auto refused = impl::pending_migrations(options(), changed);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::configuration_invalid);
  EXPECT_NE(refused.error().detail.find("0001-notes"), std::string::npos);
}

TEST_P(MigrateTest, TwoProcessesApplyEachMigrationOnce) {
  std::atomic<std::size_t> applied = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto done = impl::migrate(options(), kNow, both_with(kGoodCheck));
      ASSERT_TRUE(done) << done.error().detail;
      applied += done->size();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(applied, 2U);
}

TEST_P(MigrateTest, OurOwnMigrationsApply) {
  const auto done = migrate(options(), kNow);
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(pending_migrations(options()), 0);
}

TEST(MigrationSet, RefusesFilesOutOfPlace) {
  const std::vector<EmbeddedFile> sets[] = {
      {{"notes.md", ""}},
      {{"0001-a/sqlite.sql", "select 1"}},
      {{"0001-a/pg.sql", "select 1"}, {"0001-a/sqlite.sql", "-- nothing\n"}},
      {{"0002-a/pg.sql", "select 1"}, {"0002-a/sqlite.sql", "select 1"}},
      {{"0001-a/pg.sql", "select 1"}, {"0001-b/sqlite.sql", "select 1"}},
      {{"0001-a/pg.sql", "select 1"}, {"0001-a/sqlite.sql", "select 1"}, {"0001-a/other.sql", "select 1"}},
      {{"abcd-a/pg.sql", "select 1"}},
  };
  for (const auto& set : sets) {
    const auto read = impl::read_migrations(set);
    ASSERT_FALSE(read) << set.front().path;
    EXPECT_EQ(read.error().code, ErrorCode::configuration_invalid);
  }
}

}  // namespace
}  // namespace acquit::db

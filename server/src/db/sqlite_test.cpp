// What only SQLite can do to us: a disk that is full, a file that another process holds.
#include <sys/resource.h>

#include <csignal>

#include "db/database_fixture.h"
#include "db/impl/sqlite_connection.h"

namespace acquit::db {
namespace {

using base::ErrorCode;

/// Makes every file of this process full at `bytes`: the kernel refuses to write beyond.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

class SqliteTest : public ::testing::Test, public DatabaseFixture {
 protected:
  void SetUp() override { ASSERT_TRUE(open(Engine::sqlite)); }
  Done insert_big(std::int64_t id) {
    return write([id](Tx& tx) -> Count {
      static const std::string kBig(20'000, 'b');
      ACQUIT_CHECK(tx.run(kInsert, {id, kBig}));
      return id;
    });
  }
  [[nodiscard]] std::string path() const { return place().url().substr(std::string_view("sqlite:").size()); }
};

TEST_F(SqliteTest, AFullDiskRefusesWholeBatchesAndLosesNothing) {
  std::int64_t good = 0;
  {
    const FileSizeLimit limit(1'000'000);
    Count last = 0;
    for (std::int64_t id = 0; last && id < 200; ++id) {
      last = insert_big(id).get();
      if (last) ++good;
    }
    ASSERT_EQ(code_of(last), ErrorCode::disk_full) << last.error().detail;
    Gate gate;
    Done held = hold(gate);
    std::vector<Done> batch;
    for (std::int64_t id = 1000; id < 1010; ++id) batch.push_back(insert_big(id));
    gate.open();
    static_cast<void>(held.get());
    for (auto& done : batch) EXPECT_EQ(code_of(done.get()), ErrorCode::disk_full);
    EXPECT_EQ(count(), good);
  }
  EXPECT_GT(good, 10);
  EXPECT_EQ(insert_big(2000).get(), 2000);
  EXPECT_EQ(count(), good + 1);
  reopen();
  EXPECT_EQ(count(), good + 1);
}

TEST_F(SqliteTest, ADatabaseAtItsLargestSizeAnswersDiskFull) {
  auto opened = impl::SqliteConnection::open(path(), impl::SqliteConnection::Access::write);
  ASSERT_TRUE(opened);
  auto& connection = **opened;
  ASSERT_TRUE(connection.execute("pragma max_page_count = 20"));
  const std::string big(200'000, 'b');
  ASSERT_TRUE(connection.control(impl::Control::begin_write));
  const auto outcome = connection.change(kInsert, {1, big});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::disk_full);
  if (connection.in_transaction()) ASSERT_TRUE(connection.control(impl::Control::rollback));
  EXPECT_EQ(connection.change(kInsert, {1, "small"}), 1);
}

TEST_F(SqliteTest, AWriterElsewhereIsWaitedFor) {
  auto opened = impl::SqliteConnection::open(path(), impl::SqliteConnection::Access::write);
  ASSERT_TRUE(opened);
  ASSERT_TRUE((*opened)->control(impl::Control::begin_write));
  ASSERT_EQ((*opened)->change(kInsert, {1, "theirs"}), 1);
  Done mine = insert(2);
  EXPECT_EQ(count(), 0);
  EXPECT_EQ(mine.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  ASSERT_TRUE((*opened)->control(impl::Control::commit));
  EXPECT_EQ(mine.get(), 2);
  EXPECT_EQ(count(), 2);
}

TEST_F(SqliteTest, AConnectionKeepsPagesInItsShareOfMemoryOnly) {
  auto opened = impl::SqliteConnection::open(path(), impl::SqliteConnection::Access::write);
  ASSERT_TRUE(opened);
  ASSERT_TRUE((*opened)->limit_cache(64));
  const auto highest = [&] { return (*opened)->query_text("pragma cache_size")->at(0).integer(0); };
  EXPECT_EQ(highest(), -64) << "KiB";
}

TEST_F(SqliteTest, SettingsKeepWhatIsCommitted) {
  auto opened = impl::SqliteConnection::open(path(), impl::SqliteConnection::Access::write);
  ASSERT_TRUE(opened);
  const std::pair<const char*, std::int64_t> settings[] = {{"pragma synchronous", 2}, {"pragma foreign_keys", 1}};
  for (const auto& [pragma, value] : settings) {
    const auto rows = (*opened)->query_text(pragma);
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->at(0).integer(0), value) << pragma;
  }
  EXPECT_EQ((*opened)->query_text("pragma journal_mode")->at(0).text(0), "wal");
}

TEST_F(SqliteTest, AFileThatIsNoDatabaseIsRefusedAtTheStart) {
  base::InlineExecutor executor;
  for (const char* url : {"sqlite:/nonexistent/folder/a.db", "sqlite:/dev/null/a.db"}) {
    const auto opened = Database::open({.url = url}, executor);
    ASSERT_FALSE(opened) << url;
    EXPECT_EQ(opened.error().code, ErrorCode::database_unavailable);
  }
  EXPECT_EQ(Database::open({.url = "sqlite:"}, executor).error().code, ErrorCode::configuration_invalid);
  EXPECT_EQ(Database::open({.url = "sqlite::memory:"}, executor).error().code, ErrorCode::configuration_invalid);
}

TEST_F(SqliteTest, CountsEverySyncOfItsFiles) {
  for (std::int64_t id = 0; id < 3; ++id) ASSERT_TRUE(insert_big(id).get());  // The log has its header now.
  const Counters before = database().counters();
  for (std::int64_t id = 10; id < 20; ++id) ASSERT_TRUE(insert_big(id).get());
  const Counters after = database().counters();
  EXPECT_EQ(after.commits - before.commits, 10U);
  EXPECT_EQ(after.syncs - before.syncs, 10U) << "one a commit: the log's";
  EXPECT_EQ(count(), 13);
  EXPECT_EQ(database().counters().syncs, after.syncs) << "none for a read";
}

TEST_F(SqliteTest, CountsOneSyncForWritesThatShareACommit) {
  ASSERT_TRUE(insert_big(0).get());
  const std::uint64_t before = database().counters().syncs;
  Gate gate;
  Done held = hold(gate);
  std::vector<Done> batch;
  for (std::int64_t id = 1; id < 11; ++id) batch.push_back(insert_big(id));
  gate.open();
  EXPECT_TRUE(held.get());
  for (auto& done : batch) EXPECT_TRUE(done.get());
  EXPECT_LE(database().counters().syncs - before, 2U) << "the one that held the lane, and the ten";
}

Count relabel_then_fail(Tx& tx) {
  ACQUIT_CHECK(tx.run(kRelabel, {0, "gone"}));
  return base::fail(ErrorCode::wrong_state, "no");
}

TEST_F(SqliteTest, RunsABatchAgainOnlyWhereAWorkFailsThatHadWritten) {
  struct Row {
    std::int64_t first;  ///< Of three ids that are free.
    std::function<Done()> failing;
    ErrorCode error;
    std::uint64_t run_again;
  };
  const Row rows[] = {
      {10, [&] { return write([](Tx&) -> Count { return base::fail(ErrorCode::wrong_state, "no"); }); },
       ErrorCode::wrong_state, 0},
      {20, [&] { return insert(10); }, ErrorCode::constraint_violated, 0},
      {30, [&] { return write(relabel_then_fail); }, ErrorCode::wrong_state, 3},
      {40, [&] { return write([](Tx& tx) { return tx.change(kInsertChild, {43, 44}); }); },
       ErrorCode::constraint_violated, 3},
  };
  std::int64_t there = 0;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.first);
    const Counters before = database().counters();
    Gate gate;
    Done held = hold(gate);
    Done one = insert(row.first);
    Done failing = row.failing();
    Done two = insert(row.first + 1);
    gate.open();
    EXPECT_TRUE(held.get());
    EXPECT_EQ(one.get(), row.first);
    EXPECT_EQ(code_of(failing.get()), row.error);
    EXPECT_EQ(two.get(), row.first + 1);
    EXPECT_EQ(count(), there += 2);
    EXPECT_EQ(database().counters().retried_alone - before.retried_alone, row.run_again);
  }
  EXPECT_EQ(base::sync_wait(database().read([](ReadTx& tx) -> Count {
              ACQUIT_TRY(const Rows rows_found, tx.query(kFind, {10}));
              return rows_found.at(0).text(1) == "x" ? 1 : 0;
            })),
            1);
}

TEST_F(SqliteTest, KeepsItsFilesFromOthers) {
  const std::string other = path() + "-other";
  const auto mode_of = [](const std::string& file) {
    struct stat status{};
    return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
  };
  const mode_t before = ::umask(0);
  for (const bool there : {false, true}) {
    if (there) ::chmod(other.c_str(), 0644);
    auto opened = impl::SqliteConnection::open(other, impl::SqliteConnection::Access::write);
    ASSERT_TRUE(opened);
    ASSERT_TRUE((*opened)->execute("create table if not exists t (a integer)"));
    for (const std::string end : {"", "-wal", "-shm"}) EXPECT_EQ(mode_of(other + end), 0600U) << end;
  }
  ::umask(before);
}

}  // namespace
}  // namespace acquit::db

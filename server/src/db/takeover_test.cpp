// A standby takes over: every lane and reader of a server that runs goes there, and nothing that was acknowledged is
// lost. Two real servers, one streaming from the other.
#include <set>

#include "db/database_fixture.h"
#include "db/impl/script_connection.h"
#include "db/testing/postgres_server.h"

namespace acquit::db {
namespace {

constexpr std::size_t kLanes = 3;
constexpr std::int64_t kKeys = 12;  // Enough for every lane to get some.
constexpr int kTries = 100'000;

class TakeOverTest : public ::testing::Test {
 protected:
  void SetUp() override {
    primary_ = testing::PostgresServer::start();
    if (!primary_) GTEST_SKIP() << "PostgreSQL is not installed here";
    const std::string ours = primary_->fresh_database();
    name_ = ours.substr(14, ours.find('?') - 14);
    on_primary("create table items (id bigint primary key, label text, data bytea)");
    standby_ = primary_->start_standby();
    const std::string hosts = primary_->directory().string() + "," + standby_->directory().string();
    database_ = Database::open({.url = "postgresql:///" + name_ + "?user=acquit&host=" + hosts,
                                .lanes = kLanes,
                                .readers = 2,
                                .time_limit = base::Milliseconds{5'000}},
                               executor_)
                    .value();
  }
  static void execute(const std::string& url, const std::string& script) {
    const auto done = impl::ScriptConnection::open(url).value()->execute(script);
    ASSERT_TRUE(done) << done.error().detail;
  }
  void on_primary(const std::string& script) { execute(primary_->url(name_), script); }
  std::int64_t number_from(const testing::PostgresServer& server, const std::string& query) {
    return impl::ScriptConnection::open(server.url(name_)).value()->query(query).value().at(0).integer(0);
  }
  /// True until the end of the tries.
  template <class F>
  static bool eventually(F holds) {
    for (int i = 0; i < kTries; ++i) {
      if (holds()) return true;
    }
    return false;
  }
  Count insert(std::int64_t id) {
    return base::sync_wait(database_->write(LaneKey{static_cast<std::uint64_t>(id)}, [id](Tx& tx) -> Count {
      ACQUIT_CHECK(tx.run(kInsert, {id, "x"}));
      return id;
    }));
  }
  /// One row through each key, each as often as it takes; ids from `first` on.
  void insert_through_every_lane(std::int64_t first) {
    for (std::int64_t id = first; id < first + kKeys; ++id) {
      EXPECT_TRUE(eventually([&] {
        const Count done = insert(id);
        return done.has_value() || done.error().code == base::ErrorCode::constraint_violated;  // An unknown one was.
      })) << id;
    }
  }
  Count count() {
    return base::sync_wait(database_->read([](ReadTx& tx) -> Count {
      ACQUIT_TRY(const Rows rows, tx.query(kCount, {}));
      return rows.at(0).integer(0);
    }));
  }

  base::InlineExecutor executor_;
  std::unique_ptr<testing::PostgresServer> primary_;
  std::unique_ptr<testing::PostgresServer> standby_;
  std::string name_;
  std::unique_ptr<Database> database_;
};

TEST_F(TakeOverTest, AStandbyThatIsPromotedServesEveryLaneAndReaderWithAllThatWasAcknowledged) {
  on_primary("alter system set synchronous_standby_names = '*'");
  on_primary("select pg_reload_conf()");
  const std::string synchronous = "select count(*) from pg_stat_replication where sync_state = 'sync'";
  ASSERT_TRUE(eventually([&] { return number_from(*primary_, synchronous) == 1; }));
  insert_through_every_lane(0);
  primary_->crash();
  for (std::int64_t id = 100; id < 100 + kKeys; ++id) EXPECT_FALSE(insert(id)) << "nobody takes writes";
  standby_->promote();
  execute(standby_->url(name_), "alter system reset synchronous_standby_names");
  execute(standby_->url(name_), "select pg_reload_conf()");
  insert_through_every_lane(200);
  for (int reader = 0; reader < 4; ++reader) {
    EXPECT_TRUE(eventually([&] { return count() == 2 * kKeys; })) << "acknowledged before and after";
  }
}

TEST_F(TakeOverTest, LanesThatAreStillConnectedToTheOldPrimaryFollowTheOneThatFoundTheNew) {
  insert_through_every_lane(0);
  standby_->promote();
  // The old one lives, as one that was cut off: it serves those who are connected, and takes nobody new.
  execute(primary_->url("postgres"), "alter database " + name_ + " allow_connections false");
  execute(primary_->url("postgres"), "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '" +
                                         name_ + "' order by pid limit 1");
  // Whichever lane or reader lost its connection finds the new one when it is used next.
  for (int reader = 0; reader < 4; ++reader) static_cast<void>(count());
  for (std::int64_t id = 100; id < 100 + kKeys; ++id) static_cast<void>(insert(id));
  insert_through_every_lane(200);
  EXPECT_EQ(number_from(*standby_, "select count(*) from items where id >= 200"), kKeys);
  EXPECT_TRUE(eventually([&] { return count() == number_from(*standby_, "select count(*) from items"); }));
}

}  // namespace
}  // namespace acquit::db

// Ways to a PostgreSQL: through a pool, and to one of several hosts.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

#include "db/database_fixture.h"
#include "db/impl/pg_connector.h"
#include "db/impl/script_connection.h"
#include "db/migrate.h"
#include "db/testing/pg_bouncer.h"
#include "db/testing/postgres_server.h"

namespace acquit::db {
namespace {

using base::ErrorCode;

Count count_items(Database& database) {
  return base::sync_wait(database.read([](ReadTx& tx) -> Count {
    ACQUIT_TRY(const Rows rows, tx.query(kCount, {}));
    return rows.at(0).integer(0);
  }));
}

std::string name_of(const std::string& url) { return url.substr(14, url.find('?') - 14); }

class PgBouncerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::PostgresServer* const server = testing::PostgresServer::shared();
    if (!server) GTEST_SKIP() << "PostgreSQL is not installed here";
    pool_ = testing::PgBouncer::start(*server, "session");
    if (!pool_) GTEST_SKIP() << "PgBouncer is not installed here";
    options_ = {.url = pool_->url(name_of(server->fresh_database())), .lanes = 2, .readers = 1};
  }

  base::InlineExecutor executor_;
  std::unique_ptr<testing::PgBouncer> pool_;
  Options options_;
};

TEST_F(PgBouncerTest, ServesUsInSessionModeAgainAndAgain) {
  ASSERT_TRUE(migrate(options_, base::Time{}));
  ASSERT_TRUE(impl::ScriptConnection::open(options_.url)
                  .value()
                  ->execute("create table items (id bigint primary key, label text, data bytea)"));
  // The pool hands on the sessions of those who were there before, with whatever these left behind.
  for (std::int64_t round = 0; round < 3; ++round) {
    const auto database = Database::open(options_, executor_);
    ASSERT_TRUE(database) << database.error().detail;
    ASSERT_EQ(insert_into(**database, round), round);
    EXPECT_EQ(code_of(insert_into(**database, round)), ErrorCode::constraint_violated);
    EXPECT_EQ(count_items(**database), round + 1);
  }
}

TEST_F(PgBouncerTest, KeepsOurSettingsAndThoseOfTheAddressDirectly) {
  const auto setting = [](const std::string& url, const std::string& name) {
    const auto rows = impl::ScriptConnection::open(url).value()->query("show " + name);
    return rows ? rows->at(0).text(0) : rows.error().detail;
  };
  EXPECT_EQ(setting(options_.url, "lock_timeout"), "5s");
  EXPECT_EQ(setting(options_.url, "enable_seqscan"), "off");
  const std::string direct = testing::PostgresServer::shared()->fresh_database();
  EXPECT_EQ(setting(direct, "statement_timeout"), "10s");
  EXPECT_EQ(setting(direct + "&options=-c%20lock_timeout%3D7s", "lock_timeout"), "7s") << "the address may change it";
}

/// Takes connections into its backlog and never answers, as a host that hangs.
class DeafHost {
 public:
  DeafHost() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(socket_, 64) != 0 ||
        getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
  }
  ~DeafHost() { close(socket_); }
  DeafHost(const DeafHost&) = delete;
  DeafHost& operator=(const DeafHost&) = delete;
  [[nodiscard]] std::string port() const { return std::to_string(port_); }

 private:
  int socket_;
  int port_ = 0;
};

base::Monotonic soon(std::int64_t ms) { return base::OsClock().monotonic() + base::Milliseconds{ms}; }

TEST(PgConnector, FindsTheHostThatAnswersBehindOthersThatHangAndRemembersIt) {
  const testing::PostgresServer* const server = testing::PostgresServer::shared();
  if (!server) GTEST_SKIP() << "PostgreSQL is not installed here";
  const DeafHost deaf;
  const std::string socket = server->directory().string();
  const std::string url = "postgresql:///postgres?user=acquit&host=127.0.0.1,127.0.0.1," + socket +
                          "&port=" + deaf.port() + "," + deaf.port() + ",5432";
  const auto first = impl::pg_connect(url, {.until = soon(5'000)});
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->host, 2U);
  // Where the good one is known, the others are not even asked within their head start: no more than it takes.
  std::atomic<std::uint64_t> round_trips = 0;
  impl::PgConnector connector(url, base::Milliseconds{5'000}, round_trips);
  ASSERT_TRUE(connector.open());
  EXPECT_EQ(connector.take_overs(), 1U);
  ASSERT_TRUE(connector.open());
  EXPECT_EQ(connector.take_overs(), 1U);
  const auto none = impl::pg_connect("postgresql://127.0.0.1:" + deaf.port() + "/postgres", {.until = soon(200)});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::database_unavailable);
}

TEST(PgConnector, RefusesEverybodyAtOnceAfterAFailureAndServesAllAfterASuccess) {
  const auto server = testing::PostgresServer::start(/*durable=*/false);
  if (!server) GTEST_SKIP() << "PostgreSQL is not installed here";
  std::atomic<std::uint64_t> round_trips = 0;
  impl::PgConnector connector(server->url("postgres"), base::Milliseconds{2'000}, round_trips);
  server->freeze();
  ASSERT_FALSE(connector.open());
  EXPECT_FALSE(connector.open()) << "without a try of its own";
  server->thaw();
  bool opened = connector.open().has_value();
  for (int i = 0; i < 10'000'000 && !opened; ++i) opened = connector.open().has_value();
  EXPECT_TRUE(opened);
  for (int lane = 0; lane < 4; ++lane) EXPECT_TRUE(connector.open()) << "one success is everybody's";
}

TEST(PgConnector, ReadsTheHostsOfAnAddress) {
  const auto hosts = [](const std::string& url) {
    std::string out;
    for (const auto& host : impl::pg_hosts(url).value()) out += host.host + "|" + host.hostaddr + "|" + host.port + ";";
    return out;
  };
  EXPECT_EQ(hosts("postgresql://a:1,b:2/x"), "a||1;b||2;");
  EXPECT_EQ(hosts("postgresql://a,b/x?port=7"), "a||7;b||7;");
  EXPECT_EQ(hosts("postgresql:///x?hostaddr=10.0.0.1,10.0.0.2"), "|10.0.0.1|;|10.0.0.2|;");
  EXPECT_EQ(hosts("postgresql:///x"), "||;");
  EXPECT_EQ(impl::pg_hosts("postgresql://a:x y z@/?wrong=1").error().code, ErrorCode::configuration_invalid);
}

}  // namespace
}  // namespace acquit::db

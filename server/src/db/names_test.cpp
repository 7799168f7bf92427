// Hosts of the database by name, where the name server is slow or dead.
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "base/testing/eventually.h"
#include "db/database_fixture.h"
#include "db/impl/pg_connector.h"
#include "db/testing/postgres_server.h"

namespace acquit::db {
namespace {

using base::ErrorCode;
using base::testing::eventually;
using impl::PgNames;
constexpr base::Milliseconds kLong{20'000};
const PgNames::Addresses kKnown{"127.0.0.1", "127.0.0.2"};

/// A name server that can be told to say nothing more. What it was asked before that ends with it.
class NameServer {
 public:
  NameServer() : state_(std::make_shared<State>()) {}
  ~NameServer() { wake(); }
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  [[nodiscard]] PgNames names() const {
    return PgNames([state = state_](const std::string& host) -> base::Result<PgNames::Addresses> {
      ++state->asked;
      if (state->dead || host == "dead") {
        ++state->waiting;
        state->ended.wait();
        --state->waiting;
      }
      if (host == "known") return kKnown;
      return base::fail(ErrorCode::database_unavailable, "the name " + host + " is not found: at all");
    });
  }
  void die() { state_->dead = true; }
  void wake() {
    if (!state_->told.exchange(true)) state_->end.set_value();
    EXPECT_TRUE(eventually([this] { return state_->waiting == 0; }));
  }
  [[nodiscard]] int asked() const { return state_->asked; }

 private:
  struct State {
    std::promise<void> end;
    std::shared_future<void> ended{end.get_future()};
    std::atomic<bool> told = false;
    std::atomic<bool> dead = false;
    std::atomic<int> asked = 0;
    std::atomic<int> waiting = 0;
  };
  std::shared_ptr<State> state_;
};

base::Result<PgNames::Addresses> answer_of(const PgNames& names, const std::string& host, std::uint64_t number) {
  std::optional<base::Result<PgNames::Addresses>> answer;
  EXPECT_TRUE(eventually([&] { return (answer = names.answer(host, number, /*impatient=*/false)).has_value(); }));
  return *answer;
}

TEST(PgNames, KnowsNamesFromAddressesAndSockets) {
  for (const char* const name : {"db", "db.example", "1.2.3", "localhost"}) EXPECT_TRUE(PgNames::is_name(name)) << name;
  for (const char* const other : {"", "/run/postgresql", "@abstract", "127.0.0.1", "::1", "fe80::1%eth0"})
    EXPECT_FALSE(PgNames::is_name(other)) << other;
}

TEST(PgNames, LooksUpWhatTheSystemKnows) {
  PgNames names;
  const auto found = answer_of(names, "localhost", names.ask("localhost"));
  ASSERT_TRUE(found) << found.error().detail;
  for (const std::string& address : *found) EXPECT_TRUE(address == "127.0.0.1" || address == "::1") << address;
}

TEST(PgNames, RemembersWhatItFoundForWhenNobodyTells) {
  NameServer server;
  PgNames names = server.names();
  ASSERT_EQ(answer_of(names, "known", names.ask("known")), kKnown);
  server.die();
  const std::uint64_t number = names.ask("known");
  EXPECT_FALSE(names.answer("known", number, /*impatient=*/false)) << "a new answer is better";
  EXPECT_EQ(names.answer("known", number, /*impatient=*/true), kKnown);
  EXPECT_EQ(names.ask("known"), number);
  EXPECT_FALSE(names.answer("dead", names.ask("dead"), /*impatient=*/true)) << "never heard of";
  EXPECT_TRUE(eventually([&] { return server.asked() == 3; }));
  server.wake();
  EXPECT_EQ(answer_of(names, "known", number), kKnown);
  EXPECT_EQ(server.asked(), 3) << "no second time while the first was under way";
}

TEST(PgNames, SayThatANameIsNotFound) {
  const NameServer server;
  PgNames names = server.names();
  const auto none = answer_of(names, "nobody", names.ask("nobody"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::database_unavailable);
  EXPECT_NE(none.error().detail.find("nobody"), std::string::npos);
}

class NamedHostsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_ = testing::PostgresServer::shared();
    if (!server_) GTEST_SKIP() << "PostgreSQL is not installed here";
  }
  [[nodiscard]] std::string url(const std::string& hosts, const std::string& ports) const {
    return "postgresql:///postgres?user=acquit&host=" + hosts + "," + server_->directory().string() + "&port=" + ports +
           ",5432";
  }
  base::Result<impl::PgConnected> connect(const std::string& url, base::Milliseconds within) {
    return impl::pg_connect(url, {.until = clock_.monotonic() + within, .names = names_.names()});
  }

  const testing::PostgresServer* server_ = nullptr;
  base::OsClock clock_;
  NameServer names_;
};

TEST_F(NamedHostsTest, AreNotWaitedForWhereAnotherHostAnswers) {
  const auto made = connect(url("dead,nobody", "1,1"), kLong);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->host, 2U);
}

TEST_F(NamedHostsTest, AreWaitedForNoLongerThanTheCallerMay) {
  const base::Monotonic began = clock_.monotonic();
  const auto none = connect("postgresql://dead:1/postgres", base::Milliseconds{200});
  EXPECT_LT(clock_.monotonic() - began, kLong);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::database_unavailable);
}

TEST_F(NamedHostsTest, SayWhichNameIsNotFound) {
  const auto none = connect("postgresql://nobody:1/postgres", kLong);
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().detail.find("the name nobody is not found"), std::string::npos) << none.error().detail;
}

TEST_F(NamedHostsTest, AreTriedAtEachOfTheirAddresses) {
  // Nobody listens at that port: libpq's words say where it was.
  const auto none = connect("postgresql://known:1/postgres", kLong);
  ASSERT_FALSE(none);
  for (const char* const address : {"\"127.0.0.1\", port 1 failed", "\"127.0.0.2\", port 1 failed"})
    EXPECT_NE(none.error().detail.find(address), std::string::npos) << none.error().detail;
}

}  // namespace
}  // namespace acquit::db

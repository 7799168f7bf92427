// On PostgreSQL an update that finds room beside its row, and changes no indexed column, writes to no index. Counted
// over payments of which many are under way at once, as on a busy day.
#include <map>

#include "payments/testing/authenticate_fixture.h"

namespace acquit::payments::testing {
namespace {

struct Updates {
  std::int64_t all = 0;
  std::int64_t without_index = 0;
};

class UpdatesTest : public AuthenticateFixture {
 protected:
  void pay_many_at_once(int count) {
    std::vector<PaymentId> ids;
    for (int i = 0; i < count; ++i) ids.push_back(must(create(request())).id);
    std::vector<StepResult> attempts;
    for (const PaymentId& id : ids) attempts.push_back(present(id));
    std::vector<std::string> sessions;
    for (const StepResult& attempt : attempts) {
      directory_.on_authenticate(threeds::TransStatus::challenge);
      const auto step = must(authenticate(attempt));
      ASSERT_TRUE(step.challenge);
      sessions.push_back(session_of(step));
      ASSERT_TRUE(record(result(threeds::TransStatus::authenticated)));
    }
    for (const std::string& session : sessions) ASSERT_TRUE(must(after_challenge(session)).done);
  }
  /// The server counts a session's updates once it has ended.
  std::map<std::string, Updates> updates() {
    const std::string url = env_->place().url();
    server_.reset();
    env_.reset();
    base::InlineExecutor executor;
    const auto database = db::Database::open({.url = url}, executor).value();
    const db::Statement counts{.name = "updates_test.counts", .sqlite = {}, .postgresql = kCounts};
    std::map<std::string, Updates> found;
    for (int i = 0; i < 100'000 && found["transactions"].all < 3 * kPayments; ++i) {
      for (const db::Row& row :
           must(base::sync_wait(database->read([&](db::ReadTx& tx) { return tx.query(counts, {}); })))) {
        found[row.text(0)] = {.all = row.integer(1), .without_index = row.integer(2)};
      }
    }
    return found;
  }

  static constexpr int kPayments = 60;
  static constexpr const char* kCounts = R"(
select cast(relname as text), n_tup_upd, n_tup_hot_upd, cast(pg_stat_clear_snapshot() as text) from pg_stat_user_tables where n_tup_upd > 0)";
};
INSTANTIATE_TEST_SUITE_P(Postgresql, UpdatesTest, ::testing::Values(db::Engine::postgresql), engine_of);

TEST_P(UpdatesTest, FindRoomBesideTheirRowAndTouchNoIndex) {
  pay_many_at_once(kPayments);
  const auto found = updates();
  for (const std::string table : {"payments", "authentications"}) {
    const Updates of_table = found.at(table);
    EXPECT_GE(of_table.all, 2 * kPayments) << table;
    EXPECT_GE(of_table.without_index * 10, of_table.all * 9) << table << ": " << of_table.without_index;
  }
  // Presented, asked for, answered: the end of the card and the due time are looked for, so each writes to an index.
  EXPECT_EQ(found.at("transactions").all, 3 * kPayments);
}

}  // namespace
}  // namespace acquit::payments::testing

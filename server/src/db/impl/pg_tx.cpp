#include "db/impl/pg_tx.h"

#include "db/impl/engine_support.h"

namespace acquit::db::impl {
namespace {

constexpr int kRowsAtOnce = 500;

const Statement& fetch_rows() {
  static const Statement kFetch{.name = "acquit.fetch_rows",
                                .sqlite = {},
                                .postgresql = "fetch " + std::to_string(kRowsAtOnce) + " from acquit_rows"};
  return kFetch;
}

const Statement& close_rows() {
  static const Statement kClose{.name = "acquit.close_rows", .sqlite = {}, .postgresql = "close acquit_rows"};
  return kClose;
}

}  // namespace

PgTx::~PgTx() { let_go(); }

void PgTx::let_go() {
  for (const auto& place : asked_) place->wait = nullptr;
  asked_.clear();
}

base::Result<void> PgTx::noted(base::Result<void> queued) {
  if (!queued) {
    failure_ =
        PgFailure{.error = queued.error(), .sqlstate = "22021", .own = true, .serialisation = false, .lost = false};
  }
  return queued;
}

base::Result<void> PgTx::queue(const Statement& statement, Params params) {
  ACQUIT_CHECK(ready(statement));
  return noted(connection_.queue(statement, params));
}

base::Result<void> PgTx::ready(const Statement& statement) const {
  Walk::refuse_within(walking_, statement);
  if (failure_) return std::unexpected(failure_->error);
  return {};
}

base::Result<PgResult> PgTx::await() {
  if (failure_) return std::unexpected(failure_->error);
  auto answer = connection_.await_last();
  if (!answer) {
    failure_ = std::move(answer).error();
    return std::unexpected(failure_->error);
  }
  let_go();
  return *std::move(answer);
}

base::Result<PgResult> PgTx::answer_to(const Statement& statement, Params params) {
  ACQUIT_CHECK(queue(statement, params));
  return await();
}

base::Result<Rows> PgTx::query(const Statement& statement, Params params) {
  ACQUIT_TRY(const PgResult result, answer_to(statement, params));
  return pg_rows(result.get());
}

base::Result<void> PgTx::for_each(const Statement& statement, Params params, const EachRow& each) {
  ACQUIT_CHECK(ready(statement));
  ACQUIT_CHECK(noted(connection_.queue_cursor(statement, params)));
  const Walk walking(walking_, statement);
  auto outcome = walk(each);
  if (!failure_) connection_.queue(close_rows());
  return outcome;
}

// A cursor and not libpq's single-row mode: who stops early need not take in what is left, and what was queued before
// stays as it was.
base::Result<void> PgTx::walk(const EachRow& each) {
  for (int taken = kRowsAtOnce; taken == kRowsAtOnce;) {
    connection_.queue(fetch_rows());
    ACQUIT_TRY(const PgResult result, await());
    taken = PQntuples(result.get());
    for (int row = 0; row < taken; ++row) ACQUIT_CHECK(each(pg_row(result.get(), row)));
  }
  return {};
}

Asked PgTx::ask(const Statement& statement, Params params) {
  if (pace_ == Pace::in_steps) return query(statement, params);
  if (auto now = ready(statement); !now) return base::Result<Rows>(std::unexpected(std::move(now).error()));
  auto place = std::make_shared<Asked::Place>();
  if (auto queued = noted(connection_.queue(statement, params, place)); !queued) {
    return base::Result<Rows>(std::unexpected(std::move(queued).error()));
  }
  place->wait = [this]() -> base::Result<void> {
    ACQUIT_CHECK(await());
    return {};
  };
  asked_.push_back(place);
  return place;
}

base::Result<void> PgTx::run(const Statement& statement, Params params) {
  if (pace_ == Pace::pipelined) return queue(statement, params);
  ACQUIT_CHECK(answer_to(statement, params));
  return {};
}

base::Result<std::int64_t> PgTx::change(const Statement& statement, Params params) {
  ACQUIT_TRY(const PgResult result, answer_to(statement, params));
  return pg_changed(result.get());
}

base::Result<bool> PgTx::change_one(const Statement& statement, Params params) {
  if (pace_ == Pace::in_steps) {
    ACQUIT_TRY(const std::int64_t rows, change(statement, params));
    return rows == 1;
  }
  ACQUIT_CHECK(ready(statement));
  ACQUIT_CHECK(noted(connection_.queue_one(statement, params)));
  return true;
}

}  // namespace acquit::db::impl

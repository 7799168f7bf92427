#include "db/impl/pg_tx.h"

namespace acquit::db::impl {

base::Result<void> PgTx::queue(const Statement& statement, Params params) {
  if (failure_) return std::unexpected(failure_->error);
  auto queued = connection_.queue(statement, params);
  if (!queued) {
    failure_ =
        PgFailure{.error = queued.error(), .sqlstate = "22021", .own = true, .serialisation = false, .lost = false};
  }
  return queued;
}

base::Result<PgResult> PgTx::ask(const Statement& statement, Params params) {
  ACQUIT_CHECK(queue(statement, params));
  auto answer = connection_.await_last();
  if (!answer) {
    failure_ = std::move(answer).error();
    return std::unexpected(failure_->error);
  }
  return *std::move(answer);
}

base::Result<Rows> PgTx::query(const Statement& statement, Params params) {
  ACQUIT_TRY(const PgResult result, ask(statement, params));
  return pg_rows(result.get());
}

base::Result<void> PgTx::run(const Statement& statement, Params params) {
  if (pace_ == Pace::pipelined) return queue(statement, params);
  ACQUIT_CHECK(ask(statement, params));
  return {};
}

base::Result<std::int64_t> PgTx::change(const Statement& statement, Params params) {
  ACQUIT_TRY(const PgResult result, ask(statement, params));
  return pg_changed(result.get());
}

}  // namespace acquit::db::impl

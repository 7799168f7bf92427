// PgTx: the transaction that works see on a PgConnection, and why it failed if it did.
//
// After its first error it refuses everything else. One thread.
#pragma once

#include <optional>

#include "db/impl/pg_connection.h"

namespace acquit::db::impl {

enum class Pace : std::uint8_t {
  pipelined,  ///< run() does not wait.
  in_steps,   ///< Every command waits for its answer, so that an error meets the work that caused it.
};

class PgTx final : public Tx {
 public:
  PgTx(PgConnection& connection, Pace pace) : connection_(connection), pace_(pace) {}

  [[nodiscard]] base::Result<Rows> query(const Statement& statement, Params params) override;
  [[nodiscard]] base::Result<void> run(const Statement& statement, Params params) override;
  [[nodiscard]] base::Result<std::int64_t> change(const Statement& statement, Params params) override;

  [[nodiscard]] const std::optional<PgFailure>& failure() const { return failure_; }

 private:
  [[nodiscard]] base::Result<void> queue(const Statement& statement, Params params);
  [[nodiscard]] base::Result<PgResult> ask(const Statement& statement, Params params);

  PgConnection& connection_;
  Pace pace_;
  std::optional<PgFailure> failure_;
};

}  // namespace acquit::db::impl

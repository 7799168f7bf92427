// PgTx: the transaction that works see on a PgConnection, and why it failed if it did.
//
// After its first error it refuses everything else. One thread.
#pragma once

#include <optional>

#include "db/impl/pg_connection.h"

namespace acquit::db::impl {

enum class Pace : std::uint8_t {
  pipelined,  ///< run(), change_one() and ask() do not wait.
  in_steps,   ///< Every command waits for its answer, so that an error meets the work that caused it.
};

class PgTx final : public Tx {
 public:
  PgTx(PgConnection& connection, Pace pace) : connection_(connection), pace_(pace) {}
  ~PgTx() override;
  PgTx(const PgTx&) = delete;
  PgTx& operator=(const PgTx&) = delete;

  [[nodiscard]] base::Result<Rows> query(const Statement& statement, Params params) override;
  [[nodiscard]] base::Result<void> for_each(const Statement& statement, Params params, const EachRow& each) override;
  [[nodiscard]] Asked ask(const Statement& statement, Params params) override;
  [[nodiscard]] base::Result<void> run(const Statement& statement, Params params) override;
  [[nodiscard]] base::Result<std::int64_t> change(const Statement& statement, Params params) override;
  [[nodiscard]] base::Result<bool> change_one(const Statement& statement, Params params) override;

  /// Waits for what was asked for and never looked at.
  void settle() {
    if (!asked_.empty() && !failure_) static_cast<void>(await());
  }
  [[nodiscard]] const std::optional<PgFailure>& failure() const { return failure_; }

 private:
  /// Notes a command that could not be queued.
  [[nodiscard]] base::Result<void> noted(base::Result<void> queued);
  [[nodiscard]] base::Result<void> ready(const Statement& statement) const;
  [[nodiscard]] base::Result<void> queue(const Statement& statement, Params params);
  [[nodiscard]] base::Result<void> walk(const EachRow& each);
  [[nodiscard]] base::Result<PgResult> await();
  void let_go();
  [[nodiscard]] base::Result<PgResult> answer_to(const Statement& statement, Params params);

  PgConnection& connection_;
  Pace pace_;
  std::optional<PgFailure> failure_;
  bool walking_ = false;
  std::vector<std::shared_ptr<Asked::Place>> asked_;  // On their way, as far as is known.
};

}  // namespace acquit::db::impl

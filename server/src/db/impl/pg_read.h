// PgRead: a snapshot on a PgConnection, from its construction to its destruction, whose end is not waited for.
//
// One thread; the connection outlives it.
#pragma once

#include "db/impl/pg_connection.h"
#include "db/impl/pg_tx.h"

namespace acquit::db::impl {

class PgRead {
 public:
  /// Waits no longer than until `until`.
  PgRead(PgConnection& connection, base::Monotonic until);
  ~PgRead();
  PgRead(const PgRead&) = delete;
  PgRead& operator=(const PgRead&) = delete;

  [[nodiscard]] PgTx& tx() { return tx_; }

 private:
  PgConnection& connection_;
  PgTx tx_;
};

}  // namespace acquit::db::impl

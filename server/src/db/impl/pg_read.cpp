#include "db/impl/pg_read.h"

namespace acquit::db::impl {
namespace {

const Statement& begin_read() {
  static const Statement kBegin{
      .name = "acquit.begin_read", .sqlite = {}, .postgresql = "begin isolation level repeatable read, read only"};
  return kBegin;
}

const Statement& end_read() {
  static const Statement kEnd{.name = "acquit.end_read", .sqlite = {}, .postgresql = "rollback"};
  return kEnd;
}

}  // namespace

PgRead::PgRead(PgConnection& connection, base::Monotonic until)
    : connection_(connection), tx_(connection, Pace::pipelined) {
  connection_.start_clock(until);
  connection_.queue(begin_read());
}

PgRead::~PgRead() {
  tx_.settle();
  // After a failure the pipeline has to be opened again before the rollback can pass.
  if (tx_.failure()) static_cast<void>(connection_.sync());
  connection_.queue(end_read());
  connection_.sync_later();
}

}  // namespace acquit::db::impl

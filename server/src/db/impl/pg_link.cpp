#include "db/impl/pg_link.h"

#include "base/log.h"

namespace acquit::db::impl {
namespace {

constexpr base::Milliseconds kLookEvery{1000};

std::unexpected<base::Error> still_there() {
  return base::fail(base::ErrorCode::database_unavailable,
                    "postgresql: what was given up because it took too long has not ended yet");
}

}  // namespace

bool PgLink::usable() const { return connection_ && connection_->usable() && take_overs_ == connector_->take_overs(); }

base::Result<PgConnection*> PgLink::ready(base::Monotonic until) {
  if (usable()) return connection_.get();
  if (connection_ && connection_->timed_out()) left_behind_ = connection_->session();
  connection_.reset();
  const bool waits = !left_behind_.empty();
  if (waits && clock_.monotonic() < next_look_) return still_there();
  ACQUIT_TRY(auto opened, connector_->open(until));
  if (waits) {
    next_look_ = clock_.monotonic() + kLookEvery;
    const auto there = opened->has_session(left_behind_);
    if (!there) return std::unexpected(there.error().error);
    if (*there) return still_there();
    left_behind_.clear();
  }
  take_overs_ = connector_->take_overs();
  connection_ = std::move(opened);
  base::log::info("database_reconnected");
  return connection_.get();
}

}  // namespace acquit::db::impl

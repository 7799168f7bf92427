#include "db/impl/pg_link.h"

#include <algorithm>

#include "base/log.h"

namespace acquit::db::impl {
namespace {

constexpr base::Milliseconds kFirstWait{50};
constexpr base::Milliseconds kLongestWait{5000};

}  // namespace

base::Result<PgConnection*> PgLink::ready() {
  if (connection_ && connection_->usable()) return connection_.get();
  connection_.reset();
  const auto now = clock_.monotonic();
  if (wait_.count() > 0 && now < next_try_) return std::unexpected(last_error_);
  auto opened = PgConnection::open(url_);
  if (!opened) {
    wait_ = std::clamp(wait_ * 2, kFirstWait, kLongestWait);
    next_try_ = clock_.monotonic() + wait_;
    last_error_ = opened.error();
    base::log::failed("database_reconnect", last_error_);
    return std::unexpected(std::move(opened).error());
  }
  wait_ = base::Milliseconds{0};
  connection_ = *std::move(opened);
  base::log::info("database_reconnected");
  return connection_.get();
}

}  // namespace acquit::db::impl

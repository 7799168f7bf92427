// PgLink: a connection that is made again when it is lost, waiting longer after each failed try.
//
// One thread. ready() fails at once while the wait is on, so callers are refused instead of kept.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "db/impl/pg_connection.h"

namespace acquit::db::impl {

class PgLink {
 public:
  PgLink(std::string url, std::unique_ptr<PgConnection> connection)
      : url_(std::move(url)), connection_(std::move(connection)) {}

  /// A usable connection. Valid until the next call.
  [[nodiscard]] base::Result<PgConnection*> ready();

 private:
  std::string url_;
  std::unique_ptr<PgConnection> connection_;
  base::OsClock clock_;
  base::Milliseconds wait_{0};
  base::Monotonic next_try_;
  base::Error last_error_;
};

}  // namespace acquit::db::impl

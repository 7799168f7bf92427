// PgLink: a connection of a lane or a reader that is made again when it is lost.
//
// A connection that was given up because the server took too long may still be at work over there, at its commit
// perhaps. Until the server says that it has ended, the link takes no other: what it left open would be overtaken, and
// a server that hangs would fill up with such connections. One thread.
#pragma once

#include <memory>
#include <string>

#include "db/impl/pg_connection.h"
#include "db/impl/pg_connector.h"

namespace acquit::db::impl {

class PgLink {
 public:
  /// `connector` outlives it.
  PgLink(PgConnector& connector, std::unique_ptr<PgConnection> connection)
      : connector_(&connector), take_overs_(connector.take_overs()), connection_(std::move(connection)) {}

  /// Connects when it is first needed.
  explicit PgLink(PgConnector& connector) : PgLink(connector, nullptr) {}

  /// A usable connection, had by `until`. Valid until the next call.
  [[nodiscard]] base::Result<PgConnection*> ready(base::Monotonic until);

 private:
  [[nodiscard]] bool usable() const;

  PgConnector* connector_;
  std::uint64_t take_overs_;
  std::unique_ptr<PgConnection> connection_;
  std::string left_behind_;  // The session of the connection that was given up; empty if none.
  base::OsClock clock_;
  base::Monotonic next_look_;
};

}  // namespace acquit::db::impl

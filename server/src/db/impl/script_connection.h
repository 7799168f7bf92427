// ScriptConnection: a connection for migrations, which are texts of several statements and take their time.
//
// One thread. Each engine brings its own; no statement is kept and no bound on duration is set.
#pragma once

#include <memory>
#include <string>

#include "db/database.h"

namespace acquit::db::impl {

class ScriptConnection {
 public:
  virtual ~ScriptConnection() = default;
  static base::Result<std::unique_ptr<ScriptConnection>> open(const std::string& url);

  [[nodiscard]] virtual Engine engine() const = 0;
  /// Waits until no other process migrates; until this connection ends.
  [[nodiscard]] virtual base::Result<void> lock() = 0;
  /// Begins a transaction that keeps other writers of the schema out.
  [[nodiscard]] virtual base::Result<void> begin() = 0;
  [[nodiscard]] virtual base::Result<void> execute(const std::string& script) = 0;
  [[nodiscard]] virtual base::Result<Rows> query(const std::string& text) = 0;
};

}  // namespace acquit::db::impl

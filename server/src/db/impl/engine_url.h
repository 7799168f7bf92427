// Which engine an address in the configuration means.
#pragma once

#include <string>

#include "base/result.h"
#include "db/statement.h"

namespace acquit::db::impl {

struct EngineUrl {
  Engine engine = Engine::sqlite;
  std::string path;  ///< SQLite: the file.
};

/// `sqlite:<path>` or `postgresql://…`. Errors: configuration_invalid.
[[nodiscard]] base::Result<EngineUrl> parse_engine_url(const std::string& url);

}  // namespace acquit::db::impl

#include "db/impl/engine_url.h"

#include <string_view>

namespace acquit::db::impl {

base::Result<EngineUrl> parse_engine_url(const std::string& url) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) return EngineUrl{Engine::postgresql, {}};
  if (url.starts_with(kSqlite)) return EngineUrl{Engine::sqlite, url.substr(kSqlite.size())};
  return base::fail(base::ErrorCode::configuration_invalid,
                    "the database address must begin with sqlite: or postgresql://");
}

}  // namespace acquit::db::impl

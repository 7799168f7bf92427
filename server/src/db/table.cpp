#include "db/table.h"

namespace acquit::db::impl {

std::string to_text(const Param& param) {
  if (const auto* integer = std::get_if<std::int64_t>(&param.value())) return std::to_string(*integer);
  return std::string(std::get<std::string_view>(param.value()));
}

std::unexpected<base::Error> unknown_value(std::string_view table, std::string_view names) {
  return base::fail(base::ErrorCode::internal,
                    "the database holds an unknown value in " + std::string(table) + "." + std::string(names));
}

}  // namespace acquit::db::impl

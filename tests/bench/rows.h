// The rows that one payment writes, as statement and values: what the bare loop of the limit writes too.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "db/statement.h"

namespace acquit::bench {

using Value = std::variant<std::monostate, std::int64_t, std::string>;

struct RowToWrite {
  const db::Statement* statement;
  std::vector<Value> values;
  bool bytes_at_4 = false;  ///< The fourth value is bytes (the sealed card).
};

/// Every row of an accepted payment, in the order in which the server writes them.
[[nodiscard]] std::vector<RowToWrite> rows_of_payment(std::uint64_t number);

}  // namespace acquit::bench

// The trace of a refused request: what integrators read to see why. All that is stored of it; never card data.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "db/tx.h"

namespace acquit::payments {

struct TraceTag {
  static constexpr std::string_view prefix = "trace";
};

struct RequestTrace {
  base::ShopId shop{0};
  std::string source;  ///< "vads".
  std::string code;    ///< The protocol's error code: "09".
  std::string field;
  std::string detail;
  base::Time at;
};

[[nodiscard]] base::Result<void> add_trace(db::Tx& tx, const RequestTrace& trace, const base::Clock& clock,
                                           base::Random& random);
/// The newest first.
[[nodiscard]] base::Result<std::vector<RequestTrace>> latest_traces(db::ReadTx& tx, base::ShopId shop, int limit);

}  // namespace acquit::payments

// The trace of a refused request: what integrators read to see why. All that is stored of it; never card data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "db/tx.h"

namespace acquit::platform {

struct TraceTag {
  static constexpr std::string_view prefix = "trace";
};

struct RequestTrace {
  base::ShopId shop{0};
  std::string protocol;  ///< "vads".
  std::string code;      ///< The protocol's error code: "09".
  std::string field;
  std::string detail;
  base::Time at;
  std::string incident{};   ///< The number that the page shows and the log names: of the HTTP request.
  std::string mode{};       ///< "TEST" or "PRODUCTION".
  bool is_signed = false;   ///< Its signature was right: it is the shop's own.
  std::string reference{};  ///< The order's, as it was sent; these three are masked and cut before they are stored.
  std::string key{};        ///< Of the payment, in its protocol, as far as it could be read.
  std::string value{};      ///< Of the field at fault; empty where it may be sensitive.
};

[[nodiscard]] base::Result<void> add_trace(db::Tx& tx, const RequestTrace& trace, const base::Clock& clock,
                                           base::Random& random);
/// Those of one incident, in their order; empty if none is stored.
[[nodiscard]] base::Result<std::vector<RequestTrace>> traces_of_incident(db::ReadTx& tx, std::string_view incident);

struct TraceCount {
  std::string code;
  std::string field;
  std::int64_t times = 0;
};
/// The shop's own refused requests of a mode since `since`, by code and field; the most frequent first.
[[nodiscard]] base::Result<std::vector<TraceCount>> count_signed_traces(db::ReadTx& tx, base::ShopId shop,
                                                                        std::string_view mode, base::Time since);

/// A text of a stranger as it may be stored and shown: valid, without control characters and card numbers, short.
[[nodiscard]] std::string shown_value(std::string_view text);

/// The newest first.
[[nodiscard]] base::Result<std::vector<RequestTrace>> latest_traces(db::ReadTx& tx, base::ShopId shop, int limit);

}  // namespace acquit::platform

// NodeNumber: which of the nodes that share a database this one is, as a leased number that no other has meanwhile.
//
// For what must differ between nodes though no node asks another: the trace numbers of bank messages. Taken at start,
// kept now and then, given back at the end; a crash frees it after the lease. A node that stood still for so long that
// another has its number takes a new one. One user at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "db/database.h"

namespace acquit::platform {

class NodeNumber {
 public:
  static constexpr int kNumbers = 100;
  static constexpr base::Milliseconds kLease{120'000};
  static constexpr base::Milliseconds kRenewEvery{20'000};

  NodeNumber(db::Database& database, const base::Clock& clock, base::Random& random)
      : database_(database), clock_(clock), holder_(random.hex(8)) {}

  /// The lowest free number, 0 to 99. Errors: configuration_invalid if all are taken.
  [[nodiscard]] base::Task<base::Result<int>> take();
  /// Renews the lease: the number, which is another one if another node has the old one by now. Errors:
  /// configuration_invalid if all are taken; the node then has none, and its next try takes one.
  [[nodiscard]] base::Task<base::Result<int>> keep();
  /// Free for the next node at once.
  [[nodiscard]] base::Task<base::Result<void>> give_back();

 private:
  [[nodiscard]] base::Result<std::optional<db::Row>> take_free(db::Tx& tx, std::int64_t now) const;
  /// False if another node has the number.
  [[nodiscard]] base::Task<base::Result<bool>> lease_until(std::int64_t until);

  db::Database& database_;
  const base::Clock& clock_;
  const std::string holder_;
  int number_ = -1;
};

}  // namespace acquit::platform

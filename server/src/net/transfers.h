// Transfers: many exchanges by libcurl at once on one thread, each with a time limit.
//
// Where peers may have fewer connections than there are, those that fail or take long have still fewer (base/places.h),
// so that many who hang leave the others theirs. Safe from any thread.
#pragma once

#include <cstddef>
#include <memory>

#include "base/clock.h"

namespace acquit::net {

class Transfer;

struct TransfersOptions {
  std::size_t connections_max = 256;
  std::size_t connections_per_peer = 256;  ///< To one host and port.
};

class Transfers {
 public:
  virtual ~Transfers() = default;
  /// Ends the transfer in its time, with lane_full where too many wait or no connection was free, and with cancelled
  /// after stop().
  virtual void submit(std::unique_ptr<Transfer> transfer) = 0;
  /// Cancels what is under way and refuses what comes after. For good.
  virtual void stop() = 0;

  static std::unique_ptr<Transfers> make(const TransfersOptions& options);
};

}  // namespace acquit::net

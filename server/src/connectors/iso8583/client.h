// Iso8583Acquirer: an acquirer spoken to in ISO 8583 over links of long life, which it opens, watches and opens again.
//
// Each link signs on after it connected, carries many requests at once, is tried by an echo when idle, and is opened
// again after a growing, partly random wait when it breaks. Safe from any thread. Loop, clock and random outlive it and
// the loop runs until stop() has ended.
#pragma once

#include <functional>
#include <memory>

#include "base/clock.h"
#include "base/random.h"
#include "connectors/acquirer.h"
#include "connectors/iso8583/options.h"
#include "net/loop.h"

namespace acquit::iso8583 {

class Iso8583Acquirer final : public connectors::Acquirer {
 public:
  Iso8583Acquirer(net::Loop& loop, const base::Clock& clock, base::Random& random, Iso8583Options options);
  /// Breaks what stop() has not ended, without waiting.
  ~Iso8583Acquirer() override;
  Iso8583Acquirer(const Iso8583Acquirer&) = delete;
  Iso8583Acquirer& operator=(const Iso8583Acquirer&) = delete;

  /// Begins to connect; returns at once. A second call does nothing. Errors: configuration_invalid.
  [[nodiscard]] base::Result<void> start();
  /// Takes no more requests, waits for those in flight (at most their time limit), signs off, closes. For good.
  [[nodiscard]] base::Task<void> stop();

  /// True if some link is signed on.
  [[nodiscard]] bool ready() const;
  /// Waits until ready(), at most `limit`.
  [[nodiscard]] base::Task<bool> wait_until_ready(base::Milliseconds limit);
  [[nodiscard]] const LinkCounters& counters() const;

  /// From now on trace numbers are those of this node; options.node says which at the start.
  void use_node(int node);
  [[nodiscard]] connectors::Trace new_trace() override;
  [[nodiscard]] base::Task<base::Result<connectors::AuthorisationAnswer>> authorise(
      connectors::Authorisation request) override;
  [[nodiscard]] base::Task<base::Result<connectors::MessageAnswer>> reverse(connectors::Reversal request) override;
  [[nodiscard]] base::Task<base::Result<connectors::MessageAnswer>> advise(connectors::Advice request) override;
  [[nodiscard]] std::vector<connectors::LateApproval> late_approvals() const override;
  void on_late_approval(std::function<void()> heard) override;
  void forget(const connectors::LateApproval& approval) override;

 private:
  class Core;
  std::shared_ptr<Core> core_;  // Shared with the coroutines of its links.
};

}  // namespace acquit::iso8583

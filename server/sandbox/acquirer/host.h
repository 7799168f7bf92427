// AcquirerHost: the sandbox's acquirer on a real socket, speaking the ISO 8583 that the platform's client speaks.
//
// Owns its listener, its connections and its bank. A link must sign on before it may send financial messages; bytes
// that are no message end it. Safe from any thread. Loop and clock outlive it, and the loop runs until stop() has
// ended.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "connectors/iso8583/wire.h"
#include "net/loop.h"
#include "net/tls.h"
#include "sandbox/acquirer/bank.h"
#include "sandbox/acquirer/faults.h"

namespace acquit::sandbox {

struct AcquirerHostOptions {
  std::string address = "127.0.0.1:0";
  iso8583::WireFormat format{};
  std::optional<net::TlsFiles> tls{};    ///< Nothing: in clear.
  std::string journal_path{};            ///< Empty: what it knows goes with it.
  base::Milliseconds slow_delay{5'000};  ///< Of an answer under the fault `slow`.
};

class AcquirerHost {
 public:
  /// Errors: configuration_invalid (address taken, journal not writable, no length header, a file of TLS).
  static base::Result<std::unique_ptr<AcquirerHost>> start(net::Loop& loop, const base::Clock& clock,
                                                           AcquirerHostOptions options);
  /// Hangs up without waiting for what stop() has not ended.
  ~AcquirerHost();
  AcquirerHost(const AcquirerHost&) = delete;
  AcquirerHost& operator=(const AcquirerHost&) = delete;

  /// Listens no more, hangs up, and waits until its coroutines have ended. Idempotent.
  [[nodiscard]] base::Task<void> stop();

  [[nodiscard]] int port() const;
  /// What the bank believes, in order of arrival.
  [[nodiscard]] std::vector<BankTransaction> snapshot() const;
  /// The next `count` financial messages (authorisations, reversals, advices) meet this fault, after earlier orders.
  void order_fault(FaultKind kind, std::size_t count, std::string code = {});
  [[nodiscard]] std::vector<FaultsLeft> pending_faults() const;
  void clear_faults();

 private:
  class Core;
  explicit AcquirerHost(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;  // Shared with the coroutines of its connections.
};

}  // namespace acquit::sandbox

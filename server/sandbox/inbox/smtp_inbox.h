// SmtpInbox: the sandbox's mail server on a real socket; what it accepts lands in a Mailbox.
//
// Owns its listener and connections. Under a fault a mail is kept all the same, `refuse` excepted: silent (never
// answered), slow, garbage (bytes that are no reply), disconnect (hung up instead of an answer), duplicate (kept
// twice). Loop, clock, mailbox and faults outlive it, and the loop runs until stop() has ended. Safe from any thread.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "net/loop.h"
#include "sandbox/acquirer/faults.h"
#include "sandbox/inbox/mailbox.h"

namespace acquit::sandbox {

struct SmtpInboxOptions {
  std::string address = "127.0.0.1:0";
  base::Milliseconds idle_limit{300'000};
  base::Milliseconds slow_delay{5'000};  ///< Of the answer under the fault `slow`.
};

class SmtpInbox {
 public:
  /// Errors: configuration_invalid (address), connection_failed (port taken).
  static base::Result<std::unique_ptr<SmtpInbox>> start(net::Loop& loop, const base::Clock& clock, Mailbox& mailbox,
                                                        Faults& faults, SmtpInboxOptions options);
  ~SmtpInbox();
  SmtpInbox(const SmtpInbox&) = delete;
  SmtpInbox& operator=(const SmtpInbox&) = delete;

  [[nodiscard]] int port() const;
  /// Hangs up and waits until its coroutines have ended. Idempotent.
  [[nodiscard]] base::Task<void> stop();

 private:
  class Core;
  explicit SmtpInbox(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;  // Shared with the coroutines of its connections.
};

}  // namespace acquit::sandbox

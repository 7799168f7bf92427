// SmtpClient: hands mails to a mail server, by libcurl, many at once on one thread, each with a time limit.
//
// The mail server is the operator's choice, so private addresses are allowed. Safe from any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/executor.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/task.h"
#include "net/transfers.h"

namespace acquit::mail {

struct SmtpServer {
  std::string url{};  ///< smtp://host:port or smtps://host:port.
  std::string user{};
  base::Password password{};
  bool require_tls = true;
};

struct SmtpMail {
  std::string from{};  ///< Bare addresses.
  std::vector<std::string> to{};
  std::string message{};  ///< Complete RFC 5322 text with CRLF lines.
  base::Milliseconds time_limit{30'000};
};

class SmtpClient {
 public:
  explicit SmtpClient(base::Executor& executor, std::size_t connections_max = 256);
  ~SmtpClient();
  SmtpClient(const SmtpClient&) = delete;
  SmtpClient& operator=(const SmtpClient&) = delete;

  /// Value: accepted by the server for all recipients. Errors: connection_failed (the mail never left), timed_out,
  /// protocol_violation (with the server's words), lane_full, cancelled, and field_format or field_missing for what
  /// can't be sent.
  [[nodiscard]] base::Task<base::Result<void>> send(SmtpServer server, SmtpMail mail);
  /// Cancels what is under way and refuses what comes after. For good.
  void stop();

 private:
  base::Executor& executor_;
  const std::unique_ptr<net::Transfers> transfers_;
};

}  // namespace acquit::mail

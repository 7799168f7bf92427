// Mailer: sends mails through the operator's SMTP server. It keeps nothing and tries once: whoever must not lose a mail
// keeps it in the outbox and calls again (notifications/mail_queue.h).
//
// Owns the server's password; borrows client, clock and random, which must outlive it. Safe from any thread.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "platform/mail/smtp.h"

namespace acquit::mail {

struct Mail {
  std::string id{};         ///< Left part of the Message-ID: the same each time a mail is sent again; empty: random.
  std::string from_name{};  ///< Empty: the mailer's.
  std::string reply_to{};   ///< Empty: none.
  std::vector<std::string> to{};
  std::string subject{};
  std::string text{};
  std::string html{};  ///< Empty: plain text only.
};

struct MailerOptions {
  SmtpServer server{};
  std::string from{};  ///< Bare address; its domain is also that of the Message-IDs.
  std::string from_name{};
  base::Milliseconds time_limit{30'000};
};

class Mailer {
 public:
  Mailer(MailerOptions options, SmtpClient& client, const base::Clock& clock, base::Random& random)
      : options_(std::move(options)), client_(client), clock_(clock), random_(random) {}

  /// Value: the server took it for all recipients. Errors: field_format (an address that is none; nothing was sent) and
  /// those of SmtpClient::send.
  [[nodiscard]] base::Task<base::Result<void>> send(Mail mail) const;

 private:
  MailerOptions options_;
  SmtpClient& client_;
  const base::Clock& clock_;
  base::Random& random_;
};

}  // namespace acquit::mail

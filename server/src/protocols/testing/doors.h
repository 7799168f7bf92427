// Doors: the doors of protocols and what stands behind them, as app/node.cpp puts them together, for tests: on
// services that somebody else made, called without a socket.
//
// Borrows the services and the loop. Made for one test; its router is safe from any thread.
#pragma once

#include <memory>

#include "http/client.h"
#include "http/router.h"
#include "net/loop.h"
#include "notifications/notifier.h"
#include "pages/answers.h"
#include "payments/checkout/card_refusals.h"
#include "platform/mail/mail.h"
#include "platform/mail/smtp.h"
#include "protocols/registry.h"

namespace acquit::protocols {

class Doors {
 public:
  Doors(payments::Services& borrowed, net::Loop& on, Protocols spoken);
  /// Waits for what is being sent.
  ~Doors();
  Doors(const Doors&) = delete;
  Doors& operator=(const Doors&) = delete;

  payments::Services& services;
  net::Loop& loop;
  Registry protocols;
  std::unique_ptr<http::Client> client;
  mail::SmtpClient mail_client;
  mail::Mailer mailer;
  i18n::Translator translator;
  pages::Pages pages;
  notifications::Notifier notifier;
  payments::RefusalBook refusals;
  pages::Answers answers;
  http::Router router;
};

}  // namespace acquit::protocols

// Notifier: tells shops, merchants and buyers what became of a payment: the handlers of the outbox's topics, the and
// the call that a user orders by hand.
//
// Every handler writes what it did (delivery, history, mails to send) in one commit and bears being called twice for
// one message: a call that was written down is not made again, nor is one that this process still remembers because the
// database did not take it; that one is written down when its message comes round. Only a crash between the shop's
// answer and that commit repeats one. Borrows everything it is made with; safe from any thread.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "http/client.h"
#include "notifications/call_outcome.h"
#include "notifications/delivery.h"
#include "notifications/formatter.h"
#include "notifications/mails.h"
#include "notifications/series.h"
#include "payments/store/services.h"
#include "platform/i18n/translator.h"
#include "platform/mail/mail.h"
#include "platform/outbox/outbox.h"

namespace acquit::notifications {

struct NotifierOptions {
  base::Milliseconds call_limit{30'000};  ///< Of one URL call at most; must stay well below the outbox's lease of 60 s.
};

/// A call that a user orders.
struct ByHand {
  base::ShopId shop{0};
  payments::TransactionId transaction;
  base::Actor actor;
  merchants::Rule rule = merchants::Rule::end_of_payment;
};

struct CallByHand {
  Delivery delivery;
  std::optional<base::Error> unnoted{};  ///< The call was made, but the history may not show it: why.
};

class Notifier {
 public:
  Notifier(const payments::Services& services, http::Client& client, Formatters formatters,
           const i18n::Translator& translator, const mail::Mailer& mailer, NotifierOptions options = {})
      : services_(services),
        client_(client),
        formatters_(std::move(formatters)),
        translator_(translator),
        mailer_(mailer),
        options_(options) {}

  /// Makes this the handler of the five topics below; at start, before the outbox runs.
  void register_handlers();

  /// Topic `notification`: calls the shop's URL; after a failure mails the alert and, where the rule wants it, comes
  /// back at the next quarter of an hour.
  [[nodiscard]] base::Task<platform::OutboxVerdict> send_notification(const platform::OutboxMessage& message);
  /// Topics `buyer_ticket` and `merchant_mail`: write the mail and queue it.
  [[nodiscard]] base::Task<platform::OutboxVerdict> send_buyer_ticket(const platform::OutboxMessage& message);
  [[nodiscard]] base::Task<platform::OutboxVerdict> send_merchant_mail(const platform::OutboxMessage& message);
  /// Topic `mail` (mail_queue.h).
  [[nodiscard]] base::Task<platform::OutboxVerdict> send_mail(const platform::OutboxMessage& message);

  /// Calls the URL that the shop's rule names, because a user wants it: what a form said instead
  /// (vads_url_check) may be what failed, and the manual sends to "the URL defined above", the rule's. A success ends
  /// what still waits under that rule for this transaction, and nothing of other rules; a failure changes nothing and
  /// is not repeated. Value: the call, successful or not, also where the database did not take the note of it. Errors,
  /// before any call: not_found (shop or transaction), wrong_state (the rule is off, or has no URL for the payment's
  /// mode), and those of the protocol that can't word it.
  [[nodiscard]] base::Task<base::Result<CallByHand>> replay_notification(ByHand wanted);

  /// Topic `form_digest`: what was refused since, in one mail.
  [[nodiscard]] base::Task<platform::OutboxVerdict> send_form_digest(const platform::OutboxMessage& message);

  /// Tells the shop's contact, in the caller's transaction, that its form was refused in PRODUCTION: the first within
  /// an hour by a mail of its own, the others by one an hour later. For forms with the shop's signature only: strangers
  /// must not fill mailboxes.
  [[nodiscard]] base::Result<void> queue_form_error_mail(db::Tx& tx, const merchants::Shop& shop,
                                                         const RefusedForm& error) const;

 private:
  // A subject, and the delivery that the message in hand left already.
  struct Known {
    Subject subject;
    std::optional<Delivery> earlier;
  };
  // What one commit writes about a call.
  struct Record {
    Delivery delivery;
    base::Actor actor;
    std::string history;
    std::optional<mail::Mail> alert;
    std::string once_a_day{};  // The alert goes out once a day only among those of this kind; empty: always.
    bool ends_series = false;
  };
  using MailsOf = std::function<mail::Mail(const Subject&)>;

  base::Task<base::Result<Known>> load(base::ShopId shop, payments::TransactionId transaction,
                                       std::optional<DeliveryId> earlier);
  base::Task<base::Result<CallOutcome>> call(Occasion occasion);
  base::Task<base::Result<void>> write(const Record& record);
  // Takes back what waits about the delivery's transaction under the same rule.
  base::Result<void> end_series(db::Tx& tx, const Delivery& delivery) const;
  base::Task<base::Result<Record>> call_for(const Subject& subject, const Series& series,
                                            const platform::OutboxId& message, const std::string& url);
  [[nodiscard]] std::optional<Record> unwritten(const DeliveryId& id);
  void keep_unwritten(Record record);
  base::Task<platform::OutboxVerdict> queue_about(const platform::OutboxMessage& message, std::string_view event,
                                                  MailsOf compose);
  [[nodiscard]] base::Result<const Formatter*> formatter_of(const Subject& subject) const;
  [[nodiscard]] std::string history(const Subject& subject, merchants::Rule rule, const CallOutcome& outcome) const;
  // Not done, for a reason of ours that may pass, unless what it was about is not there.
  [[nodiscard]] platform::OutboxVerdict later(std::string_view what, const base::Error& error) const;
  [[nodiscard]] platform::OutboxVerdict soon() const;

  const payments::Services& services_;
  http::Client& client_;
  Formatters formatters_;
  const i18n::Translator& translator_;
  const mail::Mailer& mailer_;
  NotifierOptions options_;
  DeliveryStore deliveries_;
  std::mutex mutex_;
  std::map<DeliveryId, Record> unwritten_;  // Under mutex_. Calls that were made and that the database did not take.
};

}  // namespace acquit::notifications

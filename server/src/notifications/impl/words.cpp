#include "notifications/impl/words.h"

#include <utility>

#include "platform/i18n/format.h"

namespace acquit::notifications {

std::string Words::money(const base::Money& amount) const { return i18n::format_money(amount, language_); }

std::string Words::date(base::Time time, const merchants::Shop& shop) const {
  return i18n::format_date_time(time, language_, shop.timezone);
}

mail::Body Words::body(merchants::Mode mode, std::string title) const {
  const bool test = mode == merchants::Mode::test;
  return {.language = std::string(i18n::code(language_)),
          .banner = test ? (*this)("test.title") + " – " + (*this)("test.note") : std::string(),
          .title = std::move(title),
          .blocks = {}};
}

std::string Words::subject(merchants::Mode mode, std::string_view text) const {
  return mode == merchants::Mode::test ? (*this)("mail_common.test_prefix") + " " + std::string(text)
                                       : std::string(text);
}

std::string shown_transaction(const Subject& subject) {
  return subject.payment.key.empty() ? subject.transaction.id.hex()
                                     : std::string(payments::number_of(subject.payment.key));
}

mail::Mail to_mail(std::string subject, const mail::Body& body) {
  return {.subject = std::move(subject), .text = mail::to_text(body), .html = mail::to_html(body)};
}

}  // namespace acquit::notifications

// Words: the translator bound to one language, and the pieces that several mails share.
//
// Borrows the translator for the time of one composition; one thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/money.h"
#include "merchants/shop.h"
#include "notifications/formatter.h"
#include "platform/i18n/language.h"
#include "platform/i18n/translator.h"
#include "platform/mail/body.h"
#include "platform/mail/mail.h"

namespace acquit::notifications {

class Words {
 public:
  Words(const i18n::Translator& translator, i18n::Language language) : translator_(translator), language_(language) {}

  [[nodiscard]] std::string operator()(std::string_view key,
                                       std::initializer_list<i18n::Translator::Argument> arguments = {}) const {
    return translator_.text(language_, key, arguments);
  }
  [[nodiscard]] std::string money(const base::Money& amount) const;
  [[nodiscard]] std::string date(base::Time time, const merchants::Shop& shop) const;
  /// A body in this language; in TEST mode with the banner.
  [[nodiscard]] mail::Body body(merchants::Mode mode, std::string title) const;
  /// `text`, in TEST mode with "[MODE TEST]" before it.
  [[nodiscard]] std::string subject(merchants::Mode mode, std::string_view text) const;

 private:
  const i18n::Translator& translator_;
  i18n::Language language_;
};

/// What the shop knows a transaction by: its six characters, or our id where the protocol has none.
[[nodiscard]] std::string shown_transaction(const Subject& subject);

/// Both forms of `body` under `subject`; no recipient yet.
[[nodiscard]] mail::Mail to_mail(std::string subject, const mail::Body& body);

}  // namespace acquit::notifications

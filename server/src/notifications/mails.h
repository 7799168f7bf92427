// The words of every mail that this folder sends: alert after a failed call, buyer's ticket, merchant's mail, and the
// mail about a wrong form. Text and HTML in the reader's language; French where that is unknown.
//
// Pure functions of what they are given; any thread. Recipients are set by the caller unless said otherwise.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "merchants/shop.h"
#include "notifications/call_outcome.h"
#include "notifications/formatter.h"
#include "notifications/series.h"
#include "platform/i18n/language.h"
#include "platform/i18n/sentence.h"
#include "platform/i18n/translator.h"
#include "platform/mail/mail.h"
#include "platform/request_traces/request_traces.h"

namespace acquit::notifications {

/// The language of a tag such as "fr" or "fr_CH".
[[nodiscard]] i18n::Language language_of(std::string_view tag);
/// How the back office calls a rule: "URL de notification à la fin du paiement".
[[nodiscard]] std::string rule_label(const i18n::Translator& translator, i18n::Language language, merchants::Rule rule);

struct Alert {
  const Subject& subject;
  const Series& series;
  const CallOutcome& outcome;
  std::string_view url;
  base::Time at;                    ///< When the call ended.
  std::optional<base::Time> again;  ///< When the next one follows by itself.
};
/// For the addresses of the rule.
[[nodiscard]] mail::Mail alert_mail(const i18n::Translator& translator, const Alert& alert);

/// For the addresses of the rule: the shop answered by a redirect, and may have lost the order.
[[nodiscard]] mail::Mail doubtful_mail(const i18n::Translator& translator, const Alert& alert);

/// The name and address that the buyer knows the shop by.
struct ShopFace {
  std::string name;
  std::string url;
};
/// For the buyer, who answers to the shop's contact.
[[nodiscard]] mail::Mail buyer_ticket(const i18n::Translator& translator, const Subject& subject, const ShopFace& shop);
[[nodiscard]] mail::Mail merchant_mail(const i18n::Translator& translator, const Subject& subject);

/// What was wrong with a shop's form in PRODUCTION; `code` is the protocol's (lyra.md §1.5).
struct RefusedForm {
  std::string code;
  std::string field;
  i18n::Sentence rule;
  std::string value{};        ///< What the field held; this and what follows are shown as platform::shown_value() says.
  std::string reference{};    ///< The order's.
  std::string transaction{};  ///< As the shop calls it.
  std::string incident{};     ///< The number on the buyer's page.
};
/// For the shop's contact.
[[nodiscard]] mail::Mail form_error_mail(const i18n::Translator& translator, const merchants::Shop& shop,
                                         const RefusedForm& error, base::Time at);

/// For the shop's contact, instead of a mail for each: the shop's own forms that were refused since `since`.
[[nodiscard]] mail::Mail form_digest_mail(const i18n::Translator& translator, const merchants::Shop& shop,
                                          const std::vector<platform::TraceCount>& counts, base::Time since);

}  // namespace acquit::notifications

#include <array>

#include "notifications/impl/words.h"
#include "notifications/mails.h"

namespace acquit::notifications {
namespace {

// In the order of Failure, from timed_out on.
constexpr std::array kAnalyses{
    "mail_alert.analysis.timed_out", "mail_alert.analysis.refused",     "mail_alert.analysis.name_unknown",
    "mail_alert.analysis.tls",       "mail_alert.analysis.unreachable", "mail_alert.analysis.broken",
    "mail_alert.analysis.address",   "mail_alert.analysis.access",      "mail_alert.analysis.not_found",
    "mail_alert.analysis.redirect",  "mail_alert.analysis.request",     "mail_alert.analysis.server",
    "mail_alert.analysis.other",
};
static_assert(kAnalyses.size() == static_cast<std::size_t>(Failure::other));

std::string analysis(const Words& words, const CallOutcome& outcome) {
  const auto index = static_cast<std::size_t>(outcome.failure) - 1;
  return words(kAnalyses.at(index), {{"answers", std::string(outcome.accepted)}});
}

mail::Facts facts(const Words& words, const Alert& alert, const std::string& rule) {
  const CallOutcome& outcome = alert.outcome;
  const bool answered = outcome.http_status != 0;
  mail::Facts out;
  out.rows.emplace_back(words("mail_alert.rule"), rule);
  out.rows.emplace_back(words("mail_alert.url"), alert.url);
  out.rows.emplace_back(words("ticket.transaction"), shown_transaction(alert.subject));
  out.rows.emplace_back(words("ticket.reference"), alert.subject.payment.reference);
  out.rows.emplace_back(words("mail_alert.at"), words.date(alert.at, alert.subject.shop->shop));
  out.rows.emplace_back(words("mail_alert.duration"), std::to_string(outcome.duration.count()) + " ms");
  out.rows.emplace_back(words("mail_alert.http_code"),
                        answered ? std::to_string(outcome.http_status) : words("mail_alert.no_http_code"));
  out.rows.emplace_back(words("mail_doubtful.location"), outcome.location);
  // Without an answer it is our own words for the operator, in English; the analysis says the same to the shop.
  if (answered) out.rows.emplace_back(words("mail_alert.answer"), outcome.response);
  std::erase_if(out.rows, [](const auto& row) { return row.second.empty(); });
  return out;
}

// What the operator types, with all that it needs to know; nobody else can send a notification again.
std::string replay_command(const Subject& subject) {
  return "acquit replay-notification --shop " + base::to_string(subject.payment.shop) + " --transaction " +
         subject.transaction.id.hex();
}

}  // namespace

mail::Mail alert_mail(const i18n::Translator& translator, const Alert& alert) {
  const merchants::Shop& shop = alert.subject.shop->shop;
  const merchants::Mode mode = alert.subject.payment.mode;
  const i18n::Language language = language_of(shop.language);
  const Words words(translator, language);
  const std::string transaction = shown_transaction(alert.subject);
  mail::Body body = words.body(mode, words("mail_alert.title"));
  body.blocks = {
      mail::Paragraph{words("mail_alert.intro", {{"shop", shop.name}})},
      facts(words, alert, rule_label(translator, language, alert.series.rule)),
      mail::Heading{words("mail_alert.analysis_title")},
      mail::Paragraph{analysis(words, alert.outcome)},
      mail::Heading{words("mail_alert.consequences_title")},
      mail::Paragraph{words("mail_alert.consequences")},
      mail::Paragraph{alert.again ? words("mail_alert.again", {{"time", words.date(*alert.again, shop)}})
                                  : words("mail_alert.not_again")},
      mail::Heading{words("mail_alert.procedure_title")},
      mail::Steps{{words("mail_alert.step_mend"), words("mail_alert.step_open"),
                   words("mail_alert.step_call", {{"command", replay_command(alert.subject)}}),
                   words("mail_alert.step_check")}},
      mail::Paragraph{words("mail_common.footer")},
  };
  const std::string attempt = alert.series.attempt_name();
  return to_mail(words.subject(mode, words("mail_alert.subject",
                                           {{"shop", shop.name}, {"transaction", transaction}, {"attempt", attempt}})),
                 body);
}

mail::Mail doubtful_mail(const i18n::Translator& translator, const Alert& alert) {
  const merchants::Shop& shop = alert.subject.shop->shop;
  const merchants::Mode mode = alert.subject.payment.mode;
  const i18n::Language language = language_of(shop.language);
  const Words words(translator, language);
  mail::Body body = words.body(mode, words("mail_doubtful.title"));
  body.blocks = {
      mail::Paragraph{words("mail_doubtful.intro", {{"shop", shop.name}})},
      facts(words, alert, rule_label(translator, language, alert.series.rule)),
      mail::Heading{words("mail_alert.analysis_title")},
      mail::Paragraph{words("mail_alert.analysis.redirect")},
      mail::Heading{words("mail_alert.procedure_title")},
      mail::Steps{{words("mail_alert.step_mend"), words("mail_alert.step_open"),
                   words("mail_alert.step_call", {{"command", replay_command(alert.subject)}}),
                   words("mail_alert.step_check")}},
      mail::Paragraph{words("mail_doubtful.once")},
      mail::Paragraph{words("mail_common.footer")},
  };
  const std::string transaction = shown_transaction(alert.subject);
  return to_mail(
      words.subject(mode, words("mail_doubtful.subject", {{"shop", shop.name}, {"transaction", transaction}})), body);
}

}  // namespace acquit::notifications

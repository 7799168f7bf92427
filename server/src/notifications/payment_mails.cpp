#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/card_numbers.h"
#include "notifications/impl/words.h"
#include "notifications/mails.h"

namespace acquit::notifications {
namespace {

using payments::State;

// In the order of merchants::Rule.
constexpr std::array kRuleLabels{
    "mail_rule.end_of_payment", "mail_rule.back_office_operation", "mail_rule.batch_authorisation",
    "mail_rule.subscription",   "mail_rule.batch_change",          "mail_rule.cancellation",
};

base::Time paid_at(const Subject& subject) {
  return subject.transaction.answer.at.value_or(subject.transaction.created_at);
}

void add(mail::Facts& facts, std::string label, std::string value) {
  if (!value.empty()) facts.rows.emplace_back(std::move(label), std::move(value));
}

std::string card(const payments::Transaction& transaction) {
  return std::string(base::trim(transaction.method + " " + transaction.card.masked));
}

/// What buyer and merchant are both told.
mail::Facts payment_facts(const Words& words, const Subject& subject) {
  const payments::Transaction& transaction = subject.transaction;
  mail::Facts facts;
  add(facts, words("page.amount"), words.money(subject.payment.amount));
  if (transaction.amount != subject.payment.amount) {
    add(facts, words("mail_common.instalment"), words.money(transaction.amount));
  }
  add(facts, words("ticket.date"), words.date(paid_at(subject), subject.shop->shop));
  add(facts, words("ticket.reference"), subject.payment.reference);
  add(facts, words("ticket.transaction"), shown_transaction(subject));
  add(facts, words("ticket.card"), card(transaction));
  add(facts, words("ticket.authorisation"), transaction.answer.authorisation_code);
  return facts;
}

std::string buyer_name(const payments::Buyer& buyer) {
  return std::string(base::trim(buyer.first_name + " " + buyer.last_name));
}

}  // namespace

i18n::Language language_of(std::string_view tag) {
  return i18n::language_from_code(base::ascii_lower(tag.substr(0, 2))).value_or(i18n::Language::fr);
}

std::string rule_label(const i18n::Translator& translator, i18n::Language language, merchants::Rule rule) {
  return translator.text(language, kRuleLabels.at(static_cast<std::size_t>(rule)));
}

mail::Mail buyer_ticket(const i18n::Translator& translator, const Subject& subject, const ShopFace& shop) {
  const payments::Payment& payment = subject.payment;
  const Words words(translator, language_of(payment.language));
  const std::string& contact = subject.shop->shop.contact_email;
  mail::Body body = words.body(payment.mode, words("ticket.title"));
  mail::Facts facts;
  add(facts, words("ticket.shop"), shop.name);
  add(facts, words("mail_ticket.shop_url"), shop.url);
  std::ranges::move(payment_facts(words, subject).rows, std::back_inserter(facts.rows));
  const bool pending = subject.transaction.state == State::pending;
  body.blocks = {mail::Paragraph{words(pending ? "result.pending.note" : "result.accepted.note")}, std::move(facts)};
  if (!contact.empty()) body.blocks.emplace_back(mail::Paragraph{words("mail_ticket.contact", {{"contact", contact}})});
  if (!pending) body.blocks.emplace_back(mail::Paragraph{words("mail_ticket.keep")});
  const std::string amount = words.money(payment.amount);
  mail::Mail mail = to_mail(
      words.subject(payment.mode, words("mail_ticket.subject", {{"amount", amount}, {"shop", shop.name}})), body);
  mail.from_name = shop.name;
  mail.reply_to = contact;
  return mail;
}

mail::Mail merchant_mail(const i18n::Translator& translator, const Subject& subject) {
  const merchants::Shop& shop = subject.shop->shop;
  const payments::Payment& payment = subject.payment;
  const Words words(translator, language_of(shop.language));
  const std::string amount = words.money(payment.amount);
  const std::string transaction = shown_transaction(subject);
  mail::Body body = words.body(payment.mode, words("mail_merchant.title", {{"amount", amount}}));
  mail::Facts facts = payment_facts(words, subject);
  facts.rows.insert(facts.rows.begin(), {words("ticket.shop"), shop.name});
  add(facts, words("mail_merchant.buyer"), buyer_name(payment.buyer));
  add(facts, words("mail_merchant.buyer_email"), payment.buyer.email);
  body.blocks = {mail::Paragraph{words("mail_merchant.intro", {{"shop", shop.name}})}, std::move(facts)};
  if (subject.transaction.state == State::pending) {
    body.blocks.emplace_back(mail::Paragraph{words("mail_merchant.pending")});
  } else if (subject.transaction.capture.awaits_validation()) {
    body.blocks.emplace_back(mail::Paragraph{words("mail_merchant.validate")});
  }
  body.blocks.emplace_back(mail::Paragraph{words("mail_common.footer")});
  return to_mail(
      words.subject(payment.mode, words("mail_merchant.subject",
                                        {{"shop", shop.name}, {"transaction", transaction}, {"amount", amount}})),
      body);
}

mail::Mail form_error_mail(const i18n::Translator& translator, const merchants::Shop& shop, const RefusedForm& error,
                           base::Time at) {
  const Words words(translator, language_of(shop.language));
  mail::Body body = words.body(merchants::Mode::production, words("form_error.title"));
  mail::Facts facts;
  add(facts, words("ticket.date"), words.date(at, shop));
  add(facts, words("ticket.reference"), platform::shown_value(error.reference));
  add(facts, words("ticket.transaction"), platform::shown_value(error.transaction));
  add(facts, words("form_error.code"), error.code);
  add(facts, words("form_error.field"), error.field);
  add(facts, words("form_error.rule"),
      base::mask_card_numbers(i18n::translate(translator, language_of(shop.language), error.rule)));
  add(facts, words("form_error.value"), platform::shown_value(error.value));
  body.blocks = {mail::Paragraph{words("mail_form_error.intro", {{"shop", shop.name}})}, std::move(facts)};
  if (!error.incident.empty()) {
    body.blocks.emplace_back(mail::Paragraph{words("error_page.request", {{"id", error.incident}})});
  }
  body.blocks.emplace_back(mail::Paragraph{words("mail_form_error.advice")});
  body.blocks.emplace_back(mail::Paragraph{words("mail_common.footer")});
  return to_mail(words("mail_form_error.subject", {{"shop", shop.name}, {"code", error.code}}), body);
}

mail::Mail form_digest_mail(const i18n::Translator& translator, const merchants::Shop& shop,
                            const std::vector<platform::TraceCount>& counts, base::Time since) {
  const Words words(translator, language_of(shop.language));
  mail::Body body = words.body(merchants::Mode::production, words("form_error.title"));
  mail::Facts facts;
  std::int64_t all = 0;
  for (const platform::TraceCount& count : counts) {
    add(facts, words("form_error.code") + " " + count.code + ", " + count.field, std::to_string(count.times));
    all += count.times;
  }
  body.blocks = {
      mail::Paragraph{words("mail_form_digest.intro", {{"shop", shop.name}, {"time", words.date(since, shop)}})},
      std::move(facts), mail::Paragraph{words("mail_form_error.advice")}, mail::Paragraph{words("mail_common.footer")}};
  return to_mail(words("mail_form_digest.subject", {{"shop", shop.name}, {"count", std::to_string(all)}}), body);
}

}  // namespace acquit::notifications

#include "pages/pages.h"

#include <algorithm>
#include <utility>

#include "base/embedded.h"
#include "base/list.h"
#include "pages/assets.h"
#include "pages/impl/parts.h"
#include "platform/i18n/format.h"

ACQUIT_EMBEDDED(pages)

namespace acquit::pages {
namespace {

using base::Result;
using impl::text_or_no;
using templates::List;
using templates::Object;
using templates::Rendered;
using templates::Value;

// A page that could not be made is asked for again after so long.
constexpr int kLookAgainS = 10;
// A session is ten minutes; more would only swell the page.
constexpr int kMinutesMax = 15;

std::string_view field_name(CardField field) {
  switch (field) {
    case CardField::card_number: return "card_number";
    case CardField::expiry: return "expiry";
    case CardField::security_code: return "security_code";
    case CardField::card_holder: return "card_holder";
  }
  return "card_number";
}

std::string_view error_key(const CardError& error) {
  const bool missing = error.problem == CardProblem::missing;
  switch (error.field) {
    case CardField::card_number:
      if (error.problem == CardProblem::not_accepted) return "error.card_number.not_accepted";
      return missing ? "error.card_number.missing" : "error.card_number.invalid";
    case CardField::expiry:
      if (error.problem == CardProblem::past) return "error.expiry.past";
      return missing ? "error.expiry.missing" : "error.expiry.invalid";
    case CardField::security_code: return missing ? "error.security_code.missing" : "error.security_code.invalid";
    case CardField::card_holder: return missing ? "error.card_holder.missing" : "error.card_holder.invalid";
  }
  return "error.card_number.invalid";
}

std::string_view hint_key(SignatureHint hint) {
  switch (hint) {
    case SignatureHint::other_algorithm: return "hint.other_algorithm";
    case SignatureHint::other_mode_key: return "hint.other_mode_key";
    case SignatureHint::empty_fields: return "hint.empty_fields";
    case SignatureHint::field_order: return "hint.field_order";
    case SignatureHint::encoding: return "hint.encoding";
    case SignatureHint::html_escaped: return "hint.html_escaped";
    case SignatureHint::spaces: return "hint.spaces";
    case SignatureHint::key: return "hint.key";
  }
  return "hint.key";
}

struct OutcomeRow {
  std::string_view name;
  std::string_view title_key;
  std::string_view note_key;
  std::string_view sign;  ///< SVG path in a circle of 48.
};

OutcomeRow outcome_row(Outcome outcome) {
  switch (outcome) {
    case Outcome::accepted:
      return {"accepted", "result.accepted.title", "result.accepted.note", "M15 25l6.5 6.5 12.5-15"};
    case Outcome::refused:
      return {"refused", "result.refused.title", "result.refused.note", "M17 17l14 14M31 17L17 31"};
    case Outcome::cancelled: return {"cancelled", "result.cancelled.title", "result.cancelled.note", "M15 24h18"};
    case Outcome::pending: break;
  }
  return {"pending", "result.pending.title", "result.pending.note", "M24 14v11l7 5"};
}

std::pair<std::string_view, std::string_view> error_keys(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found: return {"error_page.not_found.title", "error_page.not_found.note"};
    case ErrorKind::busy: return {"error_page.busy.title", "error_page.busy.note"};
    case ErrorKind::bank_busy: return {"error_page.bank_busy.title", "error_page.bank_busy.note"};
    case ErrorKind::outcome_unknown: return {"error_page.unknown.title", "error_page.unknown.note"};
    case ErrorKind::failure: break;
  }
  return {"error_page.failure.title", "error_page.failure.note"};
}

Value ticket_value(const std::optional<Ticket>& ticket, i18n::Language language) {
  if (!ticket) return false;
  return Object{{"date", i18n::format_date_time(ticket->date, language, ticket->timezone)},
                {"card", text_or_no(ticket->card)},
                {"card_brand", brand_name(ticket->card_brand)},
                {"card_src", text_or_no(brand_logo(ticket->card_brand))},
                {"authorisation", text_or_no(ticket->authorisation)},
                {"transaction", text_or_no(ticket->transaction)}};
}

// The brands to choose from, or false.
Value choice_value(const CardEntryView& view) {
  if (view.choice.empty()) return false;
  List items;
  for (const auto& brand : view.choice) {
    items.emplace_back(Object{{"code", brand},
                              {"name", brand_name(brand)},
                              {"src", text_or_no(brand_logo(brand))},
                              {"checked", brand == view.chosen}});
  }
  return Object{{"items", std::move(items)}, {"none_chosen", view.chosen.empty()}};
}

// The summary on top, and one message per field: false where the field is right.
void add_card_errors(Object& data, const CardEntryView& view, const i18n::Translator& translator) {
  List items;
  for (const auto field :
       {CardField::card_number, CardField::expiry, CardField::security_code, CardField::card_holder}) {
    const std::string name(field_name(field));
    const auto found = std::ranges::find(view.errors, field, &CardError::field);
    if (found == view.errors.end()) {
      data.emplace_back(name + "_error", false);
      continue;
    }
    const auto text = translator.text(view.frame.language, error_key(*found));
    data.emplace_back(name + "_error", text);
    items.emplace_back(Object{{"field", name}, {"text", text}});
  }
  data.emplace_back("error_list", items.empty() ? Value(false) : Value(Object{{"items", std::move(items)}}));
}

Value test_card_value(const std::vector<TestCard>& cards) {
  if (cards.empty()) return false;
  List items;
  for (const auto& card : cards) {
    items.emplace_back(Object{{"id", card.id},
                              {"label", card.label},
                              {"number", card.number},
                              {"expiry", card.expiry},
                              {"security_code", card.security_code}});
  }
  return Object{{"items", std::move(items)}};
}

// The text of every minute, for the script that counts them down: "2 minutes|1 minute", the last one last.
Value time_value(const std::optional<TimeLeft>& time, const i18n::Translator& translator, i18n::Language language) {
  if (!time || time->seconds <= 0) return false;
  const int minutes = std::min((time->seconds + 59) / 60, kMinutesMax);
  std::string texts;
  for (int left = minutes; left > 0; --left) {
    base::append_part(texts, translator.plural(language, "time.left", left), "|");
  }
  return Object{{"seconds", std::to_string(time->seconds)},
                {"text", translator.plural(language, "time.left", minutes)},
                {"texts", std::move(texts)},
                {"extend_path", time->extend_url.empty() ? Value(false) : Value(impl::safe_url(time->extend_url))}};
}

Value refresh_value(std::string_view url, int delay_s) {
  return Object{{"url", impl::safe_url(url)}, {"delay_s", std::to_string(delay_s)}};
}

}  // namespace

Result<Pages> Pages::load(const i18n::Translator& translator, std::string below) {
  ACQUIT_TRY(auto templates, templates::Templates::load(embedded::pages()));
  return Pages(translator, std::move(templates), std::move(below));
}

Result<Rendered> Pages::finish(std::string_view name, const Frame& frame, Object data) const {
  // Of two equal names the later one counts: what the view says wins over these defaults.
  Object all{{"refresh", false}, {"summary", frame.amount.has_value() || !frame.reference.empty()}};
  impl::add_frame(all, frame);
  all.insert(all.end(), std::make_move_iterator(data.begin()), std::make_move_iterator(data.end()));
  impl::put_below(below_, all);
  return templates_.render(name, all, *translator_, frame.language);
}

Result<Rendered> Pages::render(const CardEntryView& view) const {
  const auto language = view.frame.language;
  Object data{{"title", translator_->text(language, "card.title")},
              {"brands", impl::brand_list(view.brands)},
              {"choice", choice_value(view)},
              {"refusal", impl::refusal_value(view.refusal, *translator_, language)},
              {"ask_holder", view.ask_holder},
              {"expiry", view.expiry},
              {"holder", view.holder},
              {"test_cards", test_card_value(view.test_cards)},
              {"time", time_value(view.time, *translator_, language)},
              {"form", impl::form_value(view.form)},
              {"cancel", impl::form_value(view.cancel)}};
  add_card_errors(data, view, *translator_);
  return finish("pay/card", view.frame, std::move(data));
}

Result<Rendered> Pages::render(const ThreedsMethodView& view) const {
  return finish("pay/threeds_method", view.frame,
                {{"title", translator_->text(view.frame.language, "threeds.title")},
                 {"method_form", impl::form_value(view.method)},
                 {"form", impl::form_value(view.next)}});
}

Result<Rendered> Pages::render(const ThreedsMethodDoneView& view) const {
  return finish("pay/threeds_method_done", {.language = view.language}, {});
}

Result<Rendered> Pages::render(const ThreedsChallengeView& view) const {
  return finish(
      "pay/threeds_challenge", view.frame,
      {{"title", translator_->text(view.frame.language, "threeds.title")},
       {"form", impl::form_value(view.form)},
       {"other_card_path", view.other_card_url.empty() ? Value(false) : Value(impl::safe_url(view.other_card_url))}});
}

Result<Rendered> Pages::render(const WaitingView& view) const {
  const auto language = view.frame.language;
  const bool bank = view.what == WaitingFor::bank;
  const auto heading = translator_->text(language, bank ? "waiting.bank.title" : "waiting.title");
  return finish("pay/waiting", view.frame,
                {{"title", heading},
                 {"heading", heading},
                 {"note", translator_->text(language, bank ? "waiting.bank.note" : "waiting.note")},
                 {"refresh", refresh_value(view.refresh_url, view.refresh_s)},
                 {"cancel", impl::form_value(view.cancel)}});
}

Result<Rendered> Pages::render(const ResultView& view) const {
  const auto language = view.frame.language;
  const auto row = outcome_row(view.outcome);
  const auto heading = translator_->text(language, row.title_key);
  return finish(
      "pay/result", view.frame,
      {{"title", heading},
       {"heading", heading},
       {"note", translator_->text(language, row.note_key)},
       {"outcome", row.name},
       {"sign", row.sign},
       {"summary", false},
       {"reason", view.reason ? Value(impl::reason_text(*view.reason, *translator_, language)) : Value(false)},
       {"bank_message", text_or_no(view.bank_message)},
       {"ticket", ticket_value(view.ticket, language)},
       {"back", impl::back_value(view.back, *translator_, language)}});
}

Result<Rendered> Pages::render(const ExpiredView& view) const {
  const auto language = view.frame.language;
  return finish("pay/expired", view.frame,
                {{"title", translator_->text(language, "expired.title")},
                 {"back", impl::back_value(view.back, *translator_, language)}});
}

Result<Rendered> Pages::render(const ReturnView& view) const {
  const auto language = view.frame.language;
  auto back = view.back;
  back.redirect_s = 0;
  return finish("pay/return", view.frame,
                {{"title", translator_->text(language, "action.back")},
                 {"summary", false},
                 {"back", impl::back_value(back, *translator_, language)}});
}

Result<Rendered> Pages::render(const FormErrorTestView& view) const {
  const auto language = view.frame.language;
  Value signature = false;
  if (view.signature) {
    List hints;
    for (const auto& sentence : view.signature->signed_otherwise)
      hints.emplace_back(i18n::translate(*translator_, language, sentence));
    for (const auto hint : view.signature->hints) hints.emplace_back(translator_->text(language, hint_key(hint)));
    signature = Object{{"algorithm", view.signature->algorithm},
                       {"signed_text", impl::visible_blanks(view.signature->signed_text)},
                       {"hints", std::move(hints)}};
  }
  return finish("pay/form_error_test", view.frame,
                {{"title", translator_->text(language, "form_error.title")},
                 {"summary", false},
                 {"code", view.code},
                 {"field", view.field},
                 {"rule", text_or_no(i18n::translate(*translator_, language, view.rule))},
                 {"value", text_or_no(impl::visible_blanks(view.value))},
                 {"signature", std::move(signature)},
                 {"back", impl::back_value(view.back, *translator_, language)}});
}

Result<Rendered> Pages::render(const FormErrorView& view) const {
  const auto language = view.frame.language;
  return finish(
      "pay/form_error", view.frame,
      {{"title", translator_->text(language, "unavailable.title")},
       {"summary", false},
       {"note", translator_->text(language, view.perhaps_paid ? "unavailable.note_used" : "unavailable.note")},
       {"contact", text_or_no(view.contact)},
       {"id", view.request_id},
       {"back", impl::back_value(view.back, *translator_, language)}});
}

Result<Rendered> Pages::render(const ErrorView& view) const {
  const auto [title_key, note_key] = error_keys(view.kind);
  const auto heading = translator_->text(view.frame.language, title_key);
  return finish(
      "pay/error", view.frame,
      {{"title", heading},
       {"summary", false},
       {"heading", heading},
       {"note", translator_->text(view.frame.language, note_key)},
       {"refresh", view.refresh_url.empty() ? Value(false) : refresh_value(view.refresh_url, kLookAgainS)},
       {"again", view.again_url.empty() ? Value(false) : Value(Object{{"url", impl::safe_url(view.again_url)}})},
       {"id", view.request_id}});
}

}  // namespace acquit::pages

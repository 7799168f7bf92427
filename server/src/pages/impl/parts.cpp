#include "pages/impl/parts.h"

#include <algorithm>
#include <array>
#include <variant>

#include "base/ascii.h"
#include "base/form_fields.h"
#include "base/utf8.h"
#include "pages/assets.h"
#include "platform/i18n/format.h"

namespace acquit::pages::impl {
namespace {

using templates::List;
using templates::Object;
using templates::Value;

std::string_view reason_key(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::generic: return "refusal.generic";
    case RefusalReason::insufficient_funds: return "refusal.insufficient_funds";
    case RefusalReason::limit_exceeded: return "refusal.limit_exceeded";
    case RefusalReason::card_expired: return "refusal.card_expired";
    case RefusalReason::card_invalid: return "refusal.card_invalid";
    case RefusalReason::security_code: return "refusal.security_code";
    case RefusalReason::card_not_accepted: return "refusal.card_not_accepted";
    case RefusalReason::not_permitted: return "refusal.not_permitted";
    case RefusalReason::authentication_failed: return "refusal.authentication_failed";
    case RefusalReason::authentication_cancelled: return "refusal.authentication_cancelled";
    case RefusalReason::contact_bank: return "refusal.contact_bank";
    case RefusalReason::card_blocked: return "refusal.card_blocked";
    case RefusalReason::amount_out_of_range: return "refusal.amount_out_of_range";
    case RefusalReason::issuer_unavailable: return "refusal.issuer_unavailable";
    case RefusalReason::card_held_back: return "refusal.card_held_back";
    case RefusalReason::address_held_back: return "refusal.address_held_back";
    case RefusalReason::shop_crowded: return "refusal.shop_crowded";
    case RefusalReason::technical: return "refusal.technical";
  }
  return "refusal.generic";
}

List hidden_list(const HiddenFields& fields) {
  List list;
  for (const auto& [name, value] : fields) list.emplace_back(Object{{"name", name}, {"value", value}});
  return list;
}

Value language_selector(const Frame& frame) {
  if (frame.languages.size() < 2 || frame.language_url.empty()) return false;
  const std::string url = safe_url(frame.language_url);
  const std::string separator = url.find('?') == std::string::npos ? "?lang=" : "&lang=";
  List items;
  for (const auto language : frame.languages) {
    items.emplace_back(Object{{"href", url + separator + std::string(i18n::code(language))},
                              {"code", i18n::code(language)},
                              {"name", i18n::native_name(language)},
                              {"current", language == frame.language}});
  }
  return Object{{"language_name", i18n::native_name(frame.language)}, {"items", std::move(items)}};
}

bool is_ours(std::string_view url) { return url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\"); }

constexpr std::array<std::string_view, 4> kAddressNames{"action", "url", "href", "src"};

bool names_address(std::string_view name) {
  return std::ranges::find(kAddressNames, name) != kAddressNames.end() || name.ends_with("_path") ||
         name.ends_with("_src");
}

void put_value_below(std::string_view path, std::string_view name, Value& value) {
  if (auto* text = std::get_if<std::string>(&value.data())) {
    if (names_address(name) && is_ours(*text)) text->insert(0, path);
  } else if (auto* list = std::get_if<List>(&value.data())) {
    for (Value& item : *list) put_value_below(path, {}, item);
  } else if (auto* object = std::get_if<Object>(&value.data())) {
    put_below(path, *object);
  }
}

// A GET form drops the query of its address: its parameters become fields, before ours.
HiddenFields get_fields(std::string_view url, const HiddenFields& fields) {
  HiddenFields all;
  const auto query = url.find('?');
  if (query != std::string_view::npos) {
    const auto end = url.find('#', query);
    all = base::parse_form(url.substr(query + 1, end == std::string_view::npos ? end : end - query - 1))
              .value_or(HiddenFields());
  }
  all.insert(all.end(), fields.begin(), fields.end());
  return all;
}

}  // namespace

std::string safe_url(std::string_view url) {
  const auto scheme = base::ascii_lower(url.substr(0, 8));
  if (is_ours(url) || scheme.starts_with("https://") || scheme.starts_with("http://")) return std::string(url);
  return "about:blank";
}

std::string visible_blanks(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Between words, or between a value and the next, one blank is seen well enough.
    const bool at_edge = i == 0 || i + 1 == text.size() || text[i - 1] == '+' || text[i + 1] == '+' ||
                         text[i - 1] == ' ' || text[i + 1] == ' ';
    if (text[i] == ' ' && at_edge) {
      out += "\u2423";
    } else if (text[i] == '\t') {
      out += "\u21E5";
    } else if (text[i] == '\r') {
      out += "\u240D";
    } else if (text[i] == '\n') {
      out += "\u240A";
    } else if (text.substr(i).starts_with("\u00A0")) {
      out += "\u237D";
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

Value text_or_no(std::string_view text) {
  if (text.empty()) return false;
  return text;
}

void add_frame(Object& data, const Frame& frame) {
  const auto& css = asset("pay.css");
  const auto& js = asset("pay.js");
  data.insert(data.end(),
              {{"lang", i18n::code(frame.language)},
               {"shop", text_or_no(frame.shop_name)},
               {"shop_initial", base::utf8_prefix(frame.shop_name, 1)},
               {"amount", frame.amount ? Value(i18n::format_money(*frame.amount, frame.language)) : Value(false)},
               {"reference", text_or_no(frame.reference)},
               {"test", frame.test},
               {"embedded", frame.embedded},
               {"simplified", frame.simplified},
               {"languages", language_selector(frame)},
               {"icon_path", asset("icon.svg").path},
               {"css_path", css.path},
               {"css_integrity", css.integrity},
               {"js_path", js.path},
               {"js_integrity", js.integrity}});
}

void put_below(std::string_view path, Object& data) {
  if (path.empty()) return;
  for (auto& [name, value] : data) put_value_below(path, name, value);
}

Value form_value(const PostForm& form) {
  return Object{{"action", safe_url(form.action)}, {"hidden", hidden_list(form.hidden)}};
}

Value form_value(const std::optional<PostForm>& form) {
  if (!form) return false;
  return form_value(*form);
}

Value back_value(const std::optional<ReturnForm>& back, const i18n::Translator& translator, i18n::Language language) {
  if (!back) return false;
  const auto url = safe_url(back->url);
  const bool wait = back->redirect_s.value_or(0) > 0;
  const auto message =
      back->redirect_message.empty() ? translator.text(language, "redirect.message") : back->redirect_message;
  return Object{{"method", back->post ? "post" : "get"},
                {"action", back->post ? url : url.substr(0, url.find('?'))},
                {"hidden", hidden_list(back->post ? back->fields : get_fields(url, back->fields))},
                {"delay", back->redirect_s ? Value(std::to_string(*back->redirect_s)) : Value(false)},
                {"message", wait ? Value(message) : Value(false)}};
}

Value refusal_value(const std::optional<Refusal>& refusal, const i18n::Translator& translator,
                    i18n::Language language) {
  if (!refusal) return false;
  Value attempts = false;
  if (refusal->attempts_left) attempts = translator.plural(language, "card.attempts_left", *refusal->attempts_left);
  Value again = false;
  if (refusal->again_in_minutes) again = translator.plural(language, "refusal.again_in", *refusal->again_in_minutes);
  // These reasons already say what to do.
  const bool says_so = refusal->again_in_minutes || refusal->reason == RefusalReason::issuer_unavailable ||
                       refusal->reason == RefusalReason::contact_bank;
  return Object{{"reason", reason_text(refusal->reason, translator, language)},
                {"retry", !says_so},
                {"again", std::move(again)},
                {"bank_message", text_or_no(refusal->bank_message)},
                {"attempts", std::move(attempts)}};
}

std::string reason_text(RefusalReason reason, const i18n::Translator& translator, i18n::Language language) {
  return translator.text(language, reason_key(reason));
}

List brand_list(const std::vector<std::string>& brands) {
  List list;
  for (const auto& brand : brands) {
    list.emplace_back(Object{{"code", brand}, {"name", brand_name(brand)}, {"src", text_or_no(brand_logo(brand))}});
  }
  return list;
}

}  // namespace acquit::pages::impl

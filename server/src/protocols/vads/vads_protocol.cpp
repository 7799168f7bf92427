#include "protocols/vads/vads_protocol.h"

#include <algorithm>

#include "base/number.h"
#include "base/utf8.h"
#include "http/web_address.h"
#include "protocols/vads/answer.h"
#include "protocols/vads/card_data.h"
#include "protocols/vads/fields.h"
#include "protocols/vads/form_door.h"
#include "protocols/vads/form_errors.h"
#include "protocols/vads/notification.h"
#include "protocols/vads/return_room.h"

namespace acquit::vads {
namespace {

Form sent_form(const notifications::Subject& subject) {
  return {.fields = base::parse_form(subject.payment.protocol_fields).value_or(base::FormFields{}), .signature = {}};
}

std::string first_of(std::string_view wish, const std::string& otherwise) {
  return wish.empty() ? otherwise : std::string(wish);
}

// The address for this result, else the general one, else the shop's home page (lyra.md §1.4).
std::string return_url(const Form& form, const notifications::Subject& subject) {
  const std::string_view result = result_code(subject.transaction);
  std::string_view wish;
  if (result == "00") wish = form.get("vads_url_success");
  // "Contact your bank" has an address of its own, made for it.
  if (result == "05" && subject.transaction.answer.response_code == "02") wish = form.get("vads_url_referral");
  if (result == "05" && wish.empty()) wish = form.get("vads_url_refused");
  if (result == "17") wish = form.get("vads_url_cancel");
  if (result == "96") wish = form.get("vads_url_error");
  if (wish.empty()) wish = form.get("vads_url_return");
  return first_of(wish, first_of(form.get("vads_shop_url"), subject.shop->shop.url));
}

// What a wrong form says of itself, as far as that part of it is right.
std::string_view right_value(const Form& form, std::string_view name) {
  const std::string_view value = form.get(name);
  return check_field(*find_rule(name), value) || shows_card_number(form, name, value) ? std::string_view() : value;
}

std::string error_url(const Form& form, const merchants::Shop& shop) {
  for (const std::string_view name : {"vads_url_error", "vads_url_return", "vads_shop_url"}) {
    if (const std::string_view url = right_value(form, name); !url.empty()) return std::string(url);
  }
  return shop.url;
}

enum class ReturnMode : std::uint8_t { none, get, post };

ReturnMode mode_named(std::string_view mode) {
  if (mode == "GET") return ReturnMode::get;
  if (mode == "POST") return ReturnMode::post;
  return ReturnMode::none;
}

// The shop's own parameters, none of which may pass for a word of ours.
base::FormFields own_parameters(ReturnMode mode, std::string_view get, std::string_view post) {
  base::FormFields own;
  const auto sent = base::parse_form(mode == ReturnMode::get ? get : post);
  for (const auto& [name, value] : sent.value_or(base::FormFields{})) {
    if (name != "signature" && !name.starts_with("vads_"))
      own.emplace_back(base::valid_utf8(name), base::valid_utf8(value));
  }
  return own;
}

// What an answer may take up beside the address and the parameters that go with it; a form that is posted has no limit.
std::size_t room_for_answer(const pages::ReturnForm& back, const base::FormFields& own) {
  if (back.post) return kNoLimit;
  const std::size_t taken = back.url.size() + base::form_size(own) + 2;
  return kReturnMax - std::min(kReturnMax, taken);
}

void append(base::FormFields& fields, const base::FormFields& more) {
  fields.insert(fields.end(), more.begin(), more.end());
}

}  // namespace

pages::ReturnForm return_from_bad_form(const Form& form, const merchants::ShopConfig& shop, merchants::Mode mode,
                                       const FormError& error) {
  // Signed by nobody that we know: neither are its addresses followed nor is anything of it signed.
  if (!error.is_signed) return {.url = http::sent_address(shop.shop.url)};
  const ReturnMode way = mode_named(first_of(right_value(form, "vads_return_mode"), shop.shop.return_mode));
  pages::ReturnForm back{.post = way == ReturnMode::post, .url = http::sent_address(error_url(form, shop.shop))};
  if (way == ReturnMode::none) return back;
  const base::FormFields own =
      own_parameters(way, right_value(form, "vads_return_get_params"), right_value(form, "vads_return_post_params"));
  back.fields = rejection_fields(form, shop, mode, error, room_for_answer(back, own));
  append(back.fields, own);
  return back;
}

std::vector<http::ListedRoute> VadsProtocol::routes() const { return FormDoor::routes().list(); }

void VadsProtocol::add_routes(http::Router& router, const protocols::Surroundings& surroundings) const {
  FormDoor::routes().mount(router, std::make_shared<FormDoor>(*this, surroundings));
}

base::Result<notifications::Call> VadsProtocol::call(const notifications::Occasion& occasion) const {
  return notification(occasion);
}

std::string VadsProtocol::shop_name(const notifications::Subject& subject) const {
  return first_of(base::valid_utf8(sent_form(subject).get("vads_shop_name")), subject.shop->shop.name);
}

std::string VadsProtocol::shop_url(const notifications::Subject& subject) const {
  return http::sent_address(first_of(sent_form(subject).get("vads_shop_url"), subject.shop->shop.url));
}

protocols::PageSettings VadsProtocol::page_settings(const notifications::Subject& subject) const {
  const Form form = sent_form(subject);
  protocols::PageSettings settings{.shop_name = shop_name(subject), .shop_url = shop_url(subject), .languages = {}};
  const std::string languages = first_of(form.get("vads_available_languages"), subject.shop->shop.available_languages);
  for (const std::string_view tag : list_elements(languages)) {
    if (const auto known = i18n::language_of_tag(tag)) settings.languages.emplace_back(i18n::code(*known));
  }
  settings.framed = form.get("vads_action_mode") == "IFRAME";
  settings.simplified = form.get("vads_theme_config").find("SIMPLIFIED_DISPLAY=true") != std::string_view::npos;
  return settings;
}

pages::ReturnForm VadsProtocol::return_form(const notifications::Subject& subject) const {
  const Form form = sent_form(subject);
  const ReturnMode way = mode_named(first_of(form.get("vads_return_mode"), subject.shop->shop.return_mode));
  const bool success = result_code(subject.transaction) == "00";
  pages::ReturnForm back{
      .post = way == ReturnMode::post,
      .url = http::sent_address(return_url(form, subject)),
      .redirect_s =
          base::parse_int<int>(form.get(success ? "vads_redirect_success_timeout" : "vads_redirect_error_timeout")),
      .redirect_message =
          base::valid_utf8(form.get(success ? "vads_redirect_success_message" : "vads_redirect_error_message"))};
  if (way == ReturnMode::none) return back;
  const base::FormFields own =
      own_parameters(way, form.get("vads_return_get_params"), form.get("vads_return_post_params"));
  back.fields = answer_fields(subject, {}, room_for_answer(back, own));
  append(back.fields, own);
  return back;
}

}  // namespace acquit::vads

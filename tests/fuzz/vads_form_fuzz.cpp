// Vads forms as the open network sends them: whatever comes, reading and checking end in a form error or in a payment
// whose every field keeps its rule. The first byte says whether the fields are signed as the shop would.
//
// Links: vads
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/card_numbers.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "http/form.h"
#include "protocols/vads/fields.h"
#include "protocols/vads/form.h"
#include "protocols/vads/sample_form.h"
#include "protocols/vads/signature.h"
#include "protocols/vads/vads_protocol.h"

namespace {

using namespace acquit;

void must(bool right) {
  if (!right) std::abort();
}

const merchants::ShopConfig& shop() {
  static const merchants::ShopConfig kShop = [] {
    merchants::ShopConfig config;
    config.shop.id = base::ShopId(69876357);
    config.shop.silent_allowed = true;
    config.shop.frame_ancestors = "https://shop.example";
    config.keys =
        merchants::both_keys(vads::kFormKey, base::SecretKey("1122334455667788"), base::SecretKey("8877665544332211"));
    return config;
  }();
  return kShop;
}

void check_error(const vads::FormError& error) {
  must(!error.rule.empty() && !error.field.empty() && error.code >= 0);
  must(base::is_valid_utf8(error.field) && base::is_valid_utf8(error.value) && base::is_valid_utf8(error.signed_text));
  must(!base::contains_card_number(error.value) && !base::contains_card_number(error.field));
}

void check_accepted(const vads::Form& form, const vads::CheckedForm& checked) {
  for (const auto& [name, value] : form.fields) {
    const vads::FieldRule* rule = vads::find_rule(name);
    must(base::is_valid_utf8(name));
    must(rule == nullptr || !vads::check_field(*rule, base::valid_utf8(value)));
  }
  // What goes into the database has to be text.
  const payments::NewPayment& payment = checked.payment;
  const payments::Buyer& buyer = payment.buyer;
  for (const std::string& text :
       {payment.key, payment.reference, payment.language, payment.protocol_fields, buyer.email, buyer.first_name,
        buyer.last_name, buyer.phone, buyer.address, buyer.city, buyer.reference, buyer.shipping_address,
        checked.authentication.cavv, checked.authentication.ds_transaction_id}) {
    must(base::is_valid_utf8(text) && text.find('\0') == std::string::npos);
  }
  for (const vads::FieldRule& rule : vads::field_rules()) must(!rule.required || !form.get(rule.name).empty());
  must(checked.payment.amount.minor() > 0);
  must(checked.payment.key.size() == std::string_view("067925/2026-12-31").size());
  must(checked.card.has_value() == (checked.action_mode == "SILENT"));
  const auto kept = base::parse_form(checked.payment.protocol_fields);
  must(kept.has_value());
  for (const auto& [name, value] : *kept) must(name != "vads_card_number" && name != "vads_cvv");
}

// Nothing is signed for strangers, and no card goes back to anybody.
void check_way_back(const vads::Form& form, merchants::Mode mode, const vads::FormError& error) {
  const auto target = vads::return_from_bad_form(form, shop(), mode, error);
  must(error.is_signed || target.fields.empty());
  for (const auto& [name, value] : target.fields)
    must(name != "vads_cvv" && (name != "vads_card_number" || value.empty()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool sign_it = data[0] % 2 == 0;
  const std::string_view body(reinterpret_cast<const char*>(data + 1), size - 1);
  const bool parts = body.starts_with("--b\r\n");
  auto form = vads::read_form(http::form_of(
      {.method = http::Method::post,
       .path = "/",
       .headers = {{"content-type", parts ? "multipart/form-data; boundary=b" : "application/x-www-form-urlencoded"}},
       .body = std::string(body)}));
  if (!form) {
    check_error(form.error());
    return 0;
  }
  if (const auto number = vads::shop_of(*form); !number) check_error(number.error());
  const auto mode = vads::mode_of(*form);
  if (!mode) {
    check_error(mode.error());
    return 0;
  }
  if (sign_it) form->signature = vads::sign(form->fields, vads::form_key(shop(), *mode), shop().shop.algorithm);
  const auto checked = vads::testing::check_form(*form, shop(), *mode, base::time_from_ms(1'700'000'000'000));
  if (checked) {
    check_accepted(*form, *checked);
  } else {
    check_error(checked.error());
    check_way_back(*form, *mode, checked.error());
  }
  return 0;
}

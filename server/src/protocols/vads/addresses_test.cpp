// Every address of a form keeps one rule, and what it takes can be written into a header.
#include <gtest/gtest.h>

#include <algorithm>

#include "http/web_address.h"
#include "protocols/vads/fields.h"
#include "protocols/vads/form.h"
#include "protocols/vads/sample_payments.h"
#include "protocols/vads/vads_protocol.h"

namespace acquit::vads {
namespace {

std::expected<CheckedForm, FormError> check_with(std::string_view field, const std::string& address) {
  base::FormFields fields = testing::good_fields();
  testing::set(fields, field, address);
  return testing::check_form(*read_form(*base::parse_form(testing::signed_body(fields))), testing::sample_shop(),
                             merchants::Mode::test, base::ManualClock().now());
}

std::vector<const FieldRule*> address_rules() {
  std::vector<const FieldRule*> out;
  for (const FieldRule& rule : field_rules()) {
    if (rule.format == Format::web_address) out.push_back(&rule);
  }
  return out;
}

TEST(Addresses, OfEveryFieldAreRefusedWithWhatOnlyAnInjectionHolds) {
  EXPECT_GE(address_rules().size(), 9U);
  for (const FieldRule* rule : address_rules()) {
    for (int byte = 0; byte <= 0x7F; ++byte) {
      const auto c = static_cast<char>(byte);
      if (byte >= 0x20 && byte != 0x7F && !std::string_view("<>\"\\`").contains(c)) continue;
      for (const std::string& address : {"https://shop.example/a" + std::string(1, c) + "b",
                                         "https://shop.example/" + std::string(1, c), c + std::string("https://a/")}) {
        const auto checked = check_with(rule->name, address);
        ASSERT_FALSE(checked) << rule->name << " with byte " << byte;
        EXPECT_EQ(checked.error().code, rule->error) << rule->name << " with byte " << byte;
        EXPECT_EQ(checked.error().field, rule->name);
      }
    }
  }
}

TEST(Addresses, InOtherLettersGoOutAsBrowsersSendThem) {
  const std::pair<std::string, std::string> rows[] = {
      {"https://shop.example/r\u00e9sultat?q=\u00fc#\u65e5", "https://shop.example/r%C3%A9sultat?q=%C3%BC#%E6%97%A5"},
      {"https://shop.example/caf\xE9", "https://shop.example/caf%E9"},
      {"https://shop.example/\xC2\x85", "https://shop.example/%C2%85"},
      {"HTTPS://Shop.Example/x?a=%0D", "HTTPS://Shop.Example/x?a=%0D"},
      {" https://shop.example/order done?state={ok}|1 ", "https://shop.example/order%20done?state=%7Bok%7D%7C1"},
      {"https://boutiqu\u00e9.example/\u00e9", "https://xn--boutiqu-hya.example/%C3%A9"},
  };
  for (const auto& [given, sent] : rows) {
    for (const FieldRule* rule : address_rules()) EXPECT_TRUE(check_with(rule->name, given)) << rule->name << given;
    EXPECT_EQ(check_with("vads_url_check", given)->payment.notification_url, sent);
    for (const std::string mode : {"GET", "POST", "NONE"}) {
      auto visited = testing::subject(testing::State::authorised);
      visited.payment.protocol_fields = base::to_form({{"vads_url_success", given}, {"vads_return_mode", mode}});
      EXPECT_EQ(VadsProtocol().return_form(visited).url, sent);
      visited.payment.protocol_fields = base::to_form({{"vads_shop_url", given}});
      EXPECT_EQ(VadsProtocol().shop_url(visited), sent);
    }
    FormError error{.code = 9, .field = "vads_amount"};
    error.is_signed = true;
    EXPECT_EQ(return_from_bad_form({.fields = {{"vads_url_error", given}}, .signature = {}}, testing::sample_shop(),
                                   merchants::Mode::test, error)
                  .url,
              sent);
  }
}

}  // namespace
}  // namespace acquit::vads

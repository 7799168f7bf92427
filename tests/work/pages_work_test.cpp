// The same for what the buyer's pages show and read, and for what goes to issuers and back to shops: a form at its
// limits is shown, sent on and answered in steps in proportion to its size.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/form_fields.h"
#include "base/percent.h"
#include "connectors/threeds/areq.h"
#include "connectors/threeds/forms.h"
#include "connectors/threeds/message.h"
#include "pages/pages.h"
#include "pages/sample_views.h"
#include "payments/nouns/card.h"
#include "payments/nouns/phone.h"
#include "payments/nouns/typed_text.h"
#include "platform/i18n/translator.h"
#include "protocols/vads/answer.h"
#include "protocols/vads/return_room.h"
#include "protocols/vads/sample_payments.h"
#include "work/bounds.h"

namespace acquit::work {
namespace {

// Every page, each of its texts from outside of the largest size that a form has; a page shows some of them.
TEST(Work, OnPagesIsLinear) {
  const auto translator = i18n::Translator::load().value();
  const auto pages = pages::Pages::load(translator).value();
  constexpr std::size_t kTextMax = 64U << 10U;
  for (const pages::Sample& sample : pages::sample_views()) {
    expect_bounded("the page " + sample.name, kTextMax, [&](const std::string& text) {
      for (const pages::Sample& same : pages::sample_views(text)) {
        if (same.name == sample.name) (void)same.render(pages, i18n::Language::fr);
      }
    });
  }
}

TEST(Work, OnTypedCardsIsLinear) {
  expect_bounded("what a buyer typed", kBodyMax, [](const std::string& text) {
    (void)payments::plain_text(text);
    (void)payments::typed_digits(text);
    (void)payments::split_expiry(text);
    (void)payments::typed_name(text);
  });
  expect_bounded("a card", kBodyMax / 4, [](const std::string& text) {
    auto [month, year] = payments::split_expiry(text);
    (void)payments::check_card({.number = base::Pan(payments::typed_digits(text)),
                                .expiry_month = std::move(month),
                                .expiry_year = std::move(year),
                                .security_code = base::SecurityCode(payments::typed_digits(text)),
                                .holder = payments::typed_name(text),
                                .method = text},
                               base::time_from_ms(1'700'000'000'000));
    (void)payments::brands_of(text);
  });
  expect_bounded("a telephone number", kBodyMax, [](const std::string& text) {
    (void)payments::phone_of(text, "FR");
    (void)payments::phone_of("+33" + text, "");
  });
}

std::string base64url(const std::string& text) { return base::to_base64url(base::as_bytes(text)); }

std::vector<std::string> encoded(const std::string& text) {
  return {text,
          base64url(text),
          base::to_base64(base::as_bytes(text)),
          base::percent_encode(text),
          base64url(R"({"messageType":"CRes","messageVersion":"2.2.0","transStatus":")" + text + "\"}"),
          base64url(R"({"threeDSServerTransID":")" + text + "\"}"),
          base64url("{" + text + "}")};
}

TEST(Work, OnWhatABrowserBringsFromTheIssuerIsLinear) {
  expect_bounded("fields of 3-D Secure", kBodyMax / 4, [](const std::string& text) {
    for (const std::string& field : encoded(text)) {
      (void)threeds::decode_method_data(field);
      (void)threeds::decode_cres(field);
      (void)threeds::decode_session(field);
      (void)threeds::decode_form_value(field);
    }
  });
}

TEST(Work, OnWhatADirectorySendsIsLinear) {
  const std::string head = R"({"messageType":"RReq","messageVersion":"2.2.0","threeDSServerTransID":)";
  expect_bounded("an RReq", kBodyMax, [&](const std::string& text) {
    for (const std::string& message :
         {head + "\"" + text + "\"}", head + text + "}", head + R"("x","messageExtension":[)" + text,
          head + R"("x","messageExtension":[{"id":")" + text + R"("}]})"})
      (void)threeds::parse_message(message, {threeds::MessageType::rreq});
  });
}

threeds::AuthenticationRequest areq_of(const std::string& text) {
  const threeds::Address address{
      .line1 = text, .line2 = text, .line3 = text, .post_code = text, .city = text, .state = text};
  const threeds::Phone phone{.country_code = "33", .subscriber = text};
  return {
      .server_transaction_id = "5201a899-749a-4300-841b-24a870565b51",
      .requestor = {.id = "69876357", .name = text, .url = "https://shop.example"},
      .merchant = {.acquirer_bin = "400551",
                   .acquirer_merchant_id = "1697368395",
                   .name = text,
                   .category_code = "5411",
                   .country = 250},
      .card = {.pan = base::Pan("4970100000000055"), .expiry_year = 2028, .expiry_month = 6, .holder = text},
      .amount = base::Money(1230, *base::Currency::from_code("EUR")),
      .purchase_time = base::time_from_ms(1'767'323'045'678),
      .browser = {.accept_header = text, .ip = "192.0.2.1", .language = text, .user_agent = text, .javascript = true},
      .notification_url = "https://pay.example/3ds/back/abc",
      .results_url = "https://pay.example/3ds/results/12345678/abc",
      .buyer = {.email = "a@" + text,
                .mobile_phone = phone,
                .home_phone = phone,
                .work_phone = phone,
                .billing = address,
                .shipping = address}};
}

TEST(Work, OnWhatIssuersAreToldIsLinear) {
  expect_bounded("an AReq", kBodyMax / 16, [](const std::string& text) {
    (void)threeds::build_areq(areq_of(text), {.reference_number = "REF", .operator_id = "10075020"});
  });
}

// The form's own fields go back: one of the largest size, and as many as a form may have.
TEST(Work, OnAnswersToShopsIsLinear) {
  const auto answered = [](const base::FormFields& more) {
    for (const std::size_t room : {vads::kNoLimit, vads::kReturnMax}) {
      notifications::Subject subject = vads::testing::subject(payments::State::authorised);
      base::FormFields sent = vads::testing::sent_fields();
      sent.insert(sent.end(), more.begin(), more.end());
      subject.payment.protocol_fields = base::to_form(sent);
      (void)vads::answer_fields(subject, room == vads::kNoLimit ? "PAY" : "", room);
    }
  };
  expect_bounded("an answer with a large field", kBodyMax / 4, [&](const std::string& text) {
    answered({{"vads_order_info", text}, {"vads_product_label0", text}});
  });
  for (const std::string name :
       {"vads_product_label", "vads_cust_x", "vads_ship_to_x", "vads_ext_info_", "vads_unheard_of"}) {
    expect_bounded("an answer with many fields " + name, kBodyMax / 4, [&](const std::string& text) {
      base::FormFields many;
      for (int i = 0; i < 900; ++i) many.emplace_back(name + std::to_string(i), text.substr(0, 70));
      answered(many);
    });
  }
}

}  // namespace
}  // namespace acquit::work

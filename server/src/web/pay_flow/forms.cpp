#include "web/pay_flow/forms.h"

namespace acquit::web {

const http::Spec<CardForm>& CardForm::spec() {
  static const http::Spec<CardForm> kSpec =
      http::Spec<CardForm>()
          .add("mode", &CardForm::mode, {.about = "TEST or PRODUCTION, as the page showed it"})
          .add("card_number", &CardForm::number, {.about = "As it was typed"})
          .add("expiry", &CardForm::expiry, {.about = "Month and year, as they were typed"})
          .add("security_code", &CardForm::security_code)
          .add("card_holder", &CardForm::holder)
          .add("brand", &CardForm::brand, {.about = "The one that the buyer chose, where a card has two"})
          .add("test_card", &CardForm::test_card, {.about = "In TEST: a card of the list, without scripts"})
          .add("browser_js", &CardForm::javascript, {.lenient = true})
          .add("browser_java", &CardForm::java, {.lenient = true})
          .add("browser_language", &CardForm::language)
          .add("browser_color_depth", &CardForm::color_depth, {.lenient = true})
          .add("browser_screen_width", &CardForm::screen_width, {.lenient = true})
          .add("browser_screen_height", &CardForm::screen_height, {.lenient = true})
          .add("browser_tz", &CardForm::utc_offset_minutes, {.about = "Minutes from UTC", .lenient = true});
  return kSpec;
}

const http::Spec<AfterMethodForm>& AfterMethodForm::spec() {
  static const http::Spec<AfterMethodForm> kSpec =
      http::Spec<AfterMethodForm>()
          .add("token", &AfterMethodForm::token, {.about = "Of the step, from the page"})
          .add("method_completed", &AfterMethodForm::completed,
               {.about = "Whether the bank's page was done in time", .lenient = true});
  return kSpec;
}

const http::Spec<MethodForm>& MethodForm::spec() {
  static const http::Spec<MethodForm> kSpec = http::Spec<MethodForm>().add(
      "threeDSMethodData", &MethodForm::data, {.about = "EMV 3-D Secure, 3DS Method Notification", .required = true});
  return kSpec;
}

const http::Spec<ChallengeForm>& ChallengeForm::spec() {
  static const http::Spec<ChallengeForm> kSpec =
      http::Spec<ChallengeForm>()
          .add("threeDSSessionData", &ChallengeForm::session, {.about = "The token of the step", .required = true})
          .add("cres", &ChallengeForm::result, {.about = "EMV 3-D Secure, Challenge Response"});
  return kSpec;
}

}  // namespace acquit::web

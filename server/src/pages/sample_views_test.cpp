#include "pages/sample_views.h"

#include <utility>

namespace acquit::pages {
namespace {

// Makes the views; `x` is what every text from outside ends with.
struct Samples {
  std::string x;

  [[nodiscard]] Frame frame(i18n::Language language) const {
    const auto all = i18n::all_languages();
    return {.language = language,
            .languages = {all.begin(), all.end()},
            .language_url = "/pay/k7Qm2",
            .shop_name = "Librairie des Alpes" + x,
            .amount = base::Money(5124, base::Currency::from_code("EUR").value()),
            .reference = "CMD-2026-0412" + x,
            .test = true,
            .embedded = false,
            .simplified = false};
  }

  [[nodiscard]] PostForm form(const std::string& action) const {
    return {.action = action, .hidden = {{"step", "3f9c" + x}}};
  }

  [[nodiscard]] ReturnForm back() const {
    return {.post = false,
            .url = "https://shop.example/retour?route=a/b",
            .fields = {{"vads_result", "00" + x}},
            .redirect_s = std::nullopt,
            .redirect_message = {}};
  }

  [[nodiscard]] CardEntryView card(i18n::Language language) const {
    return {.frame = frame(language),
            .brands = {"CB", "VISA", "MASTERCARD", "MAESTRO", "VISA_ELECTRON", "AMEX"},
            .choice = {"CB", "VISA", "MASTERCARD"},
            .chosen = "VISA",
            .refusal = std::nullopt,
            .errors = {},
            .ask_holder = true,
            .expiry = {},
            .holder = {},
            .test_cards = {{.id = "1",
                            .label = "Visa 4970 1000 0000 0055 – acceptée" + x,
                            .number = "4970100000000055",
                            .expiry = "12/30",
                            .security_code = "123"},
                           {.id = "2",
                            .label = "Visa 4970 1100 0000 1003 – 3-D Secure",
                            .number = "4970110000001003",
                            .expiry = "12/30",
                            .security_code = "123"}},
            .time = TimeLeft{.seconds = 600, .extend_url = "/pay/k7Qm2/extend"},
            .form = form("/pay/k7Qm2/card"),
            .cancel = form("/pay/k7Qm2/cancel")};
  }

  [[nodiscard]] CardEntryView card_with_errors(i18n::Language language) const {
    auto view = card(language);
    view.frame.test = false;
    view.test_cards.clear();
    view.errors = {{CardField::card_number, CardProblem::invalid},
                   {CardField::expiry, CardProblem::past},
                   {CardField::security_code, CardProblem::missing},
                   {CardField::card_holder, CardProblem::missing}};
    view.expiry = "01/20" + x;
    view.holder = x;
    return view;
  }

  [[nodiscard]] CardEntryView card_refused(i18n::Language language) const {
    auto view = card(language);
    view.frame.test = false;
    view.test_cards.clear();
    view.refusal = {.reason = RefusalReason::insufficient_funds,
                    .attempts_left = 2,
                    .bank_message = "Appelez le 01 23 45 67 89." + x};
    view.brands.emplace_back("JCB" + x);
    return view;
  }

  // No amount (a card is only checked), no holder, inside a frame of the shop.
  [[nodiscard]] CardEntryView card_bare(i18n::Language language) const {
    auto view = card(language);
    view.frame.amount.reset();
    view.frame.embedded = true;
    view.frame.simplified = true;
    view.frame.languages.clear();
    view.ask_holder = false;
    view.cancel.reset();
    view.time = TimeLeft{.seconds = 61, .extend_url = {}};
    view.errors = {{CardField::card_number, CardProblem::not_accepted}};
    return view;
  }

  [[nodiscard]] ResultView result(i18n::Language language, Outcome outcome) const {
    const bool accepted = outcome == Outcome::accepted;
    const Ticket ticket{.date = base::time_from_ms(1'795'305'420'000),
                        .timezone = "Europe/Paris",
                        .card_brand = accepted ? "VISA" : "JCB" + x,
                        .card = "497010XXXXXX0055" + x,
                        .authorisation = accepted ? "3fe41a" + x : "",
                        .transaction = "8f1c2d3e4b5a69788796a5b4c3d2e1f0" + x};
    auto way = back();
    if (accepted) {
      way.post = true;
      way.redirect_s = 5;
    }
    const bool refused = outcome == Outcome::refused;
    const bool has_ticket = accepted || refused;
    return {.frame = frame(language),
            .outcome = outcome,
            .reason = refused ? std::optional(RefusalReason::authentication_failed) : std::nullopt,
            .bank_message = refused ? "Appelez le 01 23 45 67 89." + x : "",
            .ticket = has_ticket ? std::optional(ticket) : std::nullopt,
            .back = way};
  }

  [[nodiscard]] WaitingView waiting(i18n::Language language, WaitingFor what) const {
    WaitingView view{.frame = frame(language), .what = what, .refresh_url = "/pay/k7Qm2" + x, .refresh_s = 3};
    if (what == WaitingFor::bank) view.cancel = form("/pay/k7Qm2/cancel");
    return view;
  }

  [[nodiscard]] ErrorView error(Frame around, ErrorKind kind) const {
    ErrorView view{.frame = std::move(around), .kind = kind, .request_id = "r-58f0" + x};
    if (kind == ErrorKind::outcome_unknown) view.refresh_url = "/pay/k7Qm2" + x;
    if (kind == ErrorKind::bank_busy) view.again_url = "/pay/k7Qm2" + x;
    return view;
  }

  [[nodiscard]] FormErrorTestView signature_error(i18n::Language language) const {
    return {.frame = frame(language),
            .code = "00",
            .field = "signature",
            .rule = {},
            .value = "ycA5Do5tNvsnKdc/eP1bj2xa19z9q3iWPy9/rpesfS0=" + x,
            .signature = SignatureDetails{.algorithm = "HMAC-SHA-256",
                                          .signed_text = "INTERACTIVE+5124+TEST+978+PAYMENT+SINGLE+12345678+"
                                                         "20170129130025+123456+V2" +
                                                         x,
                                          .hints = {SignatureHint::other_algorithm, SignatureHint::other_mode_key,
                                                    SignatureHint::empty_fields, SignatureHint::field_order,
                                                    SignatureHint::encoding, SignatureHint::html_escaped,
                                                    SignatureHint::spaces, SignatureHint::key}},
            .back = std::nullopt};
  }
};

}  // namespace

std::vector<Sample> sample_views(const std::string& inserted) {
  const Samples s{.x = inserted};
  using L = i18n::Language;
  const auto sample = [](std::string name, auto make) {
    return Sample{.name = std::move(name),
                  .render = [make](const Pages& pages, L language) { return pages.render(make(language)); }};
  };
  return {
      sample("card", [=](L l) { return s.card(l); }),
      sample("card_errors", [=](L l) { return s.card_with_errors(l); }),
      sample("card_refused", [=](L l) { return s.card_refused(l); }),
      sample("card_bare", [=](L l) { return s.card_bare(l); }),
      sample("threeds_method",
             [=](L l) {
               return ThreedsMethodView{
                   .frame = s.frame(l),
                   .method = {.action = "https://acs.example/method", .hidden = {{"threeDSMethodData", "e30" + s.x}}},
                   .next = s.form("/pay/k7Qm2/method-done")};
             }),
      sample("threeds_method_done", [](L l) { return ThreedsMethodDoneView{.language = l}; }),
      sample("threeds_challenge",
             [=](L l) {
               return ThreedsChallengeView{.frame = s.frame(l),
                                           .form = s.form("https://acs.example/challenge"),
                                           .other_card_url = "/pay/k7Qm2"};
             }),
      sample("waiting", [=](L l) { return s.waiting(l, WaitingFor::payment); }),
      sample("waiting_bank", [=](L l) { return s.waiting(l, WaitingFor::bank); }),
      sample("accepted", [=](L l) { return s.result(l, Outcome::accepted); }),
      sample("refused", [=](L l) { return s.result(l, Outcome::refused); }),
      sample("cancelled", [=](L l) { return s.result(l, Outcome::cancelled); }),
      sample("pending", [=](L l) { return s.result(l, Outcome::pending); }),
      sample("expired", [=](L l) { return ExpiredView{.frame = s.frame(l), .back = s.back()}; }),
      sample("return", [=](L l) { return ReturnView{.frame = s.frame(l), .back = s.back()}; }),
      sample("form_error_test",
             [=](L l) {
               return FormErrorTestView{
                   .frame = s.frame(l),
                   .code = "09",
                   .field = "vads_amount" + s.x,
                   .rule = {.key = "rule.too_long", .arguments = {{"max", "12"}, {"length", "13" + s.x}}},
                   .value = s.x,
                   .signature = std::nullopt,
                   .back = s.back()};
             }),
      sample("signature_error", [=](L l) { return s.signature_error(l); }),
      sample("form_error",
             [=](L l) {
               return FormErrorView{.frame = s.frame(l),
                                    .contact = "contact@shop.example" + s.x,
                                    .request_id = "r-58f0" + s.x,
                                    .back = std::nullopt};
             }),
      sample("not_found", [=](L l) { return s.error({.language = l}, ErrorKind::not_found); }),
      sample("failure", [=](L l) { return s.error(s.frame(l), ErrorKind::failure); }),
      sample("busy", [=](L l) { return s.error({.language = l}, ErrorKind::busy); }),
      sample("bank_busy", [=](L l) { return s.error({.language = l}, ErrorKind::bank_busy); }),
      sample("outcome_unknown", [=](L l) { return s.error({.language = l}, ErrorKind::outcome_unknown); }),
  };
}

}  // namespace acquit::pages

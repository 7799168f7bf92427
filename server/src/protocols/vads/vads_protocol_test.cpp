#include "protocols/vads/vads_protocol.h"

#include <gtest/gtest.h>

#include "protocols/vads/sample_form.h"

namespace acquit::vads {
namespace {

enum class ReturnMode : std::uint8_t { none, get, post };

using payments::State;

notifications::Subject subject(State state, const base::FormFields& sent, std::string return_mode = "GET") {
  auto shop = testing::sample_shop();
  shop.shop.return_mode = std::move(return_mode);
  const base::ManualClock clock;
  base::SeededRandom random(5);
  const base::Money amount(5124, *base::Currency::from_code("EUR"));
  payments::Payment payment{.shop = shop.shop.id,
                            .id = payments::PaymentId::make(clock, random),
                            .protocol = "vads",
                            .key = {},
                            .reference = {},
                            .amount = amount,
                            .language = "fr",
                            .buyer = {},
                            .protocol_fields = base::to_form(sent),
                            .request_hash = {},
                            .notification_url = {},
                            .created_at = clock.now(),
                            .expires_at = clock.now(),
                            .ended_at = {}};
  payments::Transaction transaction{.shop = shop.shop.id,
                                    .id = payments::TransactionId::make(clock, random),
                                    .payment = payment.id,
                                    .state = state,
                                    .amount = amount,
                                    .capture = {.at = clock.now()},
                                    .created_at = clock.now()};
  return {{std::move(payment), std::move(transaction)}, std::make_shared<const merchants::ShopConfig>(std::move(shop))};
}

const base::FormFields kAllUrls{
    {"vads_url_return", "https://shop.example/r"},   {"vads_url_success", "https://shop.example/s"},
    {"vads_url_refused", "https://shop.example/x"},  {"vads_url_cancel", "https://shop.example/c"},
    {"vads_url_referral", "https://shop.example/f"}, {"vads_url_error", "https://shop.example/e"}};

base::FormFields without(base::FormFields fields, std::string_view name) {
  testing::drop(fields, name);
  return fields;
}

TEST(ReturnForm, GoesToTheUrlOfTheResult) {
  struct Row {
    State state;
    base::FormFields sent;
    std::string_view response_code;
    std::string_view expected;
  };
  const base::FormFields only_return{{"vads_url_return", "https://shop.example/r"}};
  const Row rows[] = {
      {State::authorised, kAllUrls, "00", "https://shop.example/s"},
      {State::captured, kAllUrls, "00", "https://shop.example/s"},
      {State::to_validate, kAllUrls, "00", "https://shop.example/s"},
      {State::waiting_authorisation, kAllUrls, "00", "https://shop.example/s"},
      {State::pending, kAllUrls, "", "https://shop.example/s"},
      {State::refused, kAllUrls, "51", "https://shop.example/x"},
      {State::expired, kAllUrls, "", "https://shop.example/x"},
      {State::abandoned, kAllUrls, "", "https://shop.example/c"},
      {State::refused, kAllUrls, "02", "https://shop.example/f"},
      {State::refused, without(kAllUrls, "vads_url_referral"), "02", "https://shop.example/x"},
      {State::refused, without(kAllUrls, "vads_url_refused"), "02", "https://shop.example/f"},
      {State::refused, kAllUrls, "97", "https://shop.example/e"},
      {State::refused, without(kAllUrls, "vads_url_error"), "96", "https://shop.example/r"},
      {State::initiated, kAllUrls, "", "https://shop.example/c"},
      {State::authenticating, kAllUrls, "", "https://shop.example/c"},
      {State::authorising, kAllUrls, "", "https://shop.example/e"},
      {State::capture_failed, kAllUrls, "00", "https://shop.example/x"},
      {State::cancelled, kAllUrls, "00", "https://shop.example/c"},
      {State::refused, without(kAllUrls, "vads_url_refused"), "51", "https://shop.example/r"},
      {State::authorised, only_return, "00", "https://shop.example/r"},
      {State::refused, only_return, "02", "https://shop.example/r"},
      {State::abandoned, only_return, "", "https://shop.example/r"},
      {State::authorised, {}, "00", "https://shop.example/"},
      {State::abandoned, {{"vads_shop_url", "https://other.example/"}}, "", "https://other.example/"},
      {State::abandoned, {{"vads_url_return", ""}, {"vads_url_cancel", ""}}, "", "https://shop.example/"},
  };
  for (const Row& row : rows) {
    auto visited = subject(row.state, row.sent);
    visited.transaction.answer.response_code = row.response_code;
    EXPECT_EQ(VadsProtocol().return_form(visited).url, row.expected) << payments::to_string(row.state);
  }
}

TEST(ReturnForm, CarriesTheAnswerAsTheModeSays) {
  struct Row {
    std::string_view form;
    std::string_view shop;
    ReturnMode expected;
  };
  const Row rows[] = {{"GET", "NONE", ReturnMode::get},   {"POST", "GET", ReturnMode::post},
                      {"NONE", "POST", ReturnMode::none}, {"", "GET", ReturnMode::get},
                      {"", "POST", ReturnMode::post},     {"", "NONE", ReturnMode::none},
                      {"", "", ReturnMode::none}};
  for (const Row& row : rows) {
    const auto target = VadsProtocol().return_form(
        subject(State::authorised, {{"vads_return_mode", std::string(row.form)}}, std::string(row.shop)));
    EXPECT_EQ(target.post, row.expected == ReturnMode::post) << row.form << '/' << row.shop;
    EXPECT_EQ(target.fields.empty(), row.expected == ReturnMode::none) << row.form << '/' << row.shop;
  }
}

TEST(ReturnForm, AddsTheShopsOwnParametersToTheAnswer) {
  const base::FormFields sent{{"vads_return_get_params", "a=1&b=x+y"},
                              {"vads_return_post_params", "vads_hash=x&signature=y&vads_result=00&c=3&vads_new="}};
  const auto get = VadsProtocol().return_form(subject(State::authorised, sent, "GET"));
  ASSERT_GT(get.fields.size(), 2U);
  EXPECT_EQ(get.fields[get.fields.size() - 2], (std::pair<std::string, std::string>("a", "1")));
  EXPECT_EQ(get.fields.back(), (std::pair<std::string, std::string>("b", "x y")));
  const auto post = VadsProtocol().return_form(subject(State::authorised, sent, "POST"));
  EXPECT_EQ(post.fields.back(), (std::pair<std::string, std::string>("c", "3")));
  EXPECT_TRUE(VadsProtocol().return_form(subject(State::authorised, sent, "NONE")).fields.empty());
  // None that would pass for a word of ours.
  const auto named = [&](std::string_view name) {
    return std::ranges::count(post.fields, name, &std::pair<std::string, std::string>::first);
  };
  EXPECT_EQ(named("vads_hash"), 0);
  EXPECT_EQ(named("vads_new"), 0);
  EXPECT_EQ(named("vads_result"), 1);
  EXPECT_EQ(named("signature"), 1);
}

TEST(ReturnForm, RedirectsByItselfAsTheFormSays) {
  const base::FormFields sent{{"vads_redirect_success_timeout", "5"},
                              {"vads_redirect_success_message", "Merci"},
                              {"vads_redirect_error_timeout", "0"},
                              {"vads_redirect_error_message", "Dommage"}};
  const auto success = VadsProtocol().return_form(subject(State::authorised, sent));
  EXPECT_EQ(success.redirect_s, 5);
  EXPECT_EQ(success.redirect_message, "Merci");
  for (const State state : {State::refused, State::abandoned, State::expired}) {
    const auto failed = VadsProtocol().return_form(subject(state, sent));
    EXPECT_EQ(failed.redirect_s, 0);
    EXPECT_EQ(failed.redirect_message, "Dommage");
  }
  EXPECT_EQ(VadsProtocol().return_form(subject(State::authorised, {})).redirect_s, std::nullopt);
  EXPECT_EQ(VadsProtocol().return_form(subject(State::authorised, {{"vads_redirect_success_timeout", ""}})).redirect_s,
            std::nullopt);
}

TEST(ReturnForm, OfABadFormGoesToTheUrlForErrors) {
  struct Row {
    base::FormFields sent;
    bool is_signed;
    std::string_view expected;
    ReturnMode mode;
  };
  const Row rows[] = {
      {kAllUrls, true, "https://shop.example/e", ReturnMode::get},
      {without(kAllUrls, "vads_url_error"), true, "https://shop.example/r", ReturnMode::get},
      {{{"vads_url_error", "not an address"}, {"vads_url_return", "https://shop.example/r"}},
       true,
       "https://shop.example/r",
       ReturnMode::get},
      {{{"vads_url_error", "https://shop.example/?card=4970100000000014"}},
       true,
       "https://shop.example/",
       ReturnMode::get},
      {{{"vads_shop_url", "https://other.example/"}}, true, "https://other.example/", ReturnMode::get},
      {{}, true, "https://shop.example/", ReturnMode::get},
      {{{"vads_return_mode", "POST"}}, true, "https://shop.example/", ReturnMode::post},
      {{{"vads_return_mode", "NONE"}}, true, "https://shop.example/", ReturnMode::none},
      {{{"vads_return_mode", "PUT"}}, true, "https://shop.example/", ReturnMode::get},
      {kAllUrls, false, "https://shop.example/", ReturnMode::none},
  };
  for (const Row& row : rows) {
    const auto target = return_from_bad_form({.fields = row.sent, .signature = {}}, testing::sample_shop(),
                                             merchants::Mode::test, {.code = 9, .is_signed = row.is_signed});
    EXPECT_EQ(target.url, row.expected);
    EXPECT_EQ(target.post, row.mode == ReturnMode::post) << row.expected;
    EXPECT_EQ(target.fields.empty(), row.mode == ReturnMode::none) << row.expected;
  }
}

TEST(PageSettings, FollowTheForm) {
  const auto plain = VadsProtocol().page_settings(subject(State::initiated, {}));
  EXPECT_EQ(plain.shop_name, "Boutique d’Été");
  EXPECT_EQ(plain.shop_url, "https://shop.example/");
  EXPECT_TRUE(plain.languages.empty());
  EXPECT_FALSE(plain.framed || plain.simplified);
  const auto wished =
      VadsProtocol().page_settings(subject(State::initiated, {{"vads_shop_name", "Chez Nous"},
                                                              {"vads_shop_url", "https://nous.example"},
                                                              {"vads_available_languages", "fr;de"},
                                                              {"vads_action_mode", "IFRAME"},
                                                              {"vads_theme_config", "SIMPLIFIED_DISPLAY=true"}}));
  EXPECT_EQ(wished.shop_name, "Chez Nous");
  EXPECT_EQ(wished.shop_url, "https://nous.example");
  EXPECT_EQ(wished.languages, (std::vector<std::string>{"fr", "de"}));
  EXPECT_TRUE(wished.framed && wished.simplified);
}

}  // namespace
}  // namespace acquit::vads

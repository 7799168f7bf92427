#include <gtest/gtest.h>

#include "payments/nouns/session.h"
#include "protocols/vads/bad_forms.h"
#include "protocols/vads/door_fixture.h"

namespace acquit::vads {
namespace {

using merchants::SignatureAlgorithm;

constexpr std::string_view kCard = "4970100000000014";

class EntryTest : public testing::DoorFixture {
 protected:
  EntryTest() {
    add_shop(testing::sample_shop());
    merchants::ShopConfig other = testing::sample_shop(testing::kOtherShop);
    other.set_key(kFormKey, merchants::Mode::test, base::SecretKey("2211443366558877"));
    other.shop.algorithm = SignatureAlgorithm::sha1;
    other.shop.silent_allowed = true;
    other.shop.order_id_required = true;
    other.shop.frame_ancestors = "https://shop.example";
    add_shop(other);
  }

  static base::FormFields good(const base::FormFields& changes = {}) {
    base::FormFields fields = testing::good_fields();
    for (const auto& [name, value] : changes) testing::set(fields, name, value);
    return fields;
  }
  static base::FormFields good_silent(const base::FormFields& changes = {}) {
    base::FormFields fields = good({{"vads_site_id", "87654321"},
                                    {"vads_action_mode", "SILENT"},
                                    {"vads_order_id", "1"},
                                    {"vads_card_number", std::string(kCard)},
                                    {"vads_expiry_month", "6"},
                                    {"vads_expiry_year", "2027"},
                                    {"vads_cvv", "123"}});
    for (const auto& [name, value] : changes) testing::set(fields, name, value);
    return fields;
  }
  static std::string other_body(const base::FormFields& fields) {
    return testing::signed_body(fields, "2211443366558877", SignatureAlgorithm::sha1);
  }

  /// `body` is refused with `code`, and leaves nothing but its trace, at the shop if that is known.
  void expect_refused(const std::string& body, int code, const std::string& field, const std::string& what,
                      bool traced = true) {
    // No faster than traces are kept of one address, and always on the same day.
    const base::Time wall = env_->clock.now();
    env_->clock.advance(std::chrono::seconds(2));
    env_->clock.set(wall);
    const auto before = stored();
    const std::int64_t traces_before = count("request_traces");
    const http::Response response = post(body);
    const std::string shown = code < 10 ? "0" + std::to_string(code) : std::to_string(code);
    EXPECT_EQ(response.status, 400) << what;
    EXPECT_EQ(header(response, "x-acquit-form-error"), shown) << what;
    EXPECT_TRUE(response.body.contains("<dd><code>" + field + "</code></dd>")) << what;
    EXPECT_FALSE(response.body.contains("⟦")) << what;
    EXPECT_FALSE(response.body.contains(kCard)) << what;
    EXPECT_EQ(stored(), before) << what;
    EXPECT_EQ(count("outbox"), 0) << what;
    EXPECT_EQ(count("request_traces"), traces_before + (traced ? 1 : 0)) << what;
    if (!traced) return;
    auto found = traces(testing::kShop);
    const auto others = traces(testing::kOtherShop);
    if (found.empty() || (!others.empty() && others[0].at > found[0].at)) found = others;
    ASSERT_FALSE(found.empty()) << what;
    EXPECT_EQ(found[0].code, shown) << what;
    EXPECT_EQ(found[0].field, field) << what;
    EXPECT_FALSE(found[0].detail.empty()) << what;
    EXPECT_FALSE(found[0].detail.contains(kCard)) << what;
    env_->clock.advance(base::Milliseconds{1});
  }
  void expect_refused(const testing::BadForm& bad) {
    base::FormFields fields = good(bad.also);
    if (bad.dropped) {
      testing::drop(fields, bad.field);
    } else {
      testing::set(fields, bad.field, bad.value);
    }
    const bool known_shop = bad.field != "vads_site_id";
    expect_refused(testing::signed_body(fields), bad.code, bad.field, bad.field + "=" + bad.value.substr(0, 80),
                   known_shop);
  }
  /// A SILENT form: the card was charged and the buyer goes back to the shop.
  void expect_paid(const http::Response& response) {
    const std::string location = header(response, "location");
    EXPECT_TRUE(location.starts_with("https://shop.example/?")) << location << header(response, "x-acquit-form-error");
    EXPECT_TRUE(location.contains("vads_result=00") && location.contains("vads_trans_status=AUTHORISED")) << location;
    EXPECT_FALSE(location.contains(kCard));
  }
  void expect_accepted(const http::Response& response, const std::string& what) {
    EXPECT_EQ(response.status, 303) << what << " form error " << header(response, "x-acquit-form-error");
  }
};

TEST_F(EntryTest, RefusesEveryBadFormWithItsCodeAndStoresOnlyTheTrace) {
  std::size_t tried = 0;
  for (const auto& group : {testing::too_long(), testing::kWrongSet, testing::missing(), testing::against_a_rule()}) {
    for (const testing::BadForm& bad : group) {
      expect_refused(bad);
      ++tried;
    }
  }
  EXPECT_GE(tried, 200U);
}

TEST_F(EntryTest, RefusesFormsThatCantBeReadOrSigned) {
  const std::string body = testing::signed_body(good());
  expect_refused("", 70, "form", "empty body", false);
  expect_refused("a=b&signature=x", 70, "form", "no vads field", false);
  expect_refused(body + "&x=%zz", 99, "form", "broken escape", false);
  std::string crowd;
  for (int i = 0; i < 1001; ++i) crowd += "vads_" + std::to_string(i) + "=&";
  expect_refused(crowd, 99, "form", "too many fields", false);
  expect_refused(body + "&vads_%FF=1", 99, "vads_%FF", "invalid UTF-8 in a name");
  expect_refused(body + "&vads_a%0Ab=1", 99, "vads_a%0Ab", "a line break in a name");
  expect_refused(testing::signed_body(good({{"vads_cust_email", "jeann\xE9@shop.example"}})), 15, "vads_cust_email",
                 "an e-mail address with a character that is none");
  expect_refused(body + "&vads_amount=1", 9, "vads_amount", "sent twice");
  expect_refused(body + "&vads_order_info=" + std::string(kCard), 0, "signature", "a card number, unsigned");
  expect_refused(testing::signed_body(good({{"vads_ext_info_4970100000000014", "x"}})), 999,
                 "vads_ext_info_497010XXXXXX0014", "a card number in a name");
}

TEST_F(EntryTest, RefusesWrongSignaturesFirst) {
  expect_refused(base::to_form(good()), 0, "signature", "no signature");
  expect_refused(testing::signed_body(good(), "2211443366558877"), 0, "signature", "another shop's key");
  expect_refused(testing::signed_body(good(), testing::kProductionKey), 0, "signature", "the other mode's key");
  expect_refused(testing::signed_body(good(), testing::kTestKey, SignatureAlgorithm::sha1), 0, "signature",
                 "the other algorithm");
  expect_refused(testing::signed_body(good()) + "&vads_order_info=x", 0, "signature", "a field added");
  expect_refused(testing::signed_body(good()) + "&vads_order_info=", 0, "signature", "an empty field added");
  expect_refused(testing::signed_body(good({{"vads_amount", "x"}}), "wrong"), 0, "signature", "wrong in two ways");
  std::string tampered = testing::signed_body(good());
  tampered.replace(tampered.find("5124"), 4, "0124");
  expect_refused(tampered, 0, "signature", "a field changed");
  expect_refused(other_body(good()), 0, "signature", "signed by another shop");
}

TEST_F(EntryTest, RefusesBadCardsOfASilentForm) {
  const std::vector<testing::BadForm> bad{
      {"vads_card_number", 40, ""},
      {"vads_card_number", 40, "4970100000000015"},
      {"vads_card_number", 40, "123456789012"},
      {"vads_card_number", 40, "4970 1000 0000 0014"},
      {"vads_card_number", 40, "5555555555554444"},
      {"vads_expiry_month", 41, ""},
      {"vads_expiry_month", 41, "13"},
      {"vads_expiry_month", 41, "0"},
      {"vads_expiry_year", 42, ""},
      {"vads_expiry_year", 42, "2022"},
      {"vads_expiry_year", 42, "2099"},
      {"vads_cvv", 43, ""},
      {"vads_cvv", 43, "1234"},
      {"vads_order_id", 13, ""},
  };
  for (const auto& [field, code, value, dropped, also] : bad) {
    expect_refused(other_body(good_silent({{field, value}})), code, field, field + "=" + value);
  }
  expect_refused(other_body(good_silent({{"vads_ext_info_copy", std::string(kCard)}})), 999, "vads_ext_info_copy",
                 "card number twice");
}

TEST_F(EntryTest, SendsASilentAnswerBeforeTheFragmentOfItsAddress) {
  const auto paid = post(other_body(good_silent({{"vads_url_return", "https://shop.example/r?a=1#done"}})));
  const std::string location = header(paid, "location");
  EXPECT_TRUE(location.starts_with("https://shop.example/r?a=1&vads_")) << location;
  EXPECT_TRUE(location.ends_with("#done") && !location.contains("#done?")) << location;
}

TEST_F(EntryTest, KnowsATransactionIdOfTheDayAgain) {
  const auto first = post(testing::signed_body(good()));
  expect_accepted(first, "first");
  const auto reload = post(testing::signed_body(good()));
  EXPECT_EQ(payment_of(reload).id, payment_of(first).id);
  EXPECT_EQ(count("payments"), 1);
  expect_refused(testing::signed_body(good({{"vads_amount", "5125"}})), 3, "vads_trans_id", "another amount");
  // Another day, another shop: another payment.
  expect_accepted(post(testing::signed_body(good({{"vads_trans_date", "20231115101010"}}))), "the next day");
  expect_accepted(post(other_body(good({{"vads_site_id", "87654321"}, {"vads_order_id", "1"}}))), "the other shop");
  EXPECT_EQ(count("payments"), 3);

  expect_paid(post(other_body(good_silent({{"vads_trans_id", "000001"}}))));
  const auto again = post(other_body(good_silent({{"vads_trans_id", "000001"}})));
  EXPECT_TRUE(header(again, "location").starts_with("/pay/"));
  EXPECT_EQ(count("payments"), 4);
  const auto other = post(other_body(good_silent({{"vads_trans_id", "000001"}, {"vads_amount", "5125"}})));
  EXPECT_EQ(header(other, "x-acquit-form-error"), "03");
}

TEST_F(EntryTest, RefusesAClosedShop) {
  merchants::ShopConfig closed = testing::sample_shop(base::ShopId(10000003));
  closed.shop.active = false;
  add_shop(closed);
  const auto response = post(testing::signed_body(good({{"vads_site_id", "10000003"}})));
  EXPECT_EQ(header(response, "x-acquit-form-error"), "02");
  EXPECT_EQ(count("payments"), 0);
}

TEST_F(EntryTest, TellsTheBuyerNothingInProductionAndTheShopEverything) {
  const auto fields = good({{"vads_ctx_mode", "PRODUCTION"}, {"vads_amount", "5x"}});
  const auto response = post(testing::signed_body(fields, testing::kProductionKey));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(header(response, "x-acquit-form-error"), "");
  // Beside the shop's own form, which goes back to it.
  const std::string shown = response.body.substr(0, response.body.find("<form"));
  for (const std::string_view secret : {"vads_amount", "5x", "Règle"}) EXPECT_FALSE(shown.contains(secret)) << secret;
  EXPECT_TRUE(response.body.contains("r-1"));
  ASSERT_EQ(traces(testing::kShop).size(), 1U);
  EXPECT_EQ(traces(testing::kShop)[0].code, "09");
  EXPECT_EQ(count("payments"), 0);
  EXPECT_EQ(count("outbox"), 1) << "the mail";
}

TEST_F(EntryTest, OffersASignedWayBackFromAWrongForm) {
  for (const auto& [mode, key] : {std::pair("TEST", testing::kTestKey), {"PRODUCTION", testing::kProductionKey}}) {
    const auto response = post(testing::signed_body(good({{"vads_ctx_mode", mode},
                                                          {"vads_amount", "5x"},
                                                          {"vads_order_id", "CMD-26"},
                                                          {"vads_url_error", "https://shop.example/error"},
                                                          {"vads_url_return", "https://shop.example/return"}}),
                                                    key));
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(response.body.contains("<form method=\"get\" action=\"https://shop.example/error\"")) << mode;
    EXPECT_TRUE(header(response, "content-security-policy").contains("form-action 'self' https: http:;"));
    const auto fields = hidden_fields(response.body);
    EXPECT_EQ(value_of(fields, "vads_result"), "30") << mode;
    EXPECT_EQ(value_of(fields, "vads_extra_result"), "09") << mode;
    EXPECT_EQ(value_of(fields, "vads_order_id"), "CMD-26") << mode;
    EXPECT_TRUE(is_signed(fields, key)) << mode;
  }
  // A refusal of the use case is one of the form too.
  const auto unpayable = post(testing::signed_body(good({{"vads_currency", "840"}})));
  EXPECT_EQ(value_of(hidden_fields(unpayable.body), "vads_extra_result"), "10");
}

TEST_F(EntryTest, SignsNothingForStrangersNorAgainstAPayment) {
  const auto forged = post(testing::signed_body(good({{"vads_url_error", "https://evil.example/"}}), "wrong"));
  EXPECT_EQ(forged.status, 400);
  EXPECT_TRUE(hidden_fields(forged.body).empty());
  EXPECT_FALSE(forged.body.contains("action=\"https://evil.example/\""));
  // The number was used: whatever became of that payment, this form says nothing about it.
  expect_accepted(post(testing::signed_body(good())), "first");
  const auto again = post(testing::signed_body(good({{"vads_amount", "5125"}})));
  EXPECT_EQ(header(again, "x-acquit-form-error"), "03");
  EXPECT_TRUE(hidden_fields(again.body).empty());
  // Malformed, it was never used.
  const auto malformed = post(testing::signed_body(good({{"vads_trans_id", "12"}})));
  EXPECT_EQ(value_of(hidden_fields(malformed.body), "vads_extra_result"), "03");
}

TEST_F(EntryTest, KeepsModeAndLanguageOfAFormWhoseShopIsUnknown) {
  for (const std::string_view number : {"", "6987635", "6987635a", "11111111"}) {
    const auto fields =
        good({{"vads_ctx_mode", "PRODUCTION"}, {"vads_language", "de"}, {"vads_site_id", std::string(number)}});
    const auto response = post(testing::signed_body(fields, testing::kProductionKey));
    EXPECT_EQ(response.status, 400) << number;
    EXPECT_EQ(header(response, "x-acquit-form-error"), "") << number;
    EXPECT_FALSE(response.body.contains("vads_site_id") || response.body.contains("test-strip")) << number;
    EXPECT_TRUE(response.body.contains("<html lang=\"de\">")) << number;
  }
  const auto test = post(testing::signed_body(good({{"vads_language", "de"}, {"vads_amount", "0"}})));
  EXPECT_TRUE(test.body.contains("<html lang=\"de\">")) << "not the shop's French";
}

TEST_F(EntryTest, RefusesACardInAnAddress) {
  const auto before = stored();
  const auto response = get(other_body(good_silent()));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(header(response, "x-acquit-form-error"), "47");
  EXPECT_EQ(stored(), before);
}

TEST_F(EntryTest, RefusesTheKeyOfTestForAProductionForm) {
  const auto before = stored();
  const auto response = post(testing::signed_body(good({{"vads_ctx_mode", "PRODUCTION"}}), testing::kTestKey));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(stored(), before);
  EXPECT_EQ(traces(testing::kShop)[0].code, "00");
  EXPECT_TRUE(hidden_fields(response.body).empty());
  // TEST stays usable beside it.
  expect_accepted(post(testing::signed_body(good())), "TEST");
}

TEST_F(EntryTest, ExplainsTheErrorInTheShopsLanguage) {
  const auto response = post(testing::signed_body(good({{"vads_order_id", std::string(70, 'a')}})));
  EXPECT_TRUE(response.body.contains("<dd class=\"code\">13</dd>"));
  EXPECT_TRUE(response.body.contains("<code>vads_order_id</code>"));
  EXPECT_TRUE(response.body.contains("Nombre de caractères\u202f: 64 au plus\u202f; reçus\u202f: 70."));
  EXPECT_EQ(traces(testing::kShop)[0].detail, "Number of characters: at most 64; received: 70.");

  const auto unsigned_form = post(testing::signed_body(good(), testing::kProductionKey));
  EXPECT_TRUE(
      unsigned_form.body.contains("INTERACTIVE+5124+TEST+978+PAYMENT+SINGLE+69876357+20231114221320+123456+V2+"));
  EXPECT_TRUE(unsigned_form.body.contains("La signature reçue utilise la clé de l’autre mode"));
  for (const std::string_view key : {testing::kTestKey, testing::kProductionKey})
    EXPECT_FALSE(unsigned_form.body.contains(key));
}

// The search for what was signed instead costs thousands of digests, and anybody can ask for it.
TEST_F(EntryTest, LooksForWhatWasSignedInsteadNotForStrangersWhoAskWithoutEnd) {
  const std::string body = testing::signed_body(good(), testing::kProductionKey);
  const std::string_view hint = "La signature reçue utilise la clé de l’autre mode";
  constexpr int kHeard = 60;
  for (int i = 0; i <= kHeard; ++i) {
    const http::Response answer = post(body);
    EXPECT_EQ(header(answer, "x-acquit-form-error"), "00");
    EXPECT_EQ(answer.body.contains(hint), i < kHeard) << i;
  }
  env_->clock.advance(std::chrono::minutes(1));
  EXPECT_TRUE(post(body).body.contains(hint));
}

TEST_F(EntryTest, HasWordsForEveryErrorInEveryLanguage) {
  for (const auto language : i18n::all_languages()) {
    merchants::ShopConfig shop = testing::sample_shop(base::ShopId(20'000'000 + static_cast<int>(language)));
    shop.shop.group_id = 100 + static_cast<int>(language);
    shop.shop.language = i18n::code(language);
    add_shop(shop);
    for (const auto& group : {testing::kWrongSet, testing::against_a_rule()}) {
      for (const testing::BadForm& bad : group) {
        if (bad.field == "vads_site_id") continue;
        base::FormFields fields = good(bad.also);
        testing::set(fields, "vads_site_id", base::to_string(shop.shop.id));
        testing::set(fields, bad.field, bad.value);
        const auto response = post(testing::signed_body(fields));
        EXPECT_TRUE(response.body.contains("<html lang=\"" + shop.shop.language + "\">"));
        EXPECT_FALSE(response.body.contains("⟦") || response.body.contains("{max}") ||
                     response.body.contains("{values}"))
            << bad.field;
      }
    }
  }
}

}  // namespace
}  // namespace acquit::vads

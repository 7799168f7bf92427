#include "protocols/vads/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/ascii.h"
#include "protocols/vads/form.h"
#include "protocols/vads/sample_form.h"

namespace acquit::vads {
namespace {

using merchants::Mode;
using merchants::SignatureAlgorithm;
using ::testing::ElementsAre;
using testing::good_fields;
using testing::kTestKey;
using testing::sample_shop;

base::FormFields manual_fields() {
  base::FormFields fields = good_fields();
  testing::set(fields, "vads_site_id", "12345678");
  testing::set(fields, "vads_trans_date", "20170129130025");
  return fields;
}

TEST(Signature, MatchesThePublishedVectors) {
  struct Row {
    base::FormFields more;
    std::string sha1;
    std::string hmac;  ///< Empty where none was published.
  };
  const Row rows[] = {
      {{}, "59c96b34c74b9375c332b0b6a32e6deeec87de2b", "ycA5Do5tNvsnKdc/eP1bj2xa19z9q3iWPy9/rpesfS0="},
      {{{"vads_language", "fr"}}, "2d937eea10f263a51f5879f42057ea8a76338391", ""},
      {{{"vads_amount", "1524"}, {"vads_trans_date", "20090501193530"}, {"vads_trans_id", "654321"}},
       "606b369759fac4f0864144c803c73676cbe470ff",
       ""},
      {{{"vads_cust_name", "Élodie O'Brien + Co"},
        {"vads_order_id", ""},
        {"vads_threeds_cavv", "Q2F2"},
        {"vads_threeds_cavvAlgorithm", "2"}},
       "32552301caf933bff33987a40ac72a72cd3d2369",
       "5XxeZl9a/Zqntw87SW2HWgZCpmz4IpMuysoPKIWBa0w="},
  };
  const base::SecretKey key{std::string(kTestKey)};
  for (const Row& row : rows) {
    base::FormFields fields = manual_fields();
    for (const auto& [name, value] : row.more) testing::set(fields, name, value);
    EXPECT_EQ(sign(fields, key, SignatureAlgorithm::sha1), row.sha1);
    if (!row.hmac.empty()) EXPECT_EQ(sign(fields, key, SignatureAlgorithm::hmac_sha256), row.hmac);
  }
}

TEST(Signature, DoesNotDependOnTheOrderSentOrOnFieldsOfOthers) {
  const base::SecretKey key{std::string(kTestKey)};
  base::FormFields fields = manual_fields();
  const std::string expected = sign(fields, key, SignatureAlgorithm::hmac_sha256);
  std::ranges::reverse(fields);
  fields.emplace_back("submit", "Payer");
  fields.emplace_back("signature", "x");
  EXPECT_EQ(sign(fields, key, SignatureAlgorithm::hmac_sha256), expected);
}

TEST(Signature, ProvesNothingForAShopWithoutAKey) {
  const auto check = [](const merchants::ShopConfig& shop) {
    Form form{.fields = good_fields(),
              .signature = sign(good_fields(), form_key(shop, Mode::test), shop.shop.algorithm)};
    return SignedForm::check(form, std::make_shared<const merchants::ShopConfig>(shop), Mode::test);
  };
  merchants::ShopConfig shop = sample_shop();
  EXPECT_TRUE(check(shop));
  shop.keys.clear();
  const auto refused = check(shop);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, "signature");
}

TEST(Signature, IsShownWithTheKeyLeftOut) {
  EXPECT_EQ(signed_text_for_display(manual_fields()),
            "INTERACTIVE+5124+TEST+978+PAYMENT+SINGLE+12345678+20170129130025+123456+V2+KEY");
}

// What the shop signed instead, and what we should say of it.
std::vector<std::string> hints(const base::FormFields& sent, std::string signature,
                               SignatureAlgorithm algorithm = SignatureAlgorithm::hmac_sha256) {
  merchants::ShopConfig shop = sample_shop();
  shop.shop.algorithm = algorithm;
  return signature_hints({.fields = sent, .signature = std::move(signature)}, shop, Mode::test);
}

std::string signed_with(const base::FormFields& fields, std::string_view key = kTestKey) {
  return sign(fields, base::SecretKey(std::string(key)), SignatureAlgorithm::hmac_sha256);
}

base::FormFields with(base::FormFields fields, std::string_view name, std::string_view value) {
  testing::set(fields, name, value);
  return fields;
}

TEST(SignatureHints, NameTheOtherAlgorithm) {
  const auto fields = good_fields();
  const base::SecretKey key{std::string(kTestKey)};
  EXPECT_THAT(hints(fields, sign(fields, key, SignatureAlgorithm::sha1)), ElementsAre("other_algorithm"));
  EXPECT_THAT(hints(fields, base::ascii_upper(sign(fields, key, SignatureAlgorithm::sha1))),
              ElementsAre("other_algorithm"));
  EXPECT_THAT(hints(fields, signed_with(fields), SignatureAlgorithm::sha1), ElementsAre("other_algorithm"));
  // Wrong in another way too, but its length says that much.
  EXPECT_THAT(hints(fields, std::string(40, 'a')), ElementsAre("other_algorithm"));
}

TEST(SignatureHints, NameTheOtherModesKey) {
  EXPECT_THAT(hints(good_fields(), signed_with(good_fields(), testing::kProductionKey)), ElementsAre("other_mode_key"));
  const base::SecretKey production{std::string(testing::kProductionKey)};
  EXPECT_THAT(hints(good_fields(), sign(good_fields(), production, SignatureAlgorithm::sha1)),
              ElementsAre("other_algorithm", "other_mode_key"));
}

TEST(SignatureHints, NameEmptyFieldsLeftOut) {
  EXPECT_THAT(hints(with(good_fields(), "vads_cust_name", ""), signed_with(good_fields())),
              ElementsAre("empty_fields"));
}

TEST(SignatureHints, NameAnotherOrder) {
  base::FormFields sent = good_fields();
  std::ranges::reverse(sent);
  base::FormFields numbered;
  for (std::size_t i = 0; i < sent.size(); ++i) numbered.emplace_back("vads_" + std::to_string(10 + i), sent[i].second);
  EXPECT_THAT(hints(sent, signed_with(numbered)), ElementsAre("field_order"));

  // vads_ext_info_B comes before vads_ext_info_a, unless case counts for nothing.
  sent = with(with(good_fields(), "vads_ext_info_B", "upper"), "vads_ext_info_a", "lower");
  const auto swapped = with(with(good_fields(), "vads_ext_info_B", "lower"), "vads_ext_info_a", "upper");
  EXPECT_THAT(hints(sent, signed_with(swapped)), ElementsAre("field_order"));
}

TEST(SignatureHints, NameAnotherEncoding) {
  const auto sent = with(good_fields(), "vads_cust_name", "Élodie Müller");
  EXPECT_THAT(hints(sent, signed_with(with(good_fields(), "vads_cust_name", "\xC9lodie M\xFCller"))),
              ElementsAre("encoding"));
  EXPECT_THAT(hints(sent, signed_with(with(good_fields(), "vads_cust_name", "Ã\u0089lodie MÃ¼ller"))),
              ElementsAre("encoding"));
}

TEST(SignatureHints, NameHtmlEntities) {
  const auto raw = with(good_fields(), "vads_cust_name", "L'Été \"A&B\"");
  for (const std::string_view signed_value :
       {"L&#039;Été &quot;A&amp;B&quot;", "L&#39;Été &quot;A&amp;B&quot;", "L'Été &quot;A&amp;B&quot;",
        "L&#039;&Eacute;t&eacute; &quot;A&amp;B&quot;", "L'&Eacute;t&eacute; &quot;A&amp;B&quot;"}) {
    EXPECT_THAT(hints(raw, signed_with(with(good_fields(), "vads_cust_name", signed_value))),
                ElementsAre("html_escaped"))
        << signed_value;
  }
  const auto escaped = with(good_fields(), "vads_cust_name", "L&#039;Été &quot;A&amp;B&quot;");
  EXPECT_THAT(hints(escaped, signed_with(raw)), ElementsAre("html_escaped"));
  // Suspicious whatever was signed.
  EXPECT_THAT(hints(escaped, "x"), ElementsAre("html_escaped"));
}

TEST(SignatureHints, NameSpacesAroundTheKeyOrAValue) {
  for (const std::string_view key : {"1122334455667788 ", " 1122334455667788", " 1122334455667788 ",
                                     "1122334455667788\n", "1122334455667788\r\n", "1122334455667788\t"}) {
    EXPECT_THAT(hints(good_fields(), signed_with(good_fields(), key)), ElementsAre("spaces")) << key;
  }
  const auto sent = with(good_fields(), "vads_cust_city", "Lyon ");
  EXPECT_THAT(hints(sent, signed_with(with(good_fields(), "vads_cust_city", "Lyon"))), ElementsAre("spaces"));
}

TEST(SignatureHints, FallBackToTheKey) {
  EXPECT_THAT(hints(good_fields(), signed_with(good_fields(), "another key")), ElementsAre("key"));
  EXPECT_THAT(hints(good_fields(), ""), ElementsAre("key"));
}

}  // namespace
}  // namespace acquit::vads

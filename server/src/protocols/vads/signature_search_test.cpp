#include "protocols/vads/signature_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocols/vads/sample_form.h"
#include "protocols/vads/transformations.h"

namespace acquit::vads {
namespace {

using merchants::Mode;
using merchants::SignatureAlgorithm;
using ::testing::ElementsAre;

base::FormFields with(base::FormFields fields, const base::FormFields& changes) {
  for (const auto& [name, value] : changes) testing::set(fields, name, value);
  return fields;
}

const base::FormFields& sent() {
  static const base::FormFields kSent =
      with(testing::good_fields(), {{"vads_cust_address", "12, rue de l’Été"},
                                    {"vads_cust_city", "L'Haÿ & Cie"},
                                    {"vads_cust_email", "jeanne@shop.example"},
                                    {"vads_cust_last_name", "D'Été"},
                                    {"vads_cust_name", "Zoë d'Été"},
                                    {"vads_cust_state", ""},
                                    {"vads_order_info", "ligne 1\r\nligne 2 "},
                                    {"vads_order_info2", "a+b %C3%A9"},
                                    {"vads_url_return", "https://shop.example/?a=1&b=2"}});
  return kSent;
}

struct Signing {
  std::string_view key = testing::kTestKey;
  SignatureAlgorithm algorithm = SignatureAlgorithm::hmac_sha256;
};

std::optional<SignedOtherwise> search(const base::FormFields& came, const base::FormFields& was_signed,
                                      const Signing& by = {}) {
  const std::string signature = sign(was_signed, base::SecretKey(std::string(by.key)), by.algorithm);
  return find_signed_otherwise({.fields = came, .signature = signature}, testing::sample_shop(), Mode::test);
}

TEST(SignatureSearch, NamesTheFieldAndWhatWasDoneToIt) {
  const struct {
    std::string field;
    std::string value;
    std::string transformation;
  } rows[] = {
      {"vads_cust_address", "12, rue de l&#8217;Été", "HTML: ’ → &#8217;"},
      {"vads_cust_address", "12, rue de l&#8217;&#201;t&#233;", "HTML: é → &#233;, ’ → &#8217;"},
      {"vads_cust_address", "12, rue de l&rsquo;Été", "HTML: ’ → &rsquo;"},
      {"vads_cust_address", "12, rue de l&rsquo;&Eacute;t&eacute;",
       "htmlentities (ENT_QUOTES): é → &eacute;, ' → &#039;"},
      {"vads_cust_last_name", "D&#8217;Été", "wptexturize: ' → &#8217;"},
      {"vads_cust_city", "L&#039;Haÿ &#038; Cie", "esc_html: & → &#038;, ’ → &#8217;"},
      {"vads_cust_city", "L&#039;Haÿ &amp; Cie", "htmlspecialchars (ENT_QUOTES): ' → &#039;"},
      {"vads_cust_last_name", "D&#039;Été", "htmlspecialchars (ENT_QUOTES): ' → &#039;"},
      {"vads_cust_last_name", "D&#39;Été", "HTML: ' → &#39;"},
      {"vads_cust_last_name", "D\\'Été", "addslashes: ' → \\'"},
      {"vads_cust_last_name", "D'\xC9t\xE9", "UTF-8 → ISO-8859-1"},
      {"vads_cust_address", "12, rue de l\x92\xC9t\xE9", "UTF-8 → Windows-1252"},
      {"vads_cust_last_name", "D'E\u0301te\u0301", "Unicode NFD"},
      {"vads_cust_last_name", "D'ÉTÉ", ""},
      {"vads_cust_email", "JEANNE@SHOP.EXAMPLE", "strtoupper"},
      {"vads_order_info", "ligne 1\nligne 2 ", "CR LF → LF"},
      {"vads_order_info", "ligne 1\r\nligne 2", "trim"},
      {"vads_order_info2", "a b é", "urldecode: %C3%A9 → é"},
      {"vads_order_info2", "a b %C3%A9", "+ → “ ”"},
      {"vads_cust_city", "L'Haÿ+&+Cie", "“ ” → +"},
      {"vads_cust_city", "L'Haÿ%20&%20Cie", "“ ” → %20"},
      {"vads_amount", "51.24", "5124 → 51.24"},
      {"vads_amount", "5124.00", "5124 → 5124.00"},
      {"vads_url_return", "https://shop.example/?a=1&amp;b=2", "htmlspecialchars (ENT_QUOTES): ' → &#039;"},
      {"vads_cust_city", "", "“”"},
  };
  for (const auto& row : rows) {
    const auto found = search(sent(), with(sent(), {{row.field, row.value}}));
    if (row.transformation.empty()) {
      EXPECT_FALSE(found) << row.value << " is nothing that is known";
      continue;
    }
    ASSERT_TRUE(found) << row.field << '=' << row.value;
    EXPECT_THAT(found->fields, ElementsAre(row.field)) << row.value;
    EXPECT_EQ(found->transformation, row.transformation) << row.value;
    EXPECT_TRUE(found->hints.empty()) << row.value;
  }
}

TEST(SignatureSearch, FindsEachTransformationInEveryCombination) {
  for (const Transformation& way : transformations()) {
    std::vector<std::string> changed;
    for (const auto& [name, value] : sent()) {
      if (way.apply(value) != value) changed.push_back(name);
    }
    for (const std::size_t count : {std::size_t{1}, std::size_t{2}, changed.size() - 1, changed.size()}) {
      if (changed.empty() || count == 0 || count > changed.size()) continue;
      base::FormFields was_signed = sent();
      for (std::size_t i = 0; i < count; ++i) {
        for (auto& [name, value] : was_signed) {
          if (name == changed[i]) value = way.apply(value);
        }
      }
      // Whatever it is called: of two names for one change the likelier comes first.
      EXPECT_TRUE(search(sent(), was_signed)) << way.name << " of " << count;
      const auto other = search(sent(), was_signed, {.key = testing::kProductionKey});
      ASSERT_TRUE(other) << way.name << " of " << count;
      EXPECT_THAT(other->hints, ElementsAre("other_mode_key")) << way.name;
      const auto sha1 = search(sent(), was_signed, {.algorithm = SignatureAlgorithm::sha1});
      ASSERT_TRUE(sha1) << way.name << " of " << count;
      EXPECT_THAT(sha1->hints, ElementsAre("other_algorithm")) << way.name;
    }
  }
}

TEST(SignatureSearch, NamesAFieldThatWasNotSigned) {
  base::FormFields less = sent();
  testing::drop(less, "vads_order_info2");
  const auto found = search(sent(), less);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->fields, ElementsAre("vads_order_info2"));
  EXPECT_EQ(found->transformation, "");
}

TEST(SignatureSearch, SeesAnEscapedFieldBehindFieldsLeftOut) {
  base::FormFields filled = with(sent(), {{"vads_cust_last_name", "D&#039;Été"}});
  testing::drop(filled, "vads_cust_state");
  const auto found = search(sent(), filled);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->fields, ElementsAre("vads_cust_last_name"));
  EXPECT_THAT(found->hints, ElementsAre("empty_fields"));
}

TEST(SignatureSearch, BlamesNoFieldForAnotherKey) {
  EXPECT_FALSE(search(sent(), sent(), {.key = "another key"}));
  EXPECT_FALSE(find_signed_otherwise({.fields = sent(), .signature = ""}, testing::sample_shop(), Mode::test));
}

}  // namespace
}  // namespace acquit::vads

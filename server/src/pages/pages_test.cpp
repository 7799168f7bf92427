#include "pages/pages.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "pages/assets.h"
#include "pages/sample_views.h"
#include "tests/support/golden.h"

namespace acquit::pages {
namespace {

namespace fs = std::filesystem;

const Pages& pages() {
  static const auto kTranslator = i18n::Translator::load().value();
  static const auto kLoaded = Pages::load(kTranslator);
  if (!kLoaded) ADD_FAILURE() << kLoaded.error().detail;
  return *kLoaded;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

void write_file(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

TEST(Pages, MatchTheirGoldenFilesInFrench) {
  for (const auto& sample : sample_views()) {
    const auto page = sample.render(pages(), i18n::Language::fr);
    ASSERT_TRUE(page) << sample.name;
    support::expect_golden("tests/golden/pay_page/" + sample.name + ".html", page->text);
  }
}

// Addresses of the page that begin with "/", as browsers follow them.
std::vector<std::string> own_addresses(const std::string& page) {
  static const std::regex kAddress("(?:action|href|src)=\"(/[^\"]*)\"|;url=(/[^\"]*)\"");
  std::vector<std::string> found;
  for (std::sregex_iterator at(page.begin(), page.end(), kAddress), end; at != end; ++at) {
    found.push_back((*at)[1].matched ? (*at)[1].str() : (*at)[2].str());
  }
  return found;
}

TEST(Pages, LinkBelowThePathOfThePublicAddress) {
  static const auto kTranslator = i18n::Translator::load().value();
  const auto below = Pages::load(kTranslator, "/shop/pay");
  ASSERT_TRUE(below);
  std::size_t links = 0;
  for (const auto& sample : sample_views()) {
    const auto plain = own_addresses(sample.render(pages(), i18n::Language::fr)->text);
    const auto moved = own_addresses(sample.render(*below, i18n::Language::fr)->text);
    ASSERT_EQ(moved.size(), plain.size()) << sample.name;
    for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_EQ(moved[i], "/shop/pay" + plain[i]) << sample.name;
    links += plain.size();
  }
  EXPECT_GT(links, 50U);
}

TEST(Pages, HaveEveryTextAndValueInEveryLanguage) {
  for (const auto language : i18n::all_languages()) {
    for (const auto& sample : sample_views()) {
      const auto page = sample.render(pages(), language);
      ASSERT_TRUE(page) << sample.name;
      EXPECT_EQ(page->missing, std::vector<std::string>()) << sample.name << ' ' << i18n::code(language);
      EXPECT_EQ(count(page->text, "⟦"), 0U) << sample.name << ' ' << i18n::code(language);
      EXPECT_EQ(count(page->text, "<html lang=\"" + std::string(i18n::code(language)) + "\">"), 1U) << sample.name;
    }
  }
}

TEST(Pages, ShowTheBlanksOfAWrongFormWhereNobodyWouldSeeThem) {
  const std::pair<std::string, std::string> rows[] = {
      {" 5124", "\u24235124"},
      {"5124 ", "5124\u2423"},
      {"  ", "\u2423\u2423"},
      {"Jeanne Martin", "Jeanne Martin"},
      {"Jeanne  Martin", "Jeanne\u2423\u2423Martin"},
      {"\t1\r\n", "\u21E51\u240D\u240A"},
      {"12\u00A0345", "12\u237D345"},
  };
  for (const auto& [value, shown] : rows) {
    const auto page = pages().render(FormErrorTestView{
        .frame = {.language = i18n::Language::fr},
        .code = "09",
        .field = "vads_amount",
        .rule = {.key = "rule.number"},
        .value = value,
        .signature = SignatureDetails{.algorithm = "SHA-1", .signed_text = "TEST+" + value + "+978", .hints = {}},
        .back = std::nullopt});
    ASSERT_TRUE(page);
    EXPECT_EQ(count(page->text, "<code>" + shown + "</code>"), 1U) << shown;
    EXPECT_EQ(count(page->text, "<code>TEST+" + shown + "+978+"), 1U) << page->text;
  }
}

// Names of fields and of the protocol's values stand in every language.
TEST(Pages, HoldNoEnglishInOtherLanguages) {
  const std::regex tags("<[^>]*>|<code>.*?</code>");
  const std::regex english(
      "\\b(the|this|your|you|answer|answered|connection|timeout|sent|SENT|failed|FAILED|refused|REFUSED|declined|"
      "captured|"
      "CAPTURED|authorised|AUTHORISED|abandoned|ABANDONED|cancelled|expired|pending|payment|amount|unreachable|back|"
      "please|card number|to_validate|end_of_payment)\\b");
  for (const auto language : i18n::all_languages()) {
    if (language == i18n::Language::en) continue;
    for (const auto& sample : sample_views()) {
      const std::string whole = sample.render(pages(), language)->text;
      const std::string text = std::regex_replace(whole, tags, "\n");
      std::smatch word;
      EXPECT_FALSE(std::regex_search(text, word, english))
          << sample.name << ' ' << i18n::code(language) << ": " << word.str();
    }
  }
}

TEST(Pages, EscapeWhateverComesFromOutside) {
  const std::string attack = "<script>\"'>&{{title}}{amount}";
  for (const auto& sample : sample_views(attack)) {
    const auto page = sample.render(pages(), i18n::Language::fr);
    ASSERT_TRUE(page) << sample.name;
    EXPECT_EQ(count(page->text, "<script>"), 0U) << sample.name;
    EXPECT_EQ(count(page->text, "\"'>"), 0U) << sample.name;
    const auto own_scripts = sample.name == "threeds_method_done" ? 0U : 1U;
    EXPECT_EQ(count(page->text, "<script"), own_scripts) << sample.name;
    if (own_scripts == 0) continue;
    EXPECT_GE(count(page->text, "&lt;script&gt;&quot;&#39;&gt;&amp;{{title}}{amount}"), 1U) << sample.name;
  }
}

TEST(Pages, NeedNoInlineScriptOrStyle) {
  const std::regex inlined(
      "<style|\\sstyle=|\\son[a-z]+=|javascript:|<script>|https?://(?!shop\\.example|acs\\.example)");
  for (const auto& sample : sample_views()) {
    const auto page = sample.render(pages(), i18n::Language::fr);
    EXPECT_FALSE(std::regex_search(page.value().text, inlined)) << sample.name;
  }
}

TEST(Pages, HaveAtMostOnePrimaryButtonAndOneHeading) {
  for (const auto& sample : sample_views()) {
    const auto text = sample.render(pages(), i18n::Language::fr).value().text;
    EXPECT_LE(count(text, "class=\"primary\""), 1U) << sample.name;
    EXPECT_EQ(count(text, "<h1"), 1U) << sample.name;
  }
}

TEST(CardPage, NamesItsFieldsForTheBrowsersWallet) {
  const auto samples = sample_views();
  const auto text = samples.at(1).render(pages(), i18n::Language::fr).value().text;
  for (const auto* name : {"cc-number", "cc-exp", "cc-csc", "cc-name"}) {
    EXPECT_EQ(count(text, std::string("autocomplete=\"") + name + "\""), 1U) << name;
  }
}

TEST(CardPage, StaysUnderSixtyKilobytesOnFirstLoad) {
  for (const auto& sample : sample_views()) {
    std::size_t bytes = sample.render(pages(), i18n::Language::ru).value().text.size();
    for (const auto& asset : asset_table()) bytes += asset.content.size();
    EXPECT_LE(bytes, 60'000U) << sample.name;
  }
}

TEST(Pages, LeaveOutHeadAndFootWhereTheShopWantsThemSimple) {
  WaitingView view{.frame = {.shop_name = "Librairie",
                             .amount = base::Money(5124, *base::Currency::from_code("EUR")),
                             .test = true}};
  const std::string whole = pages().render(view).value().text;
  view.frame.simplified = true;
  const std::string simple = pages().render(view).value().text;
  for (const auto* part : {"class=\"shop\"", "<footer>"}) {
    EXPECT_EQ(count(whole, part), 1U) << part;
    EXPECT_EQ(count(simple, part), 0U) << part;
  }
  // What is paid, and that it is only a test, is said all the same.
  for (const auto* part : {"class=\"amount\"", "class=\"test-strip\""}) EXPECT_EQ(count(simple, part), 1U) << part;
}

TEST(Pages, LeadOnlyToAddressesOfTheWeb) {
  for (const auto* url : {"javascript:alert(1)", "//evil.example", "/\\evil.example", "data:text/html,x", "", " /x"}) {
    const ReturnView view{.frame = {}, .back = {.post = true, .url = url, .fields = {}}};
    EXPECT_EQ(count(pages().render(view).value().text, "action=\"about:blank\""), 1U) << url;
  }
  const ReturnView view{.frame = {}, .back = {.post = true, .url = "HTTPS://shop.example/", .fields = {}}};
  EXPECT_EQ(count(pages().render(view).value().text, "action=\"HTTPS://shop.example/\""), 1U);
}

TEST(ReturnForm, KeepsTheQueryOfAGetAddress) {
  const ReturnView view{.frame = {}, .back = {.url = "https://shop.example/r?a=1&b=c%20d#e", .fields = {{"z", "2"}}}};
  const auto text = pages().render(view).value().text;
  EXPECT_EQ(count(text, "method=\"get\" action=\"https://shop.example/r\""), 1U);
  EXPECT_EQ(count(text,
                  "name=\"a\" value=\"1\">\n<input type=\"hidden\" name=\"b\" value=\"c d\">\n"
                  "<input type=\"hidden\" name=\"z\" value=\"2\">"),
            1U);
}

TEST(Pages, RefuseViewsBeyondAllBounds) {
  CardEntryView view;
  view.holder = std::string(2U << 20U, 'x');
  const auto page = pages().render(view);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, base::ErrorCode::body_too_large);
}

// DUMP_PAGES=folder: every page in every language with its assets below pay/static, to look at or to run axe on.
TEST(Pages, CanBeDumpedForABrowser) {
  const char* folder = std::getenv("DUMP_PAGES");  // NOLINT(concurrency-mt-unsafe): no thread yet.
  if (!folder) GTEST_SKIP() << "DUMP_PAGES is not set";
  for (const auto& asset : asset_table()) write_file(folder + asset.path, asset.content);
  for (const auto language : i18n::all_languages()) {
    for (const auto& sample : sample_views()) {
      const fs::path path = fs::path(folder) / i18n::code(language) / (sample.name + ".html");
      write_file(path, sample.render(pages(), language).value().text);
    }
  }
}

}  // namespace
}  // namespace acquit::pages

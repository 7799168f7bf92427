#include "platform/templates/templates.h"

#include <gtest/gtest.h>

#include <thread>

namespace acquit::templates {
namespace {

const i18n::Translator& translator() {
  static const auto kLoaded = i18n::Translator::load();
  return kLoaded.value();
}

Templates load(std::initializer_list<base::EmbeddedFile> files) {
  auto templates = Templates::load(files);
  if (!templates) ADD_FAILURE() << templates.error().detail;
  return *std::move(templates);
}

Rendered render(std::string_view source, const Object& data) {
  const auto rendered = load({{"page.mustache", source}}).render("page", data, translator(), i18n::Language::en);
  if (!rendered) ADD_FAILURE() << rendered.error().detail;
  return rendered.value_or(Rendered{});
}

TEST(Templates, EscapeEveryVariable) {
  EXPECT_EQ(render("<p title=\"{{x}}\">", {{"x", "<script>\"'&"}}).text,
            "<p title=\"&lt;script&gt;&quot;&#39;&amp;\">");
}

TEST(Templates, TakeValuesAsDataNeverAsTemplates) {
  EXPECT_EQ(render("{{x}}", {{"x", "{{y}} {{> page}} {amount}"}, {"y", "no"}}).text, "{{y}} {{&gt; page}} {amount}");
  const auto rendered = render("{{t.action.pay}}", {{"amount", "{amount} {{x}} <b>"}});
  EXPECT_EQ(rendered.text, "Pay {amount} {{x}} &lt;b&gt;");
}

TEST(Templates, RenderListsFlagsAndObjects) {
  const List list{Object{{"n", "1"}}, Object{{"n", "2"}}};
  EXPECT_EQ(render("{{#l}}[{{n}}{{o}}]{{/l}}{{^no}}-{{/no}}{{#yes}}+{{/yes}}{{#e}}x{{/e}}",
                   {{"l", list}, {"o", "!"}, {"no", false}, {"yes", true}, {"e", List{}}})
                .text,
            "[1!][2!]-+");
}

TEST(Templates, ReportMissingNamesAndRenderThemAsNothing) {
  const auto rendered = render("a{{x}}{{#y}}z{{/y}}{{t.no.such}}b{{t.action.pay}}", {});
  EXPECT_EQ(rendered.text, "abPay ");
  EXPECT_EQ(rendered.missing, (std::vector<std::string>{"x", "y", "t.no.such", "amount"}));
}

TEST(Templates, PutPartialsInWhenLoaded) {
  const auto templates =
      load({{"page.mustache", "<{{> parts/inner}}>\n"}, {"parts/inner.mustache", "{{x}}"}, {"style.css", "{{{"}});
  EXPECT_EQ(templates.render("page", {{"x", "1"}}, translator(), i18n::Language::en)->text, "<1>\n");
}

TEST(Templates, RefuseBannedAndBrokenSources) {
  const std::string_view broken[] = {
      "{{{x}}}", "{{&x}}", "{{ & x}}", "{{=<% %>=}}", "{{#x}}", "{{/x}}", "{{x", "{{> none}}", "{{> page}}",
  };
  for (const auto source : broken) {
    const base::EmbeddedFile files[] = {{"page.mustache", source}};
    const auto templates = Templates::load(files);
    ASSERT_FALSE(templates) << source;
    EXPECT_EQ(templates.error().code, base::ErrorCode::configuration_invalid);
  }
}

TEST(Templates, BoundDepthSizeAndOutput) {
  const auto templates = load({{"page.mustache", "{{#l}}{{#l}}{{#l}}{{text}}{{/l}}{{/l}}{{/l}}"}});
  const auto code = [&](const Object& data) {
    const auto rendered = templates.render("page", data, translator(), i18n::Language::en);
    return rendered ? std::optional<base::ErrorCode>() : rendered.error().code;
  };
  Value deep = "x";
  for (std::size_t i = 0; i <= kMaxDepth; ++i) deep = List{deep};
  EXPECT_EQ(code({{"l", deep}, {"text", ""}}), base::ErrorCode::body_too_large);
  EXPECT_EQ(code({{"l", List(kMaxValues + 1, Value(true))}, {"text", ""}}), base::ErrorCode::body_too_large);
  EXPECT_EQ(code({{"l", false}, {"text", std::string(kMaxInputBytes + 1, 'x')}}), base::ErrorCode::body_too_large);
  EXPECT_EQ(code({{"l", List(100, Value(true))}, {"text", "12345"}}), base::ErrorCode::body_too_large);
  EXPECT_EQ(code({{"l", List(3, Value(true))}, {"text", "x"}}), std::nullopt);
}

TEST(Templates, AnswerNotFoundForAnUnknownName) {
  const auto rendered = load({}).render("page", {}, translator(), i18n::Language::en);
  ASSERT_FALSE(rendered);
  EXPECT_EQ(rendered.error().code, base::ErrorCode::not_found);
}

TEST(Templates, ListTheTextKeysThatTheyUse) {
  const auto templates = load({{"a.mustache", "{{t.b.c}}{{ t.a }}{{x}}{{#t.d}}{{/t.d}}"}});
  EXPECT_EQ(templates.text_keys(), (std::vector<std::string>{"a", "b.c", "d"}));
}

TEST(Templates, RenderFromSeveralThreadsAtOnce) {
  const auto templates = load({{"page.mustache", "{{#l}}<{{.}}>{{/l}}{{t.action.pay}}"}});
  const auto work = [&] {
    for (int i = 0; i < 200; ++i) {
      const Object data{{"l", List{"a", "b"}}, {"amount", "1"}};
      const auto rendered = templates.render("page", data, translator(), i18n::Language::en);
      ASSERT_EQ(rendered.value().text, "<a><b>Pay 1");
    }
  };
  std::thread other(work);
  work();
  other.join();
}

}  // namespace
}  // namespace acquit::templates

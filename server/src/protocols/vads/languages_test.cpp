// Languages as modules send them: tags in either case, with regions, and some that we don't speak.
#include <gtest/gtest.h>

#include <algorithm>

#include "protocols/vads/form.h"
#include "protocols/vads/sample_payments.h"
#include "protocols/vads/vads_protocol.h"

namespace acquit::vads {
namespace {

std::expected<CheckedForm, FormError> check_with(std::string_view field, const std::string& value) {
  base::FormFields fields = testing::good_fields();
  testing::set(fields, field, value);
  return testing::check_form(*read_form(*base::parse_form(testing::signed_body(fields))), testing::sample_shop(),
                             merchants::Mode::test, base::ManualClock().now());
}

TEST(Languages, ThatWeSpeakAreOfferedAndOthersAreLeftOut) {
  const std::pair<std::string, std::vector<std::string>> rows[] = {
      {"fr;en", {"fr", "en"}}, {"FR;EN;", {"fr", "en"}},          {"fr-FR;de_CH", {"fr", "de"}},
      {"fr;cs;hu", {"fr"}},    {"fr_FR.UTF-8; it", {"fr", "it"}}, {"es", {"es"}},
  };
  for (const auto& [sent, offered] : rows) {
    EXPECT_TRUE(check_with("vads_available_languages", sent)) << sent;
    auto visited = testing::subject(testing::State::authorised);
    visited.payment.protocol_fields = base::to_form({{"vads_available_languages", sent}});
    EXPECT_EQ(VadsProtocol().page_settings(visited).languages, offered) << sent;
  }
}

TEST(Languages, OfWhichWeSpeakNoneRefuseTheForm) {
  for (const std::string sent : {"cs;hu", "french", "fr,en x"}) {
    const auto checked = check_with("vads_available_languages", sent);
    ASSERT_FALSE(checked) << sent;
    EXPECT_EQ(checked.error().code, 71);
  }
}

TEST(Languages, ThatAreUnknownFallBackAndAreEchoed) {
  for (const std::string sent : {"fr-FR", "FR", "xx", "fr_FR.UTF-8", "fr@euro", "français"}) {
    const auto checked = check_with("vads_language", sent);
    ASSERT_TRUE(checked) << sent;
    const auto kept = base::parse_form(checked->payment.protocol_fields);
    EXPECT_EQ(std::ranges::count(*kept, std::pair<std::string, std::string>("vads_language", sent)), 1) << sent;
  }
  EXPECT_FALSE(check_with("vads_language", "<fr>"));
}

}  // namespace
}  // namespace acquit::vads

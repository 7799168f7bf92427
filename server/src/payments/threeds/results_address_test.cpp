#include <gmock/gmock.h>

#include "payments/testing/authenticate_fixture.h"

namespace acquit::payments {
namespace {

using namespace testing;
using ::testing::HasSubstr;

class ResultsAddressTest : public AuthenticateFixture {};
ACQUIT_ON_BOTH_ENGINES(ResultsAddressTest);

TEST_P(ResultsAddressTest, TellsTheDirectoryWhichDoorItsResultsComeTo) {
  const struct {
    std::string door;
    std::string_view named;
  } rows[] = {{"", R"("threeDSServerURL":"https://pay.example/3ds/results/)"},
              {"https://results.example:8443", R"("threeDSServerURL":"https://results.example:8443/3ds/results/)"},
              {"https://results.example/a/", R"("threeDSServerURL":"https://results.example/a/3ds/results/)"}};
  for (const auto& row : rows) {
    threeds_->results_url = row.door;
    must(start(request()));
    EXPECT_THAT(directory_.requests().back(), HasSubstr(row.named));
  }
}

}  // namespace
}  // namespace acquit::payments

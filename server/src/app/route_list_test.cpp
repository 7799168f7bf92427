#include "app/route_list.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace acquit::app {
namespace {

using http::Method;

TEST(RouteList, IsATableOfWhoMayCallWhat) {
  const std::vector<http::ListedRoute> routes = {
      {.route = {.pattern = "/health"}, .access = http::Access::open},
      {.route = {.method = Method::post, .pattern = "/pay/{token}/card", .permission = "pay", .body_max = 16'384},
       .access = http::Access::payment_token},
  };
  EXPECT_EQ(routes_text(routes),
            "METHOD  PATH               ACCESS         PERMISSION  BODY\n"
            "GET     /health            open           none        262144\n"
            "POST    /pay/{token}/card  payment_token  pay         16384\n");
  EXPECT_EQ(routes_json(routes),
            R"([{"method":"GET","path":"/health","access":"open","permission":"none","body_max":262144},)"
            R"({"method":"POST","path":"/pay/{token}/card","access":"payment_token","permission":"pay",)"
            R"("body_max":16384}])"
            "\n");
}

TEST(RouteList, TellsOfEveryDoorOfTheProductWithoutOpeningOne) {
  std::set<std::string> listed;
  for (const auto& [route, access, endpoint] : all_routes()) {
    const std::string line = std::string(to_string(route.method)) + " " + route.pattern + " " +
                             std::string(http::to_string(access)) + " " + route.permission;
    EXPECT_TRUE(listed.insert(line).second) << line;
  }
  for (const char* line : {
           "GET /pay/{token} payment_token none",
           "POST /pay/{token}/card payment_token none",
           "POST /pay/{token}/extend payment_token none",
           "POST /pay/{token}/cancel payment_token none",
           "POST /pay/{token}/authenticate payment_token none",
           "POST /3ds/method-done open none",
           "GET /3ds/method-done open none",
           "POST /3ds/challenge-done step_token none",
           "POST /3ds/results scheme none",
           "POST /3ds/results/{shop}/{secret} scheme none",
           "GET /vads-payment signed_form none",
           "POST /vads-payment/ signed_form none",
           "GET /health open none",
           "GET /metrics operator_only none",
       }) {
    EXPECT_TRUE(listed.contains(line)) << line;
  }
  // What is open but for files: nothing that moves money.
  for (const std::string& line : listed) {
    if (!line.starts_with("POST") || !line.ends_with(" open none")) continue;
    EXPECT_EQ(line, "POST /3ds/method-done open none");
  }
}

}  // namespace
}  // namespace acquit::app

#include "http/router.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "http/routes.h"

namespace acquit::http {
namespace {

// Answers with the route's pattern and the values it was given.
Handler echo(std::string name) {
  return [name = std::move(name)](Request request) -> base::Task<Response> {
    std::string body = name;
    for (const auto& [key, value] : request.path_params) {
      body += ' ';
      body += key;
      body += '=';
      body += value;
    }
    return [](std::string text) -> base::Task<Response> {
      co_return Response::text(200, std::move(text));
    }(std::move(body));
  };
}

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    const std::pair<Method, std::string_view> routes[] = {
        {Method::get, "/"},
        {Method::get, "/pay/{token}"},
        {Method::post, "/pay/{token}"},
        {Method::get, "/pay/new"},
        {Method::post, "/pay/{token}/card"},
        {Method::get, "/pay/{id}/card/{step}"},
        {Method::get, "/shop/"},
        {Method::post, "/api/payments"},
        {Method::get, "/static/*"},
        {Method::get, "/static/special"},
        {Method::get, "/static/{version}/logo"},
        {Method::head, "/own-head"},
        {Method::get, "/own-head"},
    };
    for (const auto& [method, pattern] : routes) {
      router.add({.method = method, .pattern = std::string(pattern)}, Open(),
                 echo(std::string(to_string(method)) + " " + std::string(pattern)));
    }
  }
  Response route(Method method, std::string path) {
    return base::sync_wait(router.route(Request{.method = method, .path = std::move(path)}));
  }
  Router router;
};

TEST_F(RouterTest, FindsTheRoute) {
  const struct {
    Method method;
    std::string_view path;
    int status;
    std::string_view body;
  } rows[] = {
      {Method::get, "/", 200, "GET /"},
      {Method::get, "/pay/abc", 200, "GET /pay/{token} token=abc"},
      {Method::post, "/pay/abc", 200, "POST /pay/{token} token=abc"},
      {Method::get, "/pay/new", 200, "GET /pay/new"},
      {Method::post, "/pay/new", 405, ""},
      {Method::post, "/pay/abc/card", 200, "POST /pay/{token}/card token=abc"},
      {Method::post, "/pay/new/card", 200, "POST /pay/{token}/card token=new"},
      {Method::get, "/pay/a/card/2", 200, "GET /pay/{id}/card/{step} id=a step=2"},
      {Method::get, "/pay/", 404, ""},
      {Method::get, "/pay", 404, ""},
      {Method::get, "/pay/abc/", 404, ""},
      {Method::get, "/pay//card/1", 404, ""},
      {Method::get, "/shop/", 200, "GET /shop/"},
      {Method::get, "/shop", 404, ""},
      {Method::get, "/static/a/b.js", 200, "GET /static/* *=a/b.js"},
      {Method::get, "/static/", 200, "GET /static/* *="},
      {Method::get, "/static", 404, ""},
      {Method::get, "/static/special", 200, "GET /static/special"},
      {Method::get, "/static/special/x", 200, "GET /static/* *=special/x"},
      {Method::get, "/static/1/logo", 200, "GET /static/{version}/logo version=1"},
      {Method::get, "/static/1/other", 200, "GET /static/* *=1/other"},
      {Method::put, "/pay/abc", 405, ""},
      {Method::get, "/api/payments", 405, ""},
      {Method::get, "", 404, ""},
      {Method::get, "/PAY/abc", 404, ""},
  };
  for (const auto& row : rows) {
    const Response response = route(row.method, std::string(row.path));
    EXPECT_EQ(response.status, row.status) << to_string(row.method) << " " << row.path;
    if (row.status == 200) EXPECT_EQ(response.body, row.body);
  }
}

TEST_F(RouterTest, NamesTheMethodsOfAKnownPath) {
  const Response response = route(Method::delete_, "/pay/abc");
  EXPECT_EQ(response.status, 405);
  EXPECT_NE(std::ranges::find(response.headers, std::pair<std::string, std::string>("allow", "GET, HEAD, POST")),
            response.headers.end());
}

TEST_F(RouterTest, AnswersHeadByGet) {
  const Response response = route(Method::head, "/pay/abc");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "GET /pay/{token} token=abc");
  EXPECT_EQ(route(Method::head, "/own-head").body, "HEAD /own-head");
  EXPECT_EQ(route(Method::head, "/api/payments").status, 405);
}

TEST_F(RouterTest, ListsItsRoutes) {
  const auto routes = router.routes();
  EXPECT_EQ(routes.size(), 13U);
  EXPECT_EQ(routes.front().route.pattern, "/");
  EXPECT_EQ(routes.front().route.permission, "none");
  EXPECT_EQ(routes.front().access, Access::open);
}

TEST_F(RouterTest, RefusesBadAndDoublePatterns) {
  for (const std::string pattern : {"", "pay", "/pay/{token}", "/pay/{other}", "/*/x", "/a{b}", "/{}", "/a*"}) {
    EXPECT_THROW(router.add({.pattern = pattern}, Open(), echo("")), std::logic_error) << pattern;
  }
}

// Knows one word, and who says it.
struct PasswordGuard {
  struct Proof {
    std::string who;
  };
  static constexpr Access kAccess = Access::operator_only;
  [[nodiscard]] static base::Task<Admission<Proof>> admit(const Request& request) {
    if (request.header("password") != "sesame") co_return std::unexpected(Response::text(403, "the word is another\n"));
    co_return Proof{.who = std::string(request.header("name"))};
  }
};
static_assert(Guard<PasswordGuard> && Guard<Open>);

base::Task<Response> greet(Request request, PasswordGuard::Proof proof) {
  co_return Response::text(200, proof.who + " at " + request.path);
}
// There is no way to add a route without a guard, or one whose handler needs what its guard does not prove.
static_assert(!HandlerBehind<decltype(&greet), Open>);
static_assert(HandlerBehind<decltype(&greet), PasswordGuard> && HandlerBehind<Handler, PasswordGuard>);

TEST_F(RouterTest, AsksTheGuardFirstAndGivesItsProofToTheHandler) {
  bool called = false;
  router.add({.pattern = "/guarded"}, PasswordGuard(), greet);
  router.add({.method = Method::post, .pattern = "/guarded"}, PasswordGuard(), [&called](Request) {
    called = true;
    return greet({}, {});
  });
  const auto ask = [this](Method method, const std::string& password) {
    return base::sync_wait(
        router.route({.method = method, .path = "/guarded", .headers = {{"password", password}, {"name", "Ali"}}}));
  };
  EXPECT_EQ(ask(Method::get, "sesame").body, "Ali at /guarded");
  for (const Method method : {Method::get, Method::post, Method::head}) {
    const Response refused = ask(method, "open");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.body, "the word is another\n");
  }
  EXPECT_FALSE(called);
  EXPECT_EQ(ask(Method::post, "sesame").status, 200);
  EXPECT_TRUE(called) << "a handler that needs no proof takes the request only";
}

TEST_F(RouterTest, KnowsWhatARouteMayBring) {
  router.add({.method = Method::post, .pattern = "/small/{name}", .body_max = 10}, Open(), echo(""));
  EXPECT_EQ(router.body_max_of(Method::post, "/small/x"), 10U);
  EXPECT_EQ(router.body_max_of(Method::get, "/small/x"), std::nullopt);
  EXPECT_EQ(router.body_max_of(Method::post, "/smaller"), std::nullopt);
  EXPECT_EQ(router.body_max_of(Method::post, ""), std::nullopt);
  EXPECT_EQ(router.body_max_of(Method::head, "/pay/abc"), kBodyMax);
}

class Greeter {
 public:
  explicit Greeter(std::string name) : name_(std::move(name)) {}
  static Routes<Greeter> routes() {
    Routes<Greeter> routes;
    routes.add<Open>({.pattern = "/name"}, &Greeter::name)
        .add<MemberGuard<Access::scheme, &Greeter::admit>>(
            {.method = Method::post, .pattern = "/name/{name}", .permission = "rename"}, &Greeter::rename);
    return routes;
  }

 private:
  struct NewName {
    std::string text;
  };
  base::Task<Admission<NewName>> admit(const Request& request) {
    const std::string& name = request.path_params.at("name");
    if (name == name_) co_return std::unexpected(Response::text(409, "that is the name"));
    co_return NewName{.text = name};
  }
  base::Task<Response> rename(Request, NewName to) {
    name_ = to.text;
    co_return Response::text(200, "");
  }
  base::Task<Response> name(Request) { co_return Response::text(200, name_); }

  std::string name_;
};

TEST_F(RouterTest, TakesTheRoutesOfAnObjectThatAreListedWithoutOne) {
  const auto listed = Greeter::routes().list();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[1].route.pattern, "/name/{name}");
  EXPECT_EQ(listed[1].route.permission, "rename");
  EXPECT_EQ(listed[1].access, Access::scheme);
  const auto greeter = std::make_unique<Greeter>("Ann");
  Greeter::routes().mount(router, greeter.get());
  EXPECT_EQ(route(Method::post, "/name/Ann").status, 409);
  EXPECT_EQ(route(Method::post, "/name/Bea").status, 200);
  EXPECT_EQ(route(Method::get, "/name").body, "Bea");
  EXPECT_EQ(router.routes().size(), 13U + listed.size());
}

}  // namespace
}  // namespace acquit::http

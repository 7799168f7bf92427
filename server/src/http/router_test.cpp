#include "http/router.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

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
      router.add(method, pattern, Access::open, echo(std::string(to_string(method)) + " " + std::string(pattern)));
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
  EXPECT_EQ(routes.front().pattern, "/");
}

TEST_F(RouterTest, RefusesBadAndDoublePatterns) {
  for (const std::string_view pattern : {"", "pay", "/pay/{token}", "/pay/{other}", "/*/x", "/a{b}", "/{}", "/a*"}) {
    EXPECT_THROW(router.add(Method::get, pattern, Access::open, echo("")), std::logic_error) << pattern;
  }
}

}  // namespace
}  // namespace acquit::http

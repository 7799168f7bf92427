// Router: method and path pattern to guard and handler. Built once at start, then read from any thread.
//
// A pattern is literal segments and {name} segments ("/pay/{token}/card"); a trailing "/" is significant; "/static/*"
// takes the rest as path_params["*"]. Literal beats {name}. Unknown path: 404; known path, other method: 405 with
// Allow. HEAD is answered by GET's handler, and the server leaves the body away. There is no route without a guard.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/endpoint.h"
#include "http/guard.h"
#include "http/message.h"

namespace acquit::http {

struct Route {
  Method method = Method::get;
  std::string pattern{};
  std::string about{};              ///< What it is for, in a sentence of the description.
  std::string permission = "none";  ///< Of the user who calls it; "none" where the guard's access is enough.
  std::size_t body_max = kBodyMax;  ///< The server refuses more before it reads it: see body_max_of.
};

/// A route as it is told of: `acquit routes`.
struct ListedRoute {
  Route route;
  Access access = Access::open;
  Described endpoint{};  ///< Of what is no endpoint: nothing.
};

/// A handler of routes that `G` guards; one that needs no proof takes the request only.
template <class H, class G>
concept HandlerBehind = std::invocable<const H&, Request, typename G::Proof> || std::invocable<const H&, Request>;

class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  /// Throws std::logic_error on a pattern that is malformed or there already: a bug of the caller, found at start.
  template <Guard G, HandlerBehind<G> H>
  void add(Route route, G guard, H handler) {
    insert({.route = std::move(route), .access = G::kAccess},
           [guard = std::move(guard), handler = std::move(handler)](Request request) {
             return admit_first(guard, handler, std::move(request));
           });
  }
  /// Never fails: unknown paths get their own answer. Fills request.path_params.
  [[nodiscard]] base::Task<Response> route(Request request) const;
  /// What a request may bring; nothing if there is no route for it.
  [[nodiscard]] std::optional<std::size_t> body_max_of(Method method, std::string_view path) const;
  [[nodiscard]] std::vector<ListedRoute> routes() const;

 private:
  // Both live in the router, longer than what they answer.
  template <Guard G, HandlerBehind<G> H>
  static base::Task<Response> admit_first(const G& guard, const H& handler, Request request) {
    auto admitted = co_await guard.admit(request);
    if (!admitted) co_return std::move(admitted).error();
    if constexpr (std::invocable<const H&, Request, typename G::Proof>) {
      co_return co_await handler(std::move(request), *std::move(admitted));
    } else {
      co_return co_await handler(std::move(request));
    }
  }
  void insert(ListedRoute listed, Handler handler);

  struct Branch;
  std::unique_ptr<Branch> root_;
};

}  // namespace acquit::http

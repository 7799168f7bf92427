// Router: method and path pattern to handler. Built once at start, then read from any thread.
//
// A pattern is literal segments and {name} segments ("/pay/{token}/card"); a trailing "/" is significant; "/static/*"
// takes the rest as path_params["*"]. Literal beats {name}. Unknown path: 404; known path, other method: 405 with
// Allow. HEAD is answered by GET's handler, and the server leaves the body away. Every route names the permission it
// needs ("public" included).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace acquit::http {

/// Who may call a route; checked by the folder that adds it, listed by `acquit routes` and in the docs.
enum class Access : std::uint8_t {
  open,           ///< Anyone: static files, health.
  signed_form,    ///< A form whose signature the handler checks first.
  payment_token,  ///< The unguessable token in the path.
  scheme,         ///< A 3-D Secure directory server or access control server.
  operator_only,  ///< Metrics: loopback or the configured addresses.
};

class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;
  /// Throws std::logic_error on a pattern that is malformed or there already: a bug of the caller, found at start.
  void add(Method method, std::string_view pattern, Access access, Handler handler);
  /// Never fails: unknown paths get their own answer. Fills request.path_params.
  [[nodiscard]] base::Task<Response> route(Request request) const;
  struct Route {
    Method method;
    std::string pattern;
    Access access;
  };
  [[nodiscard]] std::vector<Route> routes() const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
};

}  // namespace acquit::http

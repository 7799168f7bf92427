// Routes: the routes of one object, listed before there is one and added to a router as soon as there is.
//
// `acquit routes` needs neither a database nor a configuration that way, and tells of the same rows that are served.
// A guard is made from the object, a handler is a member function of it or takes it first. Plain values.
#pragma once

#include <concepts>
#include <functional>
#include <utility>
#include <vector>

#include "http/router.h"

namespace acquit::http {

/// `Pointer`: how routes hold their object; std::shared_ptr where it is theirs alone.
template <class Owner, class Pointer = Owner*>
class Routes {
 public:
  /// `described`: what a handler that reads its fields in a way of its own takes.
  template <Guard G, class H>
    requires std::constructible_from<G, Owner&> &&
             (std::invocable<const H&, Owner&, Request, typename G::Proof> || std::invocable<const H&, Owner&, Request>)
  Routes& add(Route route, H handler, Described described = {}) {
    rows_.push_back({{.route = route, .access = G::kAccess, .endpoint = std::move(described)},
                     [route, handler = std::move(handler)](Router& router, const Pointer& owner) {
                       router.add(route, G(*owner), bind<G>(handler, owner));
                     }});
    return *this;
  }
  /// The fields of what comes are read by the endpoint's spec before it works.
  template <Guard G, Endpoint<typename G::Proof> E>
    requires std::constructible_from<E, Owner&>
  Routes& add_endpoint(Route route) {
    return add<G>(
        std::move(route),
        [](Owner& owner, Request request, typename G::Proof proof) {
          return answer(E(owner), std::move(request), std::move(proof));
        },
        describe<E>());
  }
  [[nodiscard]] std::vector<ListedRoute> list() const {
    std::vector<ListedRoute> listed;
    for (const Row& row : rows_) listed.push_back(row.listed);
    return listed;
  }
  void mount(Router& router, const Pointer& owner) const {
    for (const Row& row : rows_) row.add(router, owner);
  }

 private:
  struct Row {
    ListedRoute listed;
    std::function<void(Router&, const Pointer&)> add;
  };

  template <Guard G, class H>
  static auto bind(H handler, Pointer owner) {
    using Proof = G::Proof;
    if constexpr (std::invocable<const H&, Owner&, Request, Proof>) {
      return [handler = std::move(handler), owner = std::move(owner)](Request request, Proof proof) {
        return std::invoke(handler, *owner, std::move(request), std::move(proof));
      };
    } else {
      return [handler = std::move(handler), owner = std::move(owner)](Request request) {
        return std::invoke(handler, *owner, std::move(request));
      };
    }
  }

  std::vector<Row> rows_;
};

}  // namespace acquit::http

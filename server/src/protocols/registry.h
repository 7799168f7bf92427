// Registry: the protocols that this server speaks, by name. Made once at start from the list in protocols/all; read
// from any thread.
#pragma once

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/protocol.h"

namespace acquit::protocols {

using Protocols = std::vector<std::unique_ptr<const Protocol>>;

class Registry {
 public:
  explicit Registry(Protocols protocols) : protocols_(std::move(protocols)) {}

  /// Null if there is none of that name.
  [[nodiscard]] const Protocol* find(std::string_view name) const {
    const auto found = std::ranges::find(protocols_, name, [](const auto& protocol) { return protocol->name(); });
    return found == protocols_.end() ? nullptr : found->get();
  }
  /// Of all of them.
  void add_routes(http::Router& router, const Surroundings& surroundings) const {
    for (const auto& protocol : protocols_) protocol->add_routes(router, surroundings);
  }
  /// Those that add_routes() adds.
  [[nodiscard]] std::vector<http::ListedRoute> routes() const {
    std::vector<http::ListedRoute> all;
    for (const auto& protocol : protocols_) std::ranges::move(protocol->routes(), std::back_inserter(all));
    return all;
  }
  /// Borrows this.
  [[nodiscard]] notifications::Formatters formatters() const {
    return [this](std::string_view name) { return find(name); };
  }

 private:
  Protocols protocols_;
};

}  // namespace acquit::protocols

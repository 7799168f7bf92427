// Node: one running server: everything wired together from a configuration. Made by start(), ended by stop().
//
// The wiring is here and nowhere else; members are declared in the order in which they are made, and end in the other
// one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/router.h"
#include "platform/config/config.h"

namespace acquit::app {

class Node {
 public:
  virtual ~Node() = default;
  /// Listens when it returns. Errors: configuration_invalid (says what to do), database_unavailable, connection_failed.
  static base::Result<std::unique_ptr<Node>> start(const platform::Config& config);
  [[nodiscard]] virtual std::string url() const = 0;
  /// What it answers itself, beside pages and protocols.
  [[nodiscard]] static std::vector<http::ListedRoute> routes();
  /// Reads certificate and tables again; what can't be read is logged, and the former goes on.
  virtual void reload() = 0;
  /// Lets requests in flight end, then stops jobs, connectors and the loop.
  virtual void stop() = 0;
};

}  // namespace acquit::app

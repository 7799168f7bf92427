// Stream and Listener: TCP byte streams for protocols of our own (ISO 8583, SMTP), as coroutines with time limits.
//
// A Stream is used by one reader and one writer coroutine at a time; close() may come from any thread and makes both
// end with connection_failed. Plain TCP.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "net/loop.h"

namespace acquit::net {

class Stream {
 public:
  virtual ~Stream() = default;
  /// Some bytes, at least one and at most `max`. Errors: connection_failed (also end of stream), timed_out.
  [[nodiscard]] virtual base::Task<base::Result<std::string>> read_some(std::size_t max, base::Milliseconds limit) = 0;
  /// Just `size` bytes.
  [[nodiscard]] virtual base::Task<base::Result<std::string>> read_exactly(std::size_t size,
                                                                           base::Milliseconds limit) = 0;
  /// All of `data`.
  [[nodiscard]] virtual base::Task<base::Result<void>> write(std::string data, base::Milliseconds limit) = 0;
  virtual void close() = 0;
  [[nodiscard]] virtual std::string peer() const = 0;
};

/// Connects to "host:port". Errors: connection_failed, timed_out.
[[nodiscard]] base::Task<base::Result<std::shared_ptr<Stream>>> connect(Loop& loop, std::string address,
                                                                        base::Milliseconds limit);

class Listener {
 public:
  virtual ~Listener() = default;
  /// Calls `accepted` on the loop for every connection.
  static base::Result<std::unique_ptr<Listener>> start(Loop& loop, const std::string& address,
                                                       std::function<void(std::shared_ptr<Stream>)> accepted);
  [[nodiscard]] virtual int port() const = 0;
  virtual void stop() = 0;
};

}  // namespace acquit::net

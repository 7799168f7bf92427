// Loop: the event loop that every socket and coroutine of the process runs on; a base::Executor.
//
// Asio behind a narrow door: only net/ and http/ .cpp files include it. Threads are started by run_in_background() and
// joined by stop(). post() and post_after() are safe from any thread; a posted handle is never lost while the loop
// runs.
#pragma once

#include <coroutine>
#include <cstddef>
#include <memory>

#include "base/executor.h"

namespace acquit::net {

class Loop final : public base::Executor {
 public:
  explicit Loop(std::size_t threads);
  ~Loop() override;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run_in_background();
  /// Lets work that is ready end (at most 100 ms), joins the threads, drops what still waits. Idempotent; not from a
  /// loop thread. Streams and listeners must go before the Loop object does.
  void stop();
  void post(std::coroutine_handle<> handle) override;
  void post_after(base::Milliseconds delay, std::coroutine_handle<> handle) override;
  void hurry(std::coroutine_handle<> handle) override;

  struct Impl;
  [[nodiscard]] Impl& impl() { return *impl_; }  ///< For net/ and http/ only.

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace acquit::net

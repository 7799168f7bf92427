#include "base/periodic.h"

#include <utility>

#include "base/log.h"

namespace acquit::base {

void Periodic::start(std::string name, Milliseconds interval, Work work, First first) {
  ++running_;
  spawn(go_round(std::move(name), interval, std::move(work), first), [this] { --running_; });
}

Task<void> Periodic::go_round(std::string name, Milliseconds interval, Work work, First first) {
  co_await executor_.hop();
  if (first == First::after_interval) co_await bell_.wait(interval);
  while (!bell_.stopped()) {
    const auto done = co_await work();
    if (!done) log::failed(name, done.error());
    co_await bell_.wait(interval);
  }
}

}  // namespace acquit::base

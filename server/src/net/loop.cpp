#include "net/loop.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <utility>

#include "net/loop_asio.h"

namespace acquit::net {
namespace asio = boost::asio;
namespace {

// How long stop() lets the threads finish what is ready, such as coroutines whose streams were closed just before.
constexpr base::Milliseconds kDrainTime{100};

}  // namespace

Loop::Impl::Impl(std::size_t wanted)
    : context(static_cast<int>(std::max<std::size_t>(wanted, 1))),
      work(context.get_executor()),
      threads_wanted(std::max<std::size_t>(wanted, 1)) {}

Loop::Loop(std::size_t threads) : impl_(std::make_unique<Impl>(threads)) {
  // OpenSSL writes to sockets without MSG_NOSIGNAL: a peer that leaves must be an error, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
}

Loop::~Loop() { stop(); }

void Loop::run_in_background() {
  const std::lock_guard lock(impl_->mutex);
  while (impl_->threads.size() < impl_->threads_wanted) {
    ++impl_->threads_running;
    impl_->threads.emplace_back([impl = impl_.get()] {
      impl->context.run();
      const std::lock_guard ending(impl->mutex);
      --impl->threads_running;
      impl->thread_ended.notify_all();
    });
  }
}

void Loop::stop() {
  impl_->work.reset();
  std::vector<std::thread> threads;
  {
    std::unique_lock lock(impl_->mutex);
    impl_->thread_ended.wait_for(lock, kDrainTime, [this] { return impl_->threads_running == 0; });
    threads = std::exchange(impl_->threads, {});
  }
  impl_->context.stop();
  for (std::thread& thread : threads) thread.join();
}

void Loop::post(std::coroutine_handle<> handle) {
  asio::post(impl_->context, [handle] { handle.resume(); });
}

void Loop::post_after(base::Milliseconds delay, std::coroutine_handle<> handle) {
  auto timer = std::make_unique<asio::steady_timer>(impl_->context, delay);
  asio::steady_timer& waiting = *timer;
  const std::lock_guard lock(impl_->sleepers_mutex);
  impl_->sleepers.emplace(handle.address(), timer.get());
  waiting.async_wait([impl = impl_.get(), owned = std::move(timer), handle](boost::system::error_code) mutable {
    {
      const std::lock_guard ending(impl->sleepers_mutex);
      impl->sleepers.erase(handle.address());
    }
    owned.reset();
    handle.resume();
  });
}

void Loop::hurry(std::coroutine_handle<> handle) {
  const std::lock_guard lock(impl_->sleepers_mutex);
  const auto found = impl_->sleepers.find(handle.address());
  if (found != impl_->sleepers.end()) found->second->cancel();
}

}  // namespace acquit::net

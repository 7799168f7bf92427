// The inside of a Loop, for .cpp files of net/ and http/ only: the one header that shows Asio.
//
// Handlers run on any of the loop's threads. Work that waits when the loop goes is dropped without being called.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "net/loop.h"

namespace acquit::net {

struct Loop::Impl {
  explicit Impl(std::size_t wanted);

  boost::asio::io_context context;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
  std::size_t threads_wanted;
  std::mutex mutex;
  std::condition_variable thread_ended;
  std::size_t threads_running = 0;
  std::vector<std::thread> threads;
  std::mutex sleepers_mutex;
  std::unordered_map<void*, boost::asio::steady_timer*> sleepers;  // By the address of the coroutine that waits.
};

}  // namespace acquit::net

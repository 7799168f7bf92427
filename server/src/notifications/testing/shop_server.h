// ShopServer: a shop's web server on a free port that remembers what it got and answers what it is told to, or not at
// all. Safe from any thread.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "base/random.h"
#include "http/server.h"
#include "net/loop.h"
#include "tests/support/must.h"

namespace acquit::notifications {

class ShopServer {
 public:
  ShopServer(net::Loop& loop, base::Random& random) : released_(loop) {
    server_ = support::must(http::Server::start({.listen = "127.0.0.1:0"}, loop, random,
                                                [this](http::Request request) { return answer(std::move(request)); }));
  }
  ~ShopServer() {
    released_.set(true);
    server_->stop(base::Milliseconds{1000});
  }
  void answer_next(http::Response response) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(response));
  }
  void answer_always(int status) {
    const std::lock_guard lock(mutex_);
    status_ = status;
  }
  /// The next request gets no answer while this server lives.
  void hang_once() {
    const std::lock_guard lock(mutex_);
    hangs_ = true;
  }
  [[nodiscard]] std::vector<http::Request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  [[nodiscard]] std::string url(std::string_view path) const { return server_->url() + std::string(path); }

 private:
  base::Task<http::Response> answer(http::Request request) {
    bool hangs = false;
    http::Response response = http::Response::text(200, "OK");
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(std::move(request));
      response.status = status_;
      if (!answers_.empty()) {
        response = std::move(answers_.front());
        answers_.pop_front();
      }
      hangs = std::exchange(hangs_, false);
    }
    if (hangs) co_await released_;
    co_return response;
  }

  mutable std::mutex mutex_;
  std::vector<http::Request> requests_;
  std::deque<http::Response> answers_;
  int status_ = 200;
  bool hangs_ = false;
  base::Completion<bool> released_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace acquit::notifications

// ClientFixture: a client, an HTTP server that answers by path, and servers that behave as a test says.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "base/testing/begin.h"
#include "base/testing/eventually.h"
#include "http/client.h"
#include "http/server.h"
#include "net/stream.h"

namespace acquit::http {

using base::ErrorCode;
using base::Milliseconds;
using base::sync_wait;
using base::Task;
using base::testing::begin;
using base::testing::eventually;
inline constexpr Milliseconds kLong{10'000};
inline constexpr Milliseconds kShort{50};

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Takes connections and says nothing.
struct CountAndHang {
  std::atomic<int>& connections;
  Task<void> operator()(std::shared_ptr<net::Stream> stream) const {
    ++connections;
    while (co_await stream->read_some(4096, kLong)) {
    }
  }
};

class ClientFixture : public testing::Test {
 protected:
  ClientFixture() {
    loop_.run_in_background();
    client_ = Client::make({.allow_private_addresses = true}, loop_);
    auto server = Server::start({.listen = "127.0.0.1:0"}, loop_, random_,
                                [this](Request request) { return answer(std::move(request)); });
    EXPECT_TRUE(server);
    server_ = *std::move(server);
  }
  ~ClientFixture() override {
    client_.reset();
    never_.set(true);
    if (server_) server_->stop(kLong);
    for (const auto& listener : listeners_) listener->stop();
    loop_.stop();
  }

  Task<Response> answer(Request request) {
    ++requests_;
    if (request.path == "/never") co_await never_;
    if (request.path == "/see-other") co_return Response::see_other("/other");
    if (request.path == "/large") co_return Response::text(200, std::string(3'000'000, 'x'));
    if (request.path == "/cookies") {
      co_return Response::text(404, "").with_header("set-cookie", "a=1").with_header("set-cookie", "b=2");
    }
    std::string body = std::string(to_string(request.method)) + " " + request.path + " " + request.query + "\n";
    for (const auto& [name, value] : request.headers) body += name + ": " + value + "\n";
    co_return Response::text(200, body + "\n" + request.body);
  }

  base::Result<IncomingResponse> send(OutgoingRequest request) { return sync_wait(client_->send(std::move(request))); }
  std::string url(std::string_view path) const { return server_->url() + std::string(path); }
  // A TCP server that says `behave` to every connection; its address.
  std::string listen(std::function<Task<void>(std::shared_ptr<net::Stream>)> behave) {
    auto listener = net::Listener::start(loop_, "127.0.0.1:0", [behave](std::shared_ptr<net::Stream> stream) {
      base::spawn(behave(std::move(stream)));
    });
    EXPECT_TRUE(listener);
    listeners_.push_back(*std::move(listener));
    return "127.0.0.1:" + std::to_string(listeners_.back()->port());
  }

  net::Loop loop_{2};
  base::SeededRandom random_{1};
  base::Completion<bool> never_{loop_};
  std::atomic<int> requests_{0};
  std::unique_ptr<Client> client_;
  std::unique_ptr<Server> server_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
};

}  // namespace acquit::http

// ServerFixture: a server on a free port and raw clients that speak to it in bytes, for tests of the server's edge.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/executor.h"
#include "http/server.h"
#include "net/stream.h"

namespace acquit::http {

using base::Milliseconds;
using base::sync_wait;
using base::Task;
inline constexpr Milliseconds kLong{10'000};

// A raw client: bytes out, bytes in.
class RawClient {
 public:
  RawClient(net::Loop& loop, std::string_view url)
      : stream_(*sync_wait(net::connect(loop, std::string(url.substr(url.find("//") + 2)), kLong))) {}
  ~RawClient() { stream_->close(); }

  void send(std::string bytes) { ASSERT_TRUE(sync_wait(stream_->write(std::move(bytes), kLong))); }
  /// Up to and with `end`.
  std::string read_until(std::string_view end) {
    std::string text;
    while (!text.ends_with(end)) {
      auto got = sync_wait(stream_->read_exactly(1, kLong));
      if (!got) return text + "<" + std::string(base::error_row(got.error().code).token) + ">";
      text += *got;
    }
    return text;
  }
  std::string read_all() {
    std::string text;
    while (auto got = sync_wait(stream_->read_some(65536, kLong))) text += *got;
    return text;
  }
  net::Stream& stream() { return *stream_; }

 private:
  std::shared_ptr<net::Stream> stream_;
};

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

inline Task<Response> echo(Request request) {
  std::string body =
      std::string(to_string(request.method)) + " " + request.path + " " + request.query + " " + request.body;
  co_return Response::text(200, std::move(body));
}

class ServerFixture : public testing::Test {
 protected:
  ServerFixture() { loop_.run_in_background(); }
  ~ServerFixture() override {
    if (server_) server_->stop(kLong);
    loop_.stop();
  }
  void start(Handler handler, ServerOptions options = {}) {
    options.listen = "127.0.0.1:0";
    auto server = Server::start(options, loop_, random_, std::move(handler));
    ASSERT_TRUE(server) << server.error().detail;
    server_ = *std::move(server);
  }
  RawClient client() { return RawClient(loop_, server_->url()); }
  // One request on a connection of its own, and all that comes back.
  std::string ask(const std::string& bytes) {
    RawClient raw = client();
    raw.send(bytes);
    return raw.read_all();
  }

  net::Loop loop_{2};
  base::SeededRandom random_{1};
  std::unique_ptr<Server> server_;
};

}  // namespace acquit::http

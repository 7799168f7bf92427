// Connection: one client's HTTP connection from accept to close, a coroutine; Connections: all of them, and their
// limits.
//
// A connection registers itself while it lives. The server's sweep walks the registry now and then and cuts off those
// whose phase lasts too long; this costs a request a few stores instead of timers. For http/'s .cpp files (shows Asio).
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "http/impl/forwarded.h"
#include "http/impl/request_parser.h"
#include "http/impl/response_head.h"
#include "http/impl/transport.h"
#include "http/server.h"
#include "net/loop.h"

namespace acquit::http {

class Connection;

/// Safe from any thread.
class Connections {
 public:
  void add(Connection& connection);
  void remove(Connection& connection);
  [[nodiscard]] std::size_t count() const;
  void for_each(const std::function<void(Connection&)>& visit);
  /// False if some are left when `limit` has passed.
  bool wait_until_none(base::Milliseconds limit);

 private:
  mutable std::mutex mutex_;
  std::condition_variable none_;
  std::unordered_set<Connection*> all_;
};

/// What all connections of a server share; it lives as long as the last of them.
struct ServerState {
  ServerOptions options;
  net::Loop& loop;
  base::Random& random;
  Handler handler;
  TrustedProxies trusted;
  base::OsClock clock;
  Connections connections;
  std::atomic<bool> stopping{false};
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<ServerState> state, boost::asio::ip::tcp::socket socket, SslPtr ssl);
  ~Connection();

  /// To the end of the connection.
  base::Task<void> serve();

  // From any thread, by the registry:
  void cut_if_late(base::Monotonic now);
  void cut_if_idle();
  void cut();

 private:
  enum class Phase : std::uint8_t { handshake, idle, header, body, handler, writing, lingering };

  void enter(Phase phase, base::Milliseconds limit);
  [[nodiscard]] bool was_late();
  base::Task<bool> serve_one();
  base::Task<bool> receive();
  base::Task<bool> read_more();
  base::Task<Response> call_handler(Request request, std::string id);
  base::Task<bool> respond(const Response& response, Method method, const std::string& id, bool keep_alive);
  base::Task<bool> write(std::string_view data);
  base::Task<void> linger();
  [[nodiscard]] std::string_view date();

  std::shared_ptr<ServerState> state_;  // Shared by all connections of the server.
  Transport transport_;
  RequestParser parser_;
  std::vector<char> buffer_;  // Bytes [begin_, end_) were read and not used.
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string out_;
  std::string date_;
  std::int64_t date_second_ = 0;

  std::mutex mutex_;  // Guards what follows: the sweep looks at it.
  Phase phase_ = Phase::handshake;
  base::Monotonic deadline_;
  bool late_ = false;  // The request did not come in time; the answer is 408.
};

}  // namespace acquit::http

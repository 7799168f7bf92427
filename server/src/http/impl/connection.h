// Connection: one client's HTTP connection from accept to close, a coroutine.
//
// A connection registers itself with Connections while it lives. The server's sweep walks them now and then and cuts
// off those whose phase lasts too long; this costs a request a few stores instead of timers. For http/'s .cpp files
// (shows Asio).
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/bounded_log.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "http/impl/connections.h"
#include "http/impl/forwarded.h"
#include "http/impl/request_parser.h"
#include "http/impl/response_head.h"
#include "http/impl/transport.h"
#include "http/server.h"
#include "net/loop.h"

namespace acquit::http {

/// What all connections of a server share; it lives as long as the last of them.
struct ServerState {
  ServerState(const ServerOptions& server_options, net::Loop& its_loop, base::Random& its_random, Handler its_handler);

  ServerOptions options;
  net::Loop& loop;
  base::Random& random;
  Handler handler;
  AddressSet trusted;
  base::OsClock clock;
  base::BoundedLog log{clock};
  Connections connections;
  std::atomic<bool> stopping{false};
  std::atomic<std::uint64_t> handshakes_failed{0};
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// `subscriber` as Connections::make_room() wants it.
  Connection(std::shared_ptr<ServerState> state, boost::asio::ip::tcp::socket socket, SslPtr ssl,
             const std::string& subscriber);
  ~Connection();

  /// To the end of the connection.
  base::Task<void> serve();

  // From any thread, by the registry:
  void cut_if_late(base::Monotonic now);
  void cut_if_idle();
  void cut();
  /// What tells who goes first where there is no room: the idle, then the longest waiting.
  struct Waiting {
    int rank = 0;
    base::Monotonic since;
    auto operator<=>(const Waiting&) const = default;
  };
  [[nodiscard]] bool is_idle();
  /// Nothing for one that is being answered.
  [[nodiscard]] std::optional<Waiting> waits();
  /// Tells it to go; false if it is being answered meanwhile.
  [[nodiscard]] bool evict();

 private:
  enum class Phase : std::uint8_t { handshake, idle, header, body, handler, writing, lingering };

  void enter(Phase phase, base::Milliseconds limit);
  [[nodiscard]] std::optional<Refusal> cut_off();
  void cut_off_as(Refusal why);
  base::Task<void> refuse(const Refusal& refusal, const std::string& id);
  [[nodiscard]] bool holds(std::size_t bytes, bool must);
  base::Task<bool> serve_one();
  base::Task<bool> receive();
  base::Task<bool> read_more();
  base::Task<Response> call_handler(Request request, std::string id);
  base::Task<bool> respond(const Response& response, Method method, const std::string& id, bool keep_alive);
  base::Task<bool> write(std::string_view data);
  base::Task<void> linger();
  void give_back_memory();
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
  bool secure_ = false;   // The request in hand came by TLS, here or at a trusted proxy.
  std::size_t held_ = 0;  // Bytes, as Connections counts them.
  Refusal crowded_;       // What holds() said no with.

  std::mutex mutex_;  // Guards what follows: the sweep looks at it.
  Phase phase_ = Phase::handshake;
  base::Monotonic since_;
  base::Monotonic deadline_;
  std::optional<Refusal> cut_off_;  // The rest of the request is not waited for; this is the answer.
};

}  // namespace acquit::http

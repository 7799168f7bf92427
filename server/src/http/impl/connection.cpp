#include "http/impl/connection.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <cstring>
#include <exception>
#include <utility>

#include "base/log.h"
#include "net/loop_asio.h"

namespace acquit::http {
namespace {

constexpr std::size_t kBufferSize = 4096;
constexpr std::size_t kBodyBufferSize = 16 * 1024;
constexpr std::size_t kSmallBody = 16 * 1024;  // Bodies up to this are sent with their headers in one call.
constexpr std::size_t kWriteStep = 64 * 1024;  // Each such part of a response has write_time to leave.
constexpr std::size_t kLingerMax = 1U << 20U;
constexpr base::Milliseconds kLingerTime{1000};
constexpr int kTurnsMax = 32;  // Requests served in a row before others on this thread get their turn.
constexpr std::size_t kRequestIdBytes = 8;
constexpr std::size_t kHoldStep = 8 * 1024;

}  // namespace

ServerState::ServerState(const ServerOptions& server_options, net::Loop& its_loop, base::Random& its_random,
                         Handler its_handler)
    : options(server_options),
      loop(its_loop),
      random(its_random),
      handler(std::move(its_handler)),
      connections({.total = options.connections_max,
                   .per_subscriber = options.connections_per_subscriber,
                   .bytes_total = options.buffered_max,
                   .bytes_per_subscriber = options.buffered_per_subscriber}) {}

Connection::Connection(std::shared_ptr<ServerState> state, boost::asio::ip::tcp::socket socket, SslPtr ssl,
                       const std::string& subscriber)
    : state_(std::move(state)),
      transport_(std::move(socket), std::move(ssl)),
      parser_({.header_max = state_->options.header_max,
               .body_max = state_->options.body_max,
               .body_max_of = state_->options.body_max_of}) {
  enter(Phase::handshake, state_->options.header_time);
  state_->connections.add(*this, subscriber);
}

Connection::~Connection() { state_->connections.remove(*this); }

void Connection::enter(Phase phase, base::Milliseconds limit) {
  const base::Monotonic now = state_->clock.monotonic();
  const std::lock_guard lock(mutex_);
  phase_ = phase;
  since_ = now;
  deadline_ = now + limit;
}

std::optional<Refusal> Connection::cut_off() {
  const std::lock_guard lock(mutex_);
  return cut_off_;
}

// What came of the request is still answered, if that can be done soon. Under the lock.
void Connection::cut_off_as(Refusal why) {
  cut_off_ = std::move(why);
  deadline_ = state_->clock.monotonic() + kLingerTime;
  transport_.shut_reading();
}

void Connection::cut_if_late(base::Monotonic now) {
  const std::lock_guard lock(mutex_);
  if (phase_ == Phase::handler || now < deadline_) return;
  if (cut_off_ || (phase_ != Phase::header && phase_ != Phase::body)) return transport_.shut();
  cut_off_as({.status = 408, .rule = "request timeout: the request came too slowly"});
}

void Connection::cut_if_idle() {
  const std::lock_guard lock(mutex_);
  if (phase_ == Phase::idle || phase_ == Phase::handshake) transport_.shut();
}

void Connection::cut() { transport_.shut(); }

bool Connection::is_idle() {
  const std::lock_guard lock(mutex_);
  return phase_ == Phase::idle;
}

std::optional<Connection::Waiting> Connection::waits() {
  const std::lock_guard lock(mutex_);
  if (cut_off_) return std::nullopt;
  switch (phase_) {
    case Phase::idle:
    case Phase::lingering: return Waiting{.rank = 0, .since = since_};
    case Phase::handshake:
    case Phase::header:
    case Phase::body: return Waiting{.rank = 1, .since = since_};
    case Phase::handler:
    case Phase::writing: break;
  }
  return std::nullopt;
}

bool Connection::evict() {
  const std::lock_guard lock(mutex_);
  if (cut_off_ || phase_ == Phase::handler || phase_ == Phase::writing) return false;
  if (phase_ == Phase::header || phase_ == Phase::body) {
    cut_off_as({.status = 503, .rule = "service unavailable: too many connections, and this one was the slowest"});
  } else {
    transport_.shut();
  }
  return true;
}

// Asks for the memory in steps, so that most requests of a connection need not ask at all.
bool Connection::holds(std::size_t bytes, bool must) {
  const std::size_t wanted = (bytes + kHoldStep - 1) / kHoldStep * kHoldStep;
  if (wanted == held_ || (wanted < held_ && held_ - wanted <= kHoldStep)) return true;
  const auto full = state_->connections.hold(*this, wanted, must);
  if (full == Connections::Full::no) {
    held_ = wanted;
    return true;
  }
  crowded_ = {.status = 503,
              .rule = full == Connections::Full::total
                          ? "service unavailable: too many requests are being received; try again in a moment"
                          : "service unavailable: too many requests are being received from your address"};
  return false;
}

base::Task<void> Connection::serve() {
  const auto self = shared_from_this();
  co_await state_->loop.hop();  // The acceptor must not wait for a first request that is there at once.
  if (!co_await transport_.handshake()) {
    ++state_->handshakes_failed;
    co_return;
  }
  int turns = 0;
  while (co_await serve_one()) {
    if (++turns % kTurnsMax == 0) co_await state_->loop.hop();
  }
  transport_.finish_writing();
}

// True if another request may follow.
base::Task<bool> Connection::serve_one() {
  parser_.reset();
  secure_ = transport_.secure();  // Until the request says more.
  const bool received = co_await receive();
  const auto cut_off_as = cut_off();
  if (!received && !cut_off_as && crowded_.rule.empty()) co_return false;
  const std::string id = state_->random.hex(kRequestIdBytes);
  if (!received) {
    co_await refuse(cut_off_as ? *cut_off_as : crowded_, id);
    co_return false;
  }
  if (parser_.state() == RequestParser::State::refused) {
    co_await refuse(parser_.refusal(), id);
    co_return false;
  }
  Request request = parser_.take();
  const Method method = request.method;
  const Response response = co_await call_handler(std::move(request), id);
  if (response.hang_up) co_return false;
  const bool keep_alive = parser_.keep_alive() && !state_->stopping.load();
  co_return co_await respond(response, method, id, keep_alive) && keep_alive;
}

base::Task<void> Connection::refuse(const Refusal& refusal, const std::string& id) {
  Response answer = Response::text(refusal.status, refusal.rule + "\n");
  if (refusal.status == 503) answer.with_header("retry-after", "1");
  if (co_await respond(answer, Method::get, id, false)) co_await linger();
}

// Reads until the parser has a whole request or refuses it. False: the connection ended first.
base::Task<bool> Connection::receive() {
  const ServerOptions& options = state_->options;
  bool begun = false;
  bool in_body = false;
  bool told_to_continue = false;
  if (begin_ == end_) {
    give_back_memory();
    enter(Phase::idle, options.idle_time);
    if (state_->stopping.load()) co_return false;
  }
  for (;;) {
    if (begin_ == end_ && !co_await read_more()) co_return false;
    if (!std::exchange(begun, true)) enter(Phase::header, options.header_time);
    begin_ += parser_.feed(std::string_view(buffer_.data() + begin_, end_ - begin_));
    const auto state = parser_.state();
    if (state == RequestParser::State::complete || state == RequestParser::State::refused) co_return true;
    // Bodies come in small pieces: what is held is asked for as it grows, not as it is announced.
    if (!holds(buffer_.capacity() + parser_.held(), false)) co_return false;
    if (state == RequestParser::State::body) {
      if (!std::exchange(in_body, true)) enter(Phase::body, options.body_time);
      if (begin_ == end_ && parser_.expects_continue() && !std::exchange(told_to_continue, true)) {
        if (!co_await write("HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
        enter(Phase::body, options.body_time);
      }
    }
    if (!co_await read_more()) co_return false;
  }
}

// The buffer never holds much more than the header limit: the parser uses up bodies at once and refuses longer headers.
base::Task<bool> Connection::read_more() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
  } else if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
  }
  const std::size_t wanted = parser_.state() == RequestParser::State::body ? kBodyBufferSize : kBufferSize;
  if (buffer_.size() < wanted) buffer_.resize(wanted);
  if (end_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
  const std::size_t got = co_await transport_.read_some(std::span(buffer_).subspan(end_));
  end_ += got;
  co_return got > 0;
}

base::Task<Response> Connection::call_handler(Request request, std::string id) {
  const Origin origin = find_origin(request.headers, transport_.peer(), transport_.secure(), state_->trusted);
  request.remote_address = origin.address;
  request.secure = secure_ = origin.secure;
  request.request_id = id;
  request.deadline = state_->clock.monotonic() + state_->options.handler_time;
  enter(Phase::handler, state_->options.handler_time);
  const std::string path = request.path;
  std::string bug;
  try {
    Response response = co_await state_->handler(std::move(request));
    // A handler may come back on a thread of its own; the sockets belong to the loop.
    if (!state_->loop.impl().context.get_executor().running_in_this_thread()) co_await state_->loop.hop();
    if (is_sendable(response)) co_return response;
    bug = "the response has a bad status or header";
  } catch (const std::exception& exception) {
    bug = exception.what();
  } catch (...) {  // tidy: the HTTP edge; whatever a handler throws must not take the server down.
    bug = "unknown exception";
  }
  state_->log.error("handler_failed", {{"request_id", id}, {"path", path}, {"detail", bug}});
  if (!state_->loop.impl().context.get_executor().running_in_this_thread()) co_await state_->loop.hop();
  co_return Response::text(500, "internal error; request " + id + "\n");
}

base::Task<bool> Connection::respond(const Response& response, Method method, const std::string& id, bool keep_alive) {
  (void)holds(buffer_.capacity() + response.body.size(), true);
  append_head(out_, response,
              {.method = method,
               .request_id = id,
               .date = date(),
               .keep_alive = keep_alive,
               .secure = secure_,
               .policy = state_->options.policy});
  std::string_view body;
  if (carries_body(method, response.status)) body = response.body;
  if (body.size() <= kSmallBody) {
    out_ += body;
    body = {};
  }
  const bool written = co_await write(out_) && co_await write(body);
  out_ = {};
  co_return written;
}

base::Task<bool> Connection::write(std::string_view data) {
  std::size_t left_of_step = 0;
  while (!data.empty()) {
    if (left_of_step == 0) {
      enter(Phase::writing, state_->options.write_time);
      left_of_step = kWriteStep;
    }
    const std::size_t sent = co_await transport_.write_some(data);
    if (sent == 0) co_return false;
    data.remove_prefix(sent);
    left_of_step -= std::min(left_of_step, sent);
  }
  co_return true;
}

// Between two requests a connection keeps one small buffer.
void Connection::give_back_memory() {
  if (buffer_.size() > kBufferSize) buffer_ = std::vector<char>(kBufferSize);
  (void)holds(buffer_.capacity(), true);
}

// Closing with unread data resets the connection, and the client might never see the refusal: read on for a while.
base::Task<void> Connection::linger() {
  transport_.finish_writing();
  enter(Phase::lingering, kLingerTime);
  begin_ = end_ = 0;
  for (std::size_t dropped = 0; dropped < kLingerMax; dropped += end_) {
    end_ = 0;
    if (!co_await read_more()) co_return;
  }
}

std::string_view Connection::date() {
  const base::Time now = state_->clock.now();
  const std::int64_t second = base::to_ms(now) / 1000;
  if (std::exchange(date_second_, second) != second) date_ = http_date(now);
  return date_;
}

}  // namespace acquit::http

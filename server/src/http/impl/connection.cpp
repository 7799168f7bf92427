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
constexpr std::size_t kOutKeep = 64 * 1024;
constexpr std::size_t kWriteStep = 64 * 1024;  // Each such part of a response has write_time to leave.
constexpr std::size_t kLingerMax = 1U << 20U;
constexpr base::Milliseconds kLingerTime{1000};
constexpr int kTurnsMax = 32;  // Requests served in a row before others on this thread get their turn.
constexpr std::size_t kRequestIdBytes = 8;

}  // namespace

void Connections::add(Connection& connection) {
  const std::lock_guard lock(mutex_);
  all_.insert(&connection);
}

void Connections::remove(Connection& connection) {
  const std::lock_guard lock(mutex_);
  all_.erase(&connection);
  if (all_.empty()) none_.notify_all();
}

std::size_t Connections::count() const {
  const std::lock_guard lock(mutex_);
  return all_.size();
}

void Connections::for_each(const std::function<void(Connection&)>& visit) {
  const std::lock_guard lock(mutex_);
  for (Connection* connection : all_) visit(*connection);
}

bool Connections::wait_until_none(base::Milliseconds limit) {
  std::unique_lock lock(mutex_);
  return none_.wait_for(lock, limit, [this] { return all_.empty(); });
}

Connection::Connection(std::shared_ptr<ServerState> state, boost::asio::ip::tcp::socket socket, SslPtr ssl)
    : state_(std::move(state)),
      transport_(std::move(socket), std::move(ssl)),
      parser_({.header_max = state_->options.header_max, .body_max = state_->options.body_max}) {
  enter(Phase::handshake, state_->options.header_time);
  state_->connections.add(*this);
}

Connection::~Connection() { state_->connections.remove(*this); }

void Connection::enter(Phase phase, base::Milliseconds limit) {
  const base::Monotonic deadline = state_->clock.monotonic() + limit;
  const std::lock_guard lock(mutex_);
  phase_ = phase;
  deadline_ = deadline;
}

bool Connection::was_late() {
  const std::lock_guard lock(mutex_);
  return late_;
}

void Connection::cut_if_late(base::Monotonic now) {
  const std::lock_guard lock(mutex_);
  if (phase_ == Phase::handler || now < deadline_) return;
  if (late_ || (phase_ != Phase::header && phase_ != Phase::body)) return transport_.shut();
  // A late request is still told so, if that can be done soon.
  late_ = true;
  deadline_ = now + kLingerTime;
  transport_.shut_reading();
}

void Connection::cut_if_idle() {
  const std::lock_guard lock(mutex_);
  if (phase_ == Phase::idle || phase_ == Phase::handshake) transport_.shut();
}

void Connection::cut() { transport_.shut(); }

base::Task<void> Connection::serve() {
  const auto self = shared_from_this();
  co_await state_->loop.hop();  // The acceptor must not wait for a first request that is there at once.
  if (!co_await transport_.handshake()) co_return;
  int turns = 0;
  while (co_await serve_one()) {
    if (++turns % kTurnsMax == 0) co_await state_->loop.hop();
  }
  transport_.finish_writing();
}

// True if another request may follow.
base::Task<bool> Connection::serve_one() {
  parser_.reset();
  const bool received = co_await receive();
  const bool late = was_late();
  if (!received && !late) co_return false;
  const std::string id = state_->random.hex(kRequestIdBytes);
  if (!received) {
    (void)co_await respond(Response::text(408, "request timeout: the request came too slowly\n"), Method::get, id,
                           false);
    co_return false;
  }
  if (parser_.state() == RequestParser::State::refused) {
    const Refusal& refusal = parser_.refusal();
    const Response answer = Response::text(refusal.status, refusal.rule + "\n");
    if (co_await respond(answer, Method::get, id, false)) co_await linger();
    co_return false;
  }
  Request request = parser_.take();
  const Method method = request.method;
  const Response response = co_await call_handler(std::move(request), id);
  if (response.hang_up) co_return false;
  const bool keep_alive = parser_.keep_alive() && !state_->stopping.load();
  co_return co_await respond(response, method, id, keep_alive) && keep_alive;
}

// Reads until the parser has a whole request or refuses it. False: the connection ended first.
base::Task<bool> Connection::receive() {
  const ServerOptions& options = state_->options;
  bool begun = false;
  bool in_body = false;
  bool told_to_continue = false;
  if (begin_ == end_) {
    enter(Phase::idle, options.idle_time);
    if (state_->stopping.load()) co_return false;
  }
  for (;;) {
    if (begin_ == end_ && !co_await read_more()) co_return false;
    if (!std::exchange(begun, true)) enter(Phase::header, options.header_time);
    begin_ += parser_.feed(std::string_view(buffer_.data() + begin_, end_ - begin_));
    const auto state = parser_.state();
    if (state == RequestParser::State::complete || state == RequestParser::State::refused) co_return true;
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
  request.secure = origin.secure;
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
  base::log::error("handler_failed", {{"request_id", id}, {"path", path}, {"detail", bug}});
  if (!state_->loop.impl().context.get_executor().running_in_this_thread()) co_await state_->loop.hop();
  co_return Response::text(500, "internal error; request " + id + "\n");
}

base::Task<bool> Connection::respond(const Response& response, Method method, const std::string& id, bool keep_alive) {
  out_.clear();
  append_head(out_, response, {.method = method, .request_id = id, .date = date(), .keep_alive = keep_alive});
  std::string_view body;
  if (carries_body(method, response.status)) body = response.body;
  if (body.size() <= kSmallBody) {
    out_ += body;
    body = {};
  }
  const bool written = co_await write(out_) && co_await write(body);
  if (out_.capacity() > kOutKeep) out_ = {};
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

#include "connectors/iso8583/session.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "connectors/iso8583/map.h"

namespace acquit::iso8583 {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

constexpr std::size_t kReadSize = 64 * 1024;
constexpr std::uint64_t kNoKey = 0;  // Of what we answer: nobody waits for it. No request has it, its class is not 0.

base::Error unanswered(bool handed_over) {
  if (handed_over) return {.code = ErrorCode::outcome_unknown, .field = {}, .detail = "The acquirer did not answer."};
  return {.code = ErrorCode::connector_unavailable, .field = {}, .detail = "The message did not leave."};
}

// An answer came, but not one that says what happened.
base::Error unusable(const base::Error& fault) {
  return {.code = ErrorCode::outcome_unknown, .field = fault.field, .detail = fault.detail};
}

}  // namespace

std::shared_ptr<Session> Session::start(net::Loop& loop, const base::Clock& clock, const Iso8583Options& options,
                                        Shared shared, std::shared_ptr<net::Stream> stream) {
  auto session = std::make_shared<Session>(loop, clock, options, std::move(shared), std::move(stream));
  // Weak: the queue belongs to the session.
  session->send_queue_ = std::make_shared<SendQueue>(loop, session->stream_, options.request_time_limit,
                                                     [weak = std::weak_ptr(session)](Key key) {
                                                       const auto self = weak.lock();
                                                       return self != nullptr && self->admit(key);
                                                     });
  base::spawn(read_all(session));
  return session;
}

Session::Session(net::Loop& loop, const base::Clock& clock, const Iso8583Options& options, Shared shared,
                 std::shared_ptr<net::Stream> stream)
    : loop_(loop),
      clock_(clock),
      options_(options),
      shared_(std::move(shared)),
      stream_(std::move(stream)),
      last_received_(clock.monotonic()) {}

base::Task<Result<Message>> Session::request(Message message) {
  const auto key = exchange_key(message);
  if (!key) co_return fail(ErrorCode::invariant_broken, "A request without trace.", "DE 11");
  ACQUIT_CO_TRY(std::string bytes, to_wire(message, options_.format));
  const base::Completion<Result<Message>> answer(loop_);
  ACQUIT_CO_CHECK(enqueue(*key, std::move(bytes), answer));
  co_return co_await answer;
}

Result<void> Session::enqueue(Key key, std::string bytes, const base::Completion<Result<Message>>& answer) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return fail(ErrorCode::connector_unavailable, "The link to the acquirer is down.");
    if (waiting_.size() >= options_.max_in_flight) {
      return fail(ErrorCode::connector_unavailable, "Too many requests wait for the acquirer.");
    }
    if (!waiting_.try_emplace(key, Waiting{.answer = answer}).second) {
      return fail(ErrorCode::invariant_broken, "A message with the same trace is in flight.", "DE 11");
    }
    first = deadlines_.empty();
    deadlines_.push_back({.at = clock_.monotonic() + options_.request_time_limit, .key = key});
  }
  if (first) bell_.ring();
  send_queue_->send(key, std::move(bytes));
  return {};
}

bool Session::admit(Key key) {
  if (key == kNoKey) return true;
  const std::lock_guard lock(mutex_);
  const auto found = waiting_.find(key);
  if (found == waiting_.end()) return false;  // Given up while it was queued, and said so: it must not leave now.
  found->second.handed_over = true;
  return true;
}

void Session::expire() {
  std::vector<Waiting> expired;
  {
    const std::lock_guard lock(mutex_);
    const base::Monotonic now = clock_.monotonic();
    for (; !deadlines_.empty() && deadlines_.front().at <= now; deadlines_.pop_front()) {
      const auto found = waiting_.find(deadlines_.front().key);
      if (found == waiting_.end()) continue;
      doubtful_ = doubtful_ || last_received_ < deadlines_.front().at - options_.request_time_limit;
      expired.push_back(std::move(found->second));
      waiting_.erase(found);
    }
  }
  shared_.counters->time_outs += expired.size();
  for (const Waiting& request : expired) request.answer.set(std::unexpected(unanswered(request.handed_over)));
}

std::optional<base::Monotonic> Session::next_deadline() {
  const std::lock_guard lock(mutex_);
  while (!deadlines_.empty() && !waiting_.contains(deadlines_.front().key)) deadlines_.pop_front();
  return deadlines_.empty() ? std::nullopt : std::optional(deadlines_.front().at);
}

void Session::close() { stream_->close(); }

bool Session::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

bool Session::finished() const { return closed() && send_queue_->idle(); }

std::string Session::end_reason() const {
  const std::lock_guard lock(mutex_);
  return end_reason_;
}

std::size_t Session::in_flight() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

std::size_t Session::room() const {
  const std::lock_guard lock(mutex_);
  return options_.max_in_flight - std::min(options_.max_in_flight, waiting_.size());
}

base::Monotonic Session::last_received() const {
  const std::lock_guard lock(mutex_);
  return last_received_;
}

bool Session::take_doubt() {
  const std::lock_guard lock(mutex_);
  return std::exchange(doubtful_, false);
}

base::Task<void> Session::read_all(std::shared_ptr<Session> self) {
  FrameReader frames(self->options_.format.length_header, self->options_.max_message);
  // Longer than an idle link is silent: the echo's answer comes before.
  const base::Milliseconds limit = self->options_.echo_interval * 2 + self->options_.request_time_limit;
  for (;;) {
    const auto bytes = co_await self->stream_->read_some(kReadSize, limit);
    if (!bytes) {
      self->end(bytes.error().detail);
      co_return;
    }
    frames.append(*bytes);
    if (const auto taken = self->take_messages(frames); !taken) {
      ++self->shared_.counters->garbage;
      self->shared_.log->warning(
          "acquirer_sent_garbage",
          {{"peer", self->stream_->peer()}, {"field", taken.error().field}, {"detail", taken.error().detail}});
      self->end("it sent garbage");
      co_return;
    }
  }
}

Result<void> Session::take_messages(FrameReader& frames) {
  for (;;) {
    ACQUIT_TRY(const auto bytes, frames.next());
    if (!bytes) return {};
    take_message(*bytes);
  }
}

void Session::take_message(std::string_view bytes) {
  Reading reading = read_message(bytes, options_.format);
  {
    const std::lock_guard lock(mutex_);
    last_received_ = clock_.monotonic();
  }
  const auto key = is_answer(reading.message) ? exchange_key(reading.message) : std::nullopt;
  if (reading.fault) {
    ++shared_.counters->unusable;
    shared_.log->warning(
        "acquirer_message_unusable",
        {{"message", describe(reading.message)}, {"field", reading.fault->field}, {"detail", reading.fault->detail}});
    // Whose it is decides: one that names no exchange is nobody's answer, and who waits for his is told by the time.
    if (key) take_answer(*key, std::unexpected(unusable(*reading.fault)));
  } else if (key) {
    take_answer(*key, std::move(reading.message));
  } else if (is_answer(reading.message)) {
    shared_.log->warning("acquirer_answer_ignored", {{"message", describe(reading.message)}});
  } else {
    answer_host(reading.message);
  }
}

void Session::take_answer(Key key, Result<Message> answer) {
  std::unique_lock lock(mutex_);
  const auto found = waiting_.find(key);
  if (found == waiting_.end()) {
    lock.unlock();
    const bool late = shared_.exchanges->keep(key, answer);
    ++(late ? shared_.counters->late_answers : shared_.counters->unexpected_answers);
    if (!answer) return;
    const auto approval = late ? std::nullopt : approval_in(*answer, clock_.now());
    if (approval && !shared_.exchanges->keep_unclaimed(*approval)) {
      shared_.log->error("late_approval_dropped", {{"merchant", approval->merchant_number},
                                                   {"reference", approval->reference},
                                                   {"stan", approval->trace.stan},
                                                   {"detail", "too many wait; compare with the acquirer's list"}});
    }
    shared_.log->info("acquirer_answer_unclaimed", {{"message", describe(*answer)}, {"late", late}});
    return;
  }
  const Waiting request = std::move(found->second);
  waiting_.erase(found);
  lock.unlock();
  ++shared_.counters->answers;
  request.answer.set(std::move(answer));
}

// Hosts try idle links too. Anything else they may ask is not for us to do, and is left unanswered.
void Session::answer_host(const Message& request) {
  if (request.mti() != "0800") {
    shared_.log->warning("acquirer_request_ignored", {{"message", describe(request)}});
    return;
  }
  Message answer = answer_to(request);
  answer.set(39, "00");
  if (auto bytes = to_wire(answer, options_.format)) send_queue_->send(kNoKey, *std::move(bytes));
}

void Session::end(std::string reason) {
  std::unordered_map<Key, Waiting> left;
  {
    const std::lock_guard lock(mutex_);
    end_reason_ = std::move(reason);
    closed_ = true;
    left = std::exchange(waiting_, {});
  }
  stream_->close();
  bell_.ring();
  for (const auto& [key, request] : left) request.answer.set(std::unexpected(unanswered(request.handed_over)));
}

}  // namespace acquit::iso8583

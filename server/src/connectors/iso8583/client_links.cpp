// The links of an Iso8583Acquirer: connected, signed on, watched, and connected again.
#include "connectors/iso8583/client_core.h"

namespace acquit::iso8583 {

Task<void> Iso8583Acquirer::Core::keep_up(std::shared_ptr<Core> self, std::size_t index) {
  for (int failures = 0; !self->stopping();) {
    auto stream =
        co_await net::connect(self->loop_, self->options_.address, self->options_.connect_limit, self->options_.end);
    bool served = false;
    if (stream) {
      const auto session = co_await (*stream)->shake_hands(Milliseconds(0));  // Over already: what was agreed on.
      if (session) self->tell_security(*session);
      served = co_await self->tend(index, *std::move(stream));
    } else {
      self->shared_.log->failed("acquirer_connect", stream.error());
    }
    failures = served ? 0 : failures + 1;
    co_await self->pause(failures);
  }
  self->running_.ended();
}

void Iso8583Acquirer::Core::tell_security(const net::TlsSession& session) const {
  if (session.version.empty()) return;
  shared_.log->info("acquirer_link_encrypted", {{"address", options_.address}, {"version", session.version}});
  if (!session.peer_ends) return;
  const std::int64_t left = net::days_left(*session.peer_ends, clock_.now());
  if (left < net::kEndsSoonDays) {
    shared_.log->warning("acquirer_certificate_ends", {{"address", options_.address}, {"days_left", left}});
  }
}

// Until a request is to be given up, or the link to be tried: nothing else needs a look at a link that is up.
Milliseconds Iso8583Acquirer::Core::until_due(Session& session, base::Monotonic tried) const {
  if (session.closed()) return tick_;  // Its last write ends in a moment.
  base::Monotonic due = std::max(tried, session.last_received()) + options_.echo_interval;
  if (const auto deadline = session.next_deadline()) due = std::min(due, *deadline);
  return std::max(tick_, std::chrono::ceil<Milliseconds>(due - clock_.monotonic()));
}

// From the connect to the end of the session; true if it was signed on in between.
Task<bool> Iso8583Acquirer::Core::tend(std::size_t index, std::shared_ptr<net::Stream> stream) {
  const std::string peer = stream->peer();
  const auto session = Session::start(loop_, clock_, options_, shared_, std::move(stream));
  {
    const std::lock_guard lock(mutex_);
    links_[index] = {.session = session};
    if (stopping_) session->close();
  }
  running_.began();
  base::spawn(sign_on(shared_from_this(), index, session));
  base::Monotonic tried = clock_.monotonic();
  while (!session->finished()) {
    co_await session->wait(until_due(*session, tried));
    session->expire();
    const base::Monotonic now = clock_.monotonic();
    const auto quiet_since = std::max(tried, session->last_received());
    const bool doubtful = session->take_doubt();
    if ((!doubtful && now - quiet_since < options_.echo_interval) || session->closed()) continue;
    tried = now;
    running_.began();
    base::spawn(echo(shared_from_this(), session));
  }
  const std::lock_guard lock(mutex_);
  const Link link = std::exchange(links_[index], {});
  shared_.log->warning("acquirer_link_down",
                       {{"peer", peer}, {"was_signed_on", link.signed_on}, {"detail", session->end_reason()}});
  co_return link.signed_on;
}

// Exponential, and random so that many nodes do not come back at the same instant. stop() ends it.
Task<void> Iso8583Acquirer::Core::pause(int failures) {
  Milliseconds wait = options_.reconnect_first;
  for (int i = 1; i < failures && wait < options_.reconnect_most; ++i) wait *= 2;
  wait = std::max(std::min(wait, options_.reconnect_most), Milliseconds(2));
  const auto half = static_cast<std::uint64_t>(wait.count() / 2);
  wait = Milliseconds(static_cast<std::int64_t>(half + random_.below(half + 1)));
  co_await stop_bell_.wait(wait);
}

Task<void> Iso8583Acquirer::Core::sign_on(std::shared_ptr<Core> self, std::size_t index,
                                          std::shared_ptr<Session> session) {
  const auto answer = co_await self->network_request(session, NetworkCode::sign_on);
  if (answer && answer->get(39) == "00") {
    const std::lock_guard lock(self->mutex_);
    if (self->links_[index].session == session) {
      self->links_[index].signed_on = true;
      ++self->shared_.counters->connects;
      self->shared_.log->info("acquirer_link_up", {{"address", self->options_.address}, {"link", index}});
    }
  } else {
    self->shared_.log->warning("acquirer_sign_on_failed",
                               {{"address", self->options_.address},
                                {"detail", answer ? "answer " + std::string(answer->get(39)) : answer.error().detail}});
    session->close();
  }
  self->running_.ended();
}

Task<void> Iso8583Acquirer::Core::echo(std::shared_ptr<Core> self, std::shared_ptr<Session> session) {
  const auto answer = co_await self->network_request(session, NetworkCode::echo);
  if (!answer) session->close();  // Nobody there: a new connection may find somebody.
  self->running_.ended();
}

Task<Result<Message>> Iso8583Acquirer::Core::network_request(const std::shared_ptr<Session>& session,
                                                             NetworkCode code) {
  ACQUIT_CO_TRY(Message message, network_message(new_trace(), code));
  co_return co_await session->request(std::move(message));
}

}  // namespace acquit::iso8583

#include "connectors/iso8583/client.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "base/log.h"
#include "connectors/iso8583/map.h"
#include "connectors/iso8583/response_codes.h"
#include "connectors/iso8583/running.h"
#include "connectors/iso8583/session.h"

namespace acquit::iso8583 {

using base::ErrorCode;
using base::fail;
using base::Milliseconds;
using base::Result;
using base::Task;
using connectors::Receipt;

// What the links' coroutines share. Each link is one coroutine, keep_up(), that connects, watches and connects again.
class Iso8583Acquirer::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(net::Loop& loop, const base::Clock& clock, base::Random& random, Iso8583Options options)
      : loop_(loop),
        clock_(clock),
        random_(random),
        options_(std::move(options)),
        tick_(std::clamp(options_.request_time_limit / 20, Milliseconds(5), Milliseconds(50))),
        node_(options_.node),
        links_(options_.links),
        next_stan_(random.below(kStansOfANode)) {}

  Result<void> start();
  Task<void> stop();
  void abandon();
  [[nodiscard]] bool ready() const;
  Task<bool> wait_until_ready(Milliseconds limit);
  [[nodiscard]] const LinkCounters& counters() const { return *shared_.counters; }
  [[nodiscard]] Exchanges& exchanges() const { return *shared_.exchanges; }
  void use_node(int node) { node_ = node; }
  connectors::Trace new_trace();
  Task<Result<Message>> ask(Result<Message> message, std::optional<connectors::LateApproval> authorisation = {});
  Task<Result<connectors::MessageAnswer>> ask_for_receipt(Result<Message> message);

 private:
  Task<Result<Message>> exchange(Message message);
  Result<Message> believed(const Message& request, Message answer);

  static constexpr std::uint64_t kStansOfANode = 9'999;

  struct Link {
    std::shared_ptr<Session> session;
    bool signed_on = false;
    [[nodiscard]] bool usable() const { return signed_on && !session->closed(); }
  };

  static Task<void> keep_up(std::shared_ptr<Core> self, std::size_t index);
  static Task<void> sign_on(std::shared_ptr<Core> self, std::size_t index, std::shared_ptr<Session> session);
  static Task<void> echo(std::shared_ptr<Core> self, std::shared_ptr<Session> session);
  Task<bool> tend(std::size_t index, std::shared_ptr<net::Stream> stream);
  Task<void> pause(int failures);
  Task<Result<Message>> network_request(const std::shared_ptr<Session>& session, NetworkCode code);
  std::shared_ptr<Session> choose();
  std::vector<std::shared_ptr<Session>> sessions() const;
  [[nodiscard]] bool stopping() const;

  net::Loop& loop_;
  const base::Clock& clock_;
  base::Random& random_;
  const Iso8583Options options_;
  const Milliseconds tick_;
  const Session::Shared shared_{.counters = std::make_shared<LinkCounters>(),
                                .exchanges = std::make_shared<Exchanges>()};

  std::atomic<int> node_;
  mutable std::mutex mutex_;
  std::vector<Link> links_;
  std::size_t next_link_ = 0;
  bool started_ = false;
  bool stopping_ = false;
  Running running_{loop_};
  std::atomic<std::uint64_t> next_stan_;
};

Result<void> Iso8583Acquirer::Core::start() {
  if (options_.format.length_header == LengthHeader::none) {
    return fail(ErrorCode::configuration_invalid, "A link needs a length before each message.", "length_header");
  }
  if (options_.links == 0) return fail(ErrorCode::configuration_invalid, "At least one link is needed.", "links");
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || std::exchange(started_, true)) return {};
  }
  for (std::size_t index = 0; index < options_.links; ++index) {
    running_.began();
    base::spawn(keep_up(shared_from_this(), index));
  }
  return {};
}

Task<void> Iso8583Acquirer::Core::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  for (const auto& session : sessions()) {
    while (session->in_flight() > 0) co_await loop_.sleep(tick_);
    // Politeness only: an acquirer that does not answer is left all the same.
    (void)co_await network_request(session, NetworkCode::sign_off);
    session->close();
  }
  co_await running_.wait_for_none();
}

void Iso8583Acquirer::Core::abandon() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  for (const auto& session : sessions()) session->close();
}

bool Iso8583Acquirer::Core::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

std::vector<std::shared_ptr<Session>> Iso8583Acquirer::Core::sessions() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Session>> open;
  for (const Link& link : links_) {
    if (link.session) open.push_back(link.session);
  }
  return open;
}

// --- one link ---

Task<void> Iso8583Acquirer::Core::keep_up(std::shared_ptr<Core> self, std::size_t index) {
  for (int failures = 0; !self->stopping();) {
    auto stream = co_await net::connect(self->loop_, self->options_.address, self->options_.connect_limit);
    bool served = false;
    if (stream) {
      served = co_await self->tend(index, *std::move(stream));
    } else {
      base::log::failed("acquirer_connect", stream.error());
    }
    failures = served ? 0 : failures + 1;
    co_await self->pause(failures);
  }
  self->running_.ended();
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
    co_await loop_.sleep(tick_);
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
  base::log::warning("acquirer_link_down", {{"peer", peer}, {"was_signed_on", link.signed_on}});
  co_return link.signed_on;
}

// Exponential, and random so that many nodes do not come back at the same instant. In slices, so that stop() is quick.
Task<void> Iso8583Acquirer::Core::pause(int failures) {
  Milliseconds wait = options_.reconnect_first;
  for (int i = 1; i < failures && wait < options_.reconnect_most; ++i) wait *= 2;
  wait = std::max(std::min(wait, options_.reconnect_most), Milliseconds(2));
  const auto half = static_cast<std::uint64_t>(wait.count() / 2);
  wait = Milliseconds(static_cast<std::int64_t>(half + random_.below(half + 1)));
  while (wait > Milliseconds(0) && !stopping()) {
    const Milliseconds slice = std::min(wait, tick_);
    co_await loop_.sleep(slice);
    wait -= slice;
  }
}

Task<void> Iso8583Acquirer::Core::sign_on(std::shared_ptr<Core> self, std::size_t index,
                                          std::shared_ptr<Session> session) {
  const auto answer = co_await self->network_request(session, NetworkCode::sign_on);
  if (answer && answer->get(39) == "00") {
    const std::lock_guard lock(self->mutex_);
    if (self->links_[index].session == session) {
      self->links_[index].signed_on = true;
      ++self->shared_.counters->connects;
      base::log::info("acquirer_link_up", {{"address", self->options_.address}, {"link", index}});
    }
  } else {
    base::log::warning("acquirer_sign_on_failed",
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

// --- requests ---

bool Iso8583Acquirer::Core::ready() const {
  const std::lock_guard lock(mutex_);
  return !stopping_ && std::ranges::any_of(links_, &Link::usable);
}

Task<bool> Iso8583Acquirer::Core::wait_until_ready(Milliseconds limit) {
  const base::Monotonic until = clock_.monotonic() + limit;
  while (!ready()) {
    if (clock_.monotonic() >= until) co_return false;
    co_await loop_.sleep(Milliseconds(2));
  }
  co_return true;
}

std::shared_ptr<Session> Iso8583Acquirer::Core::choose() {
  const std::lock_guard lock(mutex_);
  if (stopping_) return nullptr;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const Link& link = links_[next_link_++ % links_.size()];
    if (link.usable()) return link.session;
  }
  return nullptr;
}

Task<Result<Message>> Iso8583Acquirer::Core::exchange(Message message) {
  const auto session = choose();
  if (!session) co_return fail(ErrorCode::connector_unavailable, "No link to the acquirer is up.");
  co_return co_await session->request(std::move(message));
}

connectors::Trace Iso8583Acquirer::Core::new_trace() {
  const std::uint64_t turn = next_stan_.fetch_add(1) % kStansOfANode;
  return {.stan = static_cast<int>(static_cast<std::uint64_t>(node_.load()) * kStansOfANode + turn + 1),
          .sent_at = std::chrono::floor<std::chrono::seconds>(clock_.now())};
}

// --- the door ---

Iso8583Acquirer::Iso8583Acquirer(net::Loop& loop, const base::Clock& clock, base::Random& random,
                                 Iso8583Options options)
    : core_(std::make_shared<Core>(loop, clock, random, std::move(options))) {}

Iso8583Acquirer::~Iso8583Acquirer() { core_->abandon(); }

Result<void> Iso8583Acquirer::start() { return core_->start(); }
Task<void> Iso8583Acquirer::stop() { return core_->stop(); }
bool Iso8583Acquirer::ready() const { return core_->ready(); }
Task<bool> Iso8583Acquirer::wait_until_ready(Milliseconds limit) { return core_->wait_until_ready(limit); }
const LinkCounters& Iso8583Acquirer::counters() const { return core_->counters(); }
void Iso8583Acquirer::use_node(int node) { core_->use_node(node); }
connectors::Trace Iso8583Acquirer::new_trace() { return core_->new_trace(); }

namespace {

// Nothing left this process: no link is up, or the request can't be said in this format.
base::Error unsent(const base::Error& error) {
  return {.code = ErrorCode::connector_unavailable, .field = error.field, .detail = error.detail};
}

bool is_approval(Verdict verdict) { return verdict == Verdict::approved || verdict == Verdict::verified; }

Receipt receipt_of(const std::string& code) {
  switch (verdict_of(code)) {
    case Verdict::approved: return Receipt::accepted;
    case Verdict::approved_partially:
    case Verdict::verified:
    case Verdict::unclear: return Receipt::unclear;
    case Verdict::unknown_record: return Receipt::unknown_record;
    case Verdict::duplicate: return Receipt::duplicate;
    case Verdict::unavailable: return Receipt::unavailable;
    case Verdict::declined_final:
    case Verdict::declined_retry:
    case Verdict::soft_decline:
    case Verdict::our_fault: return Receipt::rejected;
  }
  return Receipt::rejected;
}

}  // namespace

Task<Result<Message>> Iso8583Acquirer::Core::ask(Result<Message> message,
                                                 std::optional<connectors::LateApproval> authorisation) {
  if (!message) co_return std::unexpected(unsent(message.error()));
  const std::uint64_t key = exchange_key(*message).value_or(0);
  const bool reversible = authorisation.has_value();
  if (auto late = exchanges().take(key)) {
    auto answer = believed(*message, *std::move(late));
    if (answer) co_return answer;  // It came after the message before this one was given up.
  }
  if (!exchanges().begin(key, std::move(authorisation))) {
    co_return fail(ErrorCode::connector_unavailable, "A message with the same trace is in flight.", "DE 11");
  }
  auto answer = co_await exchange(*message);
  if (!answer && answer.error().code != ErrorCode::outcome_unknown) {
    exchanges().withdraw(key);
    co_return std::unexpected(unsent(answer.error()));
  }
  if (answer) answer = believed(*message, *std::move(answer));
  if (!answer) {
    if (auto meanwhile = exchanges().give_up(key)) answer = believed(*message, *std::move(meanwhile));
  }
  // Whoever said no may yet say yes, and then the issuer holds money that nobody takes.
  if (answer && (!reversible || is_approval(verdict_of(answer->get(39))))) {
    exchanges().settle(key);
  } else if (answer) {
    exchanges().decline(key);
  }
  co_return answer;
}

Result<Message> Iso8583Acquirer::Core::believed(const Message& request, Message answer) {
  const auto checked = check_answer(request, answer, options_.echoes);
  if (checked) return answer;
  ++shared_.counters->unusable;
  base::log::warning(
      "acquirer_answer_not_believed",
      {{"message", describe(answer)}, {"field", checked.error().field}, {"detail", checked.error().detail}});
  return fail(ErrorCode::outcome_unknown, checked.error().detail, checked.error().field);
}

Task<Result<connectors::MessageAnswer>> Iso8583Acquirer::Core::ask_for_receipt(Result<Message> message) {
  ACQUIT_CO_TRY(const Message answer, co_await ask(std::move(message)));
  std::string code(answer.get(39));
  const Receipt receipt = receipt_of(code);
  co_return connectors::MessageAnswer{.response_code = std::move(code), .receipt = receipt};
}

Task<Result<connectors::AuthorisationAnswer>> Iso8583Acquirer::authorise(connectors::Authorisation request) {
  connectors::LateApproval late{
      .subject = request.subject, .trace = request.trace, .reference = request.reference, .amount = request.amount};
  ACQUIT_CO_TRY(const Message answer, co_await core_->ask(to_message(request), std::move(late)));
  co_return authorisation_answer(answer, request.amount);
}

Task<Result<connectors::MessageAnswer>> Iso8583Acquirer::reverse(connectors::Reversal request) {
  co_return co_await core_->ask_for_receipt(to_message(request));
}

Task<Result<connectors::MessageAnswer>> Iso8583Acquirer::advise(connectors::Advice request) {
  co_return co_await core_->ask_for_receipt(to_message(request));
}

std::vector<connectors::LateApproval> Iso8583Acquirer::late_approvals() const {
  return core_->exchanges().late_approvals();
}
void Iso8583Acquirer::forget(const connectors::LateApproval& approval) { core_->exchanges().forget(approval); }

}  // namespace acquit::iso8583

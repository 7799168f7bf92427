#include "connectors/iso8583/client.h"

#include "connectors/iso8583/client_core.h"
#include "connectors/iso8583/response_codes.h"

namespace acquit::iso8583 {

using connectors::Receipt;

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
  stop_bell_.stop();
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
  stop_bell_.stop();
  for (const auto& session : sessions()) session->close();
}

bool Iso8583Acquirer::Core::is_running() const {
  const std::lock_guard lock(mutex_);
  return started_ && !stopping_;
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

Iso8583Acquirer::Core::Choice Iso8583Acquirer::Core::choose() {
  const std::lock_guard lock(mutex_);
  Choice choice;
  if (stopping_) return choice;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const Link& link = links_[next_link_++ % links_.size()];
    if (!link.usable()) continue;
    choice.link = true;
    if (link.session->room() > 0) return {.session = link.session, .link = true};
  }
  return choice;
}

std::size_t Iso8583Acquirer::Core::room() const {
  const std::lock_guard lock(mutex_);
  std::size_t room = 0;
  for (const Link& link : links_) {
    if (link.usable()) room += link.session->room();
  }
  return room;
}

// As long as somebody waits: room and links are looked for, and those whose time is over go.
Task<void> Iso8583Acquirer::Core::tend_line(std::shared_ptr<Core> self) {
  for (;;) {
    self->line_.wake(self->stopping() ? self->line_.size() : self->room());
    self->line_.expire(self->clock_.monotonic());
    {
      const std::lock_guard lock(self->mutex_);
      if (self->line_.size() == 0) {
        self->tending_line_ = false;
        break;
      }
    }
    co_await self->loop_.sleep(self->tick_);
  }
  self->running_.ended();
}

Task<bool> Iso8583Acquirer::Core::wait_in_line(base::Monotonic until) {
  const auto place = line_.join(until);
  if (!place) co_return false;
  const bool begin = [&] {
    const std::lock_guard lock(mutex_);
    return started_ && !stopping_ && !std::exchange(tending_line_, true);
  }();
  if (begin) {
    running_.began();
    base::spawn(tend_line(shared_from_this()));
  }
  co_return co_await *place;
}

Task<Result<Message>> Iso8583Acquirer::Core::exchange(Message message) {
  const base::Monotonic until = clock_.monotonic() + options_.wait_limit;
  bool full = false;
  for (bool again = true; again;) {
    const Choice choice = choose();
    full = choice.link;
    if (choice.session) {
      auto answer = co_await choice.session->request(message);
      if (answer || answer.error().code != ErrorCode::connector_unavailable) co_return answer;
    }
    again = is_running() && clock_.monotonic() < until && co_await wait_in_line(until);
  }
  co_return fail(ErrorCode::line_busy, full ? "The line to the acquirer is full." : "No link to the acquirer is up.");
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

// Nothing left this process: no link had room, or the request can't be said in this format.
base::Error unsent(const base::Error& error) {
  if (error.code == ErrorCode::line_busy) return error;
  return {.code = ErrorCode::unsendable, .field = error.field, .detail = error.detail};
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
    co_return fail(ErrorCode::unsendable, "A message with the same trace is in flight.", "DE 11");
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
  shared_.log->warning(
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
void Iso8583Acquirer::on_late_approval(std::function<void()> heard) {
  core_->exchanges().on_late_approval(std::move(heard));
}
void Iso8583Acquirer::forget(const connectors::LateApproval& approval) { core_->exchanges().forget(approval); }

}  // namespace acquit::iso8583

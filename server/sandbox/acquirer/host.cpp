#include "sandbox/acquirer/host.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/bell.h"
#include "base/log.h"
#include "base/running.h"
#include "connectors/iso8583/map.h"
#include "connectors/iso8583/send_queue.h"
#include "net/stream.h"

namespace acquit::sandbox {

using base::ErrorCode;
using base::fail;
using base::Milliseconds;
using base::Result;
using base::Task;
using iso8583::Message;

namespace {

constexpr std::size_t kReadSize = 64 * 1024;
constexpr std::size_t kMaxMessage = 8192;
constexpr Milliseconds kReadLimit{24 * 3600 * 1000};
constexpr Milliseconds kWriteLimit{10'000};
constexpr std::string_view kGarbage = "\xff\xfeis this a message?";  // And of no length that a message has.
constexpr std::string_view kMark = "?spoil?";                        // In DE 44 of an answer that is to be unreadable.

bool is_network_message(const Message& message) { return message.mti().starts_with("08"); }

}  // namespace

class AcquirerHost::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(net::Loop& loop, AcquirerHostOptions options, std::unique_ptr<Bank> bank)
      : loop_(loop), options_(std::move(options)), bank_(std::move(bank)), running_(loop) {}

  Result<void> listen();
  void accept(std::shared_ptr<net::Stream> stream);
  void hang_up();
  Task<void> wait_for_end() { co_await running_.wait_for_none(); }

  [[nodiscard]] int port() const { return listener_->port(); }
  [[nodiscard]] const Bank& bank() const { return *bank_; }
  Faults& faults() { return faults_; }

 private:
  // One link to a client.
  struct Connection {
    std::shared_ptr<net::Stream> stream;
    std::shared_ptr<iso8583::SendQueue> send_queue;
    bool signed_on = false;  // The reader's own.
  };

  static Task<void> serve(std::shared_ptr<Core> self, std::shared_ptr<Connection> connection);
  static Task<void> answer_late(std::shared_ptr<Core> self, std::shared_ptr<Connection> connection, std::string bytes);
  Result<void> take_messages(const std::shared_ptr<Connection>& connection, iso8583::FrameReader& frames);
  Result<void> take_message(const std::shared_ptr<Connection>& connection, std::string_view bytes);
  Message answer(Connection& connection, const Message& request, const std::optional<FaultsLeft>& fault);
  void deliver(const std::shared_ptr<Connection>& connection, std::string bytes, std::optional<FaultKind> fault);
  void forget(const std::shared_ptr<Connection>& connection);

  net::Loop& loop_;
  const AcquirerHostOptions options_;
  const std::unique_ptr<Bank> bank_;
  Faults faults_;
  base::Running running_;
  base::Bell stop_bell_{loop_};
  std::unique_ptr<net::Listener> listener_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Connection>> connections_;
  bool stopping_ = false;
};

Result<void> AcquirerHost::Core::listen() {
  std::shared_ptr<net::Tls> tls;
  if (options_.tls) {
    ACQUIT_TRY(tls, net::Tls::make(net::Tls::Side::server, *options_.tls));
  }
  // Weak: a listener that outlived its owner must not keep it.
  auto listener = net::Listener::start(
      loop_, options_.address,
      [weak = weak_from_this()](std::shared_ptr<net::Stream> stream) {
        if (const auto self = weak.lock()) self->accept(std::move(stream));
      },
      std::move(tls));
  if (!listener) return fail(ErrorCode::configuration_invalid, listener.error().detail, "address");
  listener_ = *std::move(listener);
  return {};
}

void AcquirerHost::Core::accept(std::shared_ptr<net::Stream> stream) {
  auto connection = std::make_shared<Connection>();
  connection->stream = stream;
  connection->send_queue =
      std::make_shared<iso8583::SendQueue>(loop_, std::move(stream), kWriteLimit, [](std::uint64_t) { return true; });
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return connection->stream->close();
    connections_.push_back(connection);
  }
  running_.began();
  base::spawn(serve(shared_from_this(), std::move(connection)));
}

void AcquirerHost::Core::hang_up() {
  stop_bell_.stop();
  listener_->stop();
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (const auto& connection : connections_) connection->stream->close();
}

void AcquirerHost::Core::forget(const std::shared_ptr<Connection>& connection) {
  const std::lock_guard lock(mutex_);
  std::erase(connections_, connection);
}

Task<void> AcquirerHost::Core::serve(std::shared_ptr<Core> self, std::shared_ptr<Connection> connection) {
  iso8583::FrameReader frames(self->options_.format.length_header, kMaxMessage);
  for (;;) {
    const auto bytes = co_await connection->stream->read_some(kReadSize, kReadLimit);
    if (!bytes) {
      base::log::info("sandbox_acquirer_hung_up", {{"detail", bytes.error().detail}});
      break;
    }
    frames.append(*bytes);
    if (const auto taken = self->take_messages(connection, frames); !taken) {
      base::log::failed("sandbox_acquirer_link", taken.error());
      break;
    }
  }
  connection->stream->close();
  self->forget(connection);
  // The writer's last turn, too: stop() promises that nothing of ours runs any more.
  while (!connection->send_queue->idle()) co_await self->loop_.sleep(Milliseconds(1));
  self->running_.ended();
}

Result<void> AcquirerHost::Core::take_messages(const std::shared_ptr<Connection>& connection,
                                               iso8583::FrameReader& frames) {
  for (;;) {
    ACQUIT_TRY(const auto bytes, frames.next());
    if (!bytes) return {};
    ACQUIT_CHECK(take_message(connection, *bytes));
  }
}

Result<void> AcquirerHost::Core::take_message(const std::shared_ptr<Connection>& connection, std::string_view bytes) {
  ACQUIT_TRY(const Message request, iso8583::decode(bytes, options_.format));
  if (iso8583::is_answer(request)) return fail(ErrorCode::protocol_violation, "An answer to nothing that was asked.");
  std::optional<FaultsLeft> ordered;
  if (!is_network_message(request)) ordered = faults_.take_one();
  const std::optional<FaultKind> fault = ordered ? std::optional(ordered->kind) : std::nullopt;
  Message message = answer(*connection, request, ordered);
  if (fault == FaultKind::mismatch) message.set(49, message.get(49) == "999" ? "978" : "999");
  if (fault == FaultKind::unreadable) message.set(44, std::string(kMark));
  ACQUIT_TRY(std::string reply, iso8583::to_wire(message, options_.format));
  if (fault == FaultKind::unreadable) reply[reply.find(kMark)] = '\x01';
  deliver(connection, std::move(reply), fault);
  return {};
}

Message AcquirerHost::Core::answer(Connection& connection, const Message& request,
                                   const std::optional<FaultsLeft>& fault) {
  if (is_network_message(request)) {
    if (request.get(70) == "001") connection.signed_on = true;
    if (request.get(70) == "002") connection.signed_on = false;
    return bank_->answer(request);
  }
  if (!connection.signed_on) return iso8583::answer_to(request).set(39, "91");
  if (fault && fault->kind == FaultKind::refuse) return bank_->refuse(request);
  if (fault && fault->kind == FaultKind::code) return bank_->answer_with(request, fault->code);
  return bank_->answer(request);
}

void AcquirerHost::Core::deliver(const std::shared_ptr<Connection>& connection, std::string bytes,
                                 std::optional<FaultKind> fault) {
  constexpr std::uint64_t kTag = 0;  // Every message is admitted.
  if (!fault) return connection->send_queue->send(kTag, std::move(bytes));
  switch (*fault) {
    case FaultKind::silent: return;
    case FaultKind::slow:
      running_.began();
      return base::spawn(answer_late(shared_from_this(), connection, std::move(bytes)));
    case FaultKind::garbage: return connection->send_queue->send(kTag, std::string(kGarbage));
    case FaultKind::disconnect: return connection->stream->close();
    case FaultKind::duplicate: connection->send_queue->send(kTag, bytes); break;
    case FaultKind::refuse:
    case FaultKind::unreadable:
    case FaultKind::mismatch:
    case FaultKind::code: break;
  }
  connection->send_queue->send(kTag, std::move(bytes));
}

Task<void> AcquirerHost::Core::answer_late(std::shared_ptr<Core> self, std::shared_ptr<Connection> connection,
                                           std::string bytes) {
  co_await self->stop_bell_.wait(self->options_.slow_delay);
  connection->send_queue->send(0, std::move(bytes));
  while (!connection->send_queue->idle()) co_await self->loop_.sleep(Milliseconds(1));
  self->running_.ended();
}

Result<std::unique_ptr<AcquirerHost>> AcquirerHost::start(net::Loop& loop, const base::Clock& clock,
                                                          AcquirerHostOptions options) {
  if (options.format.length_header == iso8583::LengthHeader::none) {
    return fail(ErrorCode::configuration_invalid, "A link needs a length before each message.", "length_header");
  }
  ACQUIT_TRY(auto bank, Bank::open(clock, options.journal_path));
  auto core = std::make_shared<Core>(loop, std::move(options), std::move(bank));
  ACQUIT_CHECK(core->listen());
  return std::unique_ptr<AcquirerHost>(new AcquirerHost(std::move(core)));
}

AcquirerHost::AcquirerHost(std::shared_ptr<Core> core) : core_(std::move(core)) {}
AcquirerHost::~AcquirerHost() { core_->hang_up(); }

Task<void> AcquirerHost::stop() {
  core_->hang_up();
  co_await core_->wait_for_end();
}

int AcquirerHost::port() const { return core_->port(); }
std::vector<BankTransaction> AcquirerHost::snapshot() const { return core_->bank().snapshot(); }
void AcquirerHost::order_fault(FaultKind kind, std::size_t count, std::string code) {
  core_->faults().order(kind, count, std::move(code));
}
std::vector<FaultsLeft> AcquirerHost::pending_faults() const { return core_->faults().pending(); }
void AcquirerHost::clear_faults() { core_->faults().clear(); }

}  // namespace acquit::sandbox

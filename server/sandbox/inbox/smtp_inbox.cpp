#include "sandbox/inbox/smtp_inbox.h"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "base/bell.h"
#include "base/running.h"
#include "net/stream.h"

namespace acquit::sandbox {

using base::Milliseconds;
using base::Result;
using base::Task;

namespace {

constexpr std::size_t kReadSize = 64 * 1024;
constexpr std::size_t kLineMax = 64 * 1024;
constexpr Milliseconds kWriteLimit{10'000};

// The lines of what came in; some clients end them with a bare LF.
class Lines {
 public:
  void append(std::string_view bytes) { buffer_ += bytes; }
  std::optional<std::string> next() {
    const std::size_t end = buffer_.find('\n');
    if (end == std::string::npos) return std::nullopt;
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }
  [[nodiscard]] bool overlong() const { return buffer_.size() > kLineMax; }

 private:
  std::string buffer_;
};

}  // namespace

class SmtpInbox::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(net::Loop& loop, const base::Clock& clock, Mailbox& mailbox, Faults& faults, SmtpInboxOptions options)
      : loop_(loop), clock_(clock), mailbox_(mailbox), faults_(faults), options_(std::move(options)), running_(loop) {}

  Result<void> listen() {
    // Weak: a listener that outlived its owner must not keep it.
    ACQUIT_TRY(listener_, net::Listener::start(loop_, options_.address,
                                               [weak = weak_from_this()](std::shared_ptr<net::Stream> stream) {
                                                 if (const auto self = weak.lock()) self->accept(std::move(stream));
                                               }));
    return {};
  }
  [[nodiscard]] int port() const { return listener_->port(); }
  Task<void> wait_for_end() { co_await running_.wait_for_none(); }
  void hang_up();

 private:
  void accept(std::shared_ptr<net::Stream> stream);
  static Task<void> serve(std::shared_ptr<Core> self, std::shared_ptr<net::Stream> stream);
  Task<void> converse(net::Stream& stream);
  Task<bool> finish(net::Stream& stream, SmtpSession::Reply reply);
  Task<bool> write(net::Stream& stream, std::string text);

  net::Loop& loop_;
  const base::Clock& clock_;
  Mailbox& mailbox_;
  Faults& faults_;
  const SmtpInboxOptions options_;
  base::Running running_;
  base::Bell stop_bell_{loop_};
  std::unique_ptr<net::Listener> listener_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<net::Stream>> streams_;
  bool stopping_ = false;
};

void SmtpInbox::Core::accept(std::shared_ptr<net::Stream> stream) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return stream->close();
    streams_.push_back(stream);
  }
  running_.began();
  base::spawn(serve(shared_from_this(), std::move(stream)));
}

void SmtpInbox::Core::hang_up() {
  stop_bell_.stop();
  listener_->stop();
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (const auto& stream : streams_) stream->close();
}

Task<void> SmtpInbox::Core::serve(std::shared_ptr<Core> self, std::shared_ptr<net::Stream> stream) {
  co_await self->converse(*stream);
  stream->close();
  {
    const std::lock_guard lock(self->mutex_);
    std::erase(self->streams_, stream);
  }
  self->running_.ended();
}

// Ends when either side hangs up.
Task<void> SmtpInbox::Core::converse(net::Stream& stream) {
  SmtpSession session([this] { return faults_.take(); });
  Lines lines;
  if (!co_await write(stream, SmtpSession::greeting())) co_return;
  for (;;) {
    while (const auto line = lines.next()) {
      SmtpSession::Reply reply = session.take(*line);
      const bool close = reply.close;
      if (!co_await finish(stream, std::move(reply)) || close) co_return;
    }
    if (lines.overlong()) {
      (void)co_await write(stream, "500 The line is too long\r\n");
      co_return;
    }
    const auto bytes = co_await stream.read_some(kReadSize, options_.idle_limit);
    if (!bytes) co_return;
    lines.append(*bytes);
  }
}

// Keeps the mail, and answers or misbehaves. False: the dialogue is over.
Task<bool> SmtpInbox::Core::finish(net::Stream& stream, SmtpSession::Reply reply) {
  if (reply.mail) {
    if (reply.fault == FaultKind::duplicate) mailbox_.add(*reply.mail, clock_.now());
    mailbox_.add(*std::move(reply.mail), clock_.now());
  }
  if (reply.fault) {
    switch (*reply.fault) {
      case FaultKind::silent: co_return true;
      case FaultKind::slow: co_await stop_bell_.wait(options_.slow_delay); break;
      case FaultKind::garbage: reply.text = "\x01\x02 what is this?\r\n"; break;
      case FaultKind::disconnect: co_return false;
      case FaultKind::duplicate:
      case FaultKind::refuse:
      case FaultKind::unreadable:
      case FaultKind::mismatch:
      case FaultKind::code: break;
    }
  }
  if (reply.text.empty()) co_return true;
  co_return co_await write(stream, std::move(reply.text));
}

Task<bool> SmtpInbox::Core::write(net::Stream& stream, std::string text) {
  const auto written = co_await stream.write(std::move(text), kWriteLimit);
  co_return written.has_value();
}

Result<std::unique_ptr<SmtpInbox>> SmtpInbox::start(net::Loop& loop, const base::Clock& clock, Mailbox& mailbox,
                                                    Faults& faults, SmtpInboxOptions options) {
  auto core = std::make_shared<Core>(loop, clock, mailbox, faults, std::move(options));
  ACQUIT_CHECK(core->listen());
  return std::unique_ptr<SmtpInbox>(new SmtpInbox(std::move(core)));
}

SmtpInbox::SmtpInbox(std::shared_ptr<Core> core) : core_(std::move(core)) {}
SmtpInbox::~SmtpInbox() { core_->hang_up(); }

int SmtpInbox::port() const { return core_->port(); }

Task<void> SmtpInbox::stop() {
  core_->hang_up();
  co_await core_->wait_for_end();
}

}  // namespace acquit::sandbox

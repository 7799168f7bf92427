#include "connectors/iso8583/send_queue.h"

#include <utility>

namespace acquit::iso8583 {

SendQueue::SendQueue(net::Loop& loop, std::shared_ptr<net::Stream> stream, base::Milliseconds write_limit, Admit admit)
    : loop_(loop), stream_(std::move(stream)), write_limit_(write_limit), admit_(std::move(admit)) {}

void SendQueue::send(std::uint64_t tag, std::string bytes) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(Entry{.tag = tag, .bytes = std::move(bytes)});
    if (std::exchange(writing_, true)) return;
  }
  start_writing();
}

bool SendQueue::idle() const {
  const std::lock_guard lock(mutex_);
  return !writing_;
}

void SendQueue::start_writing() { base::spawn(write_all(shared_from_this())); }

std::vector<SendQueue::Entry> SendQueue::take() {
  const std::lock_guard lock(mutex_);
  auto taken = std::exchange(queue_, {});
  if (taken.empty()) writing_ = false;
  return taken;
}

base::Task<void> SendQueue::write_all(std::shared_ptr<SendQueue> self) {
  co_await self->loop_.hop();  // Those who send in the same turn of the loop share one write.
  for (auto entries = self->take(); !entries.empty(); entries = self->take()) {
    std::string bytes;
    for (const Entry& entry : entries) {
      if (self->admit_(entry.tag)) bytes += entry.bytes;
    }
    if (bytes.empty()) continue;
    const auto written = co_await self->stream_->write(std::move(bytes), self->write_limit_);
    if (!written) self->stream_->close();  // What is still queued fails the same way.
  }
}

}  // namespace acquit::iso8583

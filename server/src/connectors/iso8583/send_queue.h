// SendQueue: the writing side of a stream that many coroutines send messages to: whatever has queued up goes in one
// write.
//
// Shared by its stream's owner and by the coroutine that writes. Safe from any thread. A write that fails or takes too
// long closes the stream, which its reader notices.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "net/loop.h"
#include "net/stream.h"

namespace acquit::iso8583 {

class SendQueue : public std::enable_shared_from_this<SendQueue> {
 public:
  /// Asked once for each message just before its bytes are handed over; false drops it. Called on a loop thread.
  using Admit = std::function<bool(std::uint64_t tag)>;

  SendQueue(net::Loop& loop, std::shared_ptr<net::Stream> stream, base::Milliseconds write_limit, Admit admit);

  /// Queues `bytes` under `tag`; returns at once.
  void send(std::uint64_t tag, std::string bytes);
  /// True if nothing is queued and no write is under way.
  [[nodiscard]] bool idle() const;

 private:
  struct Entry {
    std::uint64_t tag;
    std::string bytes;
  };
  static base::Task<void> write_all(std::shared_ptr<SendQueue> self);
  void start_writing();
  std::vector<Entry> take();

  net::Loop& loop_;
  const std::shared_ptr<net::Stream> stream_;
  const base::Milliseconds write_limit_;
  const Admit admit_;
  mutable std::mutex mutex_;
  std::vector<Entry> queue_;
  bool writing_ = false;
};

}  // namespace acquit::iso8583

// Mailbox: the last mails that came, newest first; in memory, bounded. Safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "sandbox/inbox/mime.h"
#include "sandbox/inbox/smtp_session.h"

namespace acquit::sandbox {

struct Mail {
  std::int64_t id = 0;
  base::Time received{};
  Envelope envelope;
  ParsedMail content;
};

class Mailbox {
 public:
  explicit Mailbox(std::size_t max = 500) : max_(max) {}

  /// When it is full, the oldest mail goes.
  void add(Envelope envelope, base::Time received);
  [[nodiscard]] std::vector<Mail> newest_first() const;
  [[nodiscard]] std::optional<Mail> find(std::int64_t id) const;
  void clear();

 private:
  const std::size_t max_;
  mutable std::mutex mutex_;
  std::deque<Mail> mails_;
  std::int64_t last_id_ = 0;
};

}  // namespace acquit::sandbox

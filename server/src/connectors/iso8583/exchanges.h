// Exchanges: what was sent and has no usable answer yet, over all links: late answers find here what they belong to.
//
// Belongs to the client; its sessions bring what nobody waited for. Bounded: the oldest of those given up are forgotten
// first. Safe from any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "connectors/acquirer.h"
#include "connectors/iso8583/message.h"

namespace acquit::iso8583 {

class Exchanges {
 public:
  using Key = std::uint64_t;

  /// A message goes out; `authorisation` is what to say if it is approved after nobody waits any more. False if one of
  /// the same key is out.
  [[nodiscard]] bool begin(Key key, std::optional<connectors::LateApproval> authorisation);
  /// It never left.
  void withdraw(Key key);
  /// It was answered, and the answer is taken.
  void settle(Key key);
  /// It has no answer that is taken. What came meanwhile by another way is returned.
  [[nodiscard]] std::optional<Message> give_up(Key key);

  /// It is an authorisation that was answered, but the answer holds no money that is taken.
  void decline(Key key);

  /// An answer that nobody waits for. True if it is late: to what was given up or declined.
  bool keep(Key key, const base::Result<Message>& answer);
  /// The late answer to a message that is about to be repeated, once.
  [[nodiscard]] std::optional<Message> take(Key key);

  /// An approval of what this process does not know: of before its start, or long ago. Bounded: false if there is no
  /// room.
  [[nodiscard]] bool keep_unclaimed(connectors::LateApproval approval);

  /// Before the first message.
  void on_late_approval(std::function<void()> heard) { heard_ = std::move(heard); }
  [[nodiscard]] std::vector<connectors::LateApproval> late_approvals() const;
  void forget(const connectors::LateApproval& approval);

 private:
  void remember(Key key);
  void tell() const {
    if (heard_) heard_();
  }
  struct Entry {
    std::optional<connectors::LateApproval> authorisation;
    std::optional<Message> answer;
    bool out = true;
    bool before = false;  // One of the same key was given up before this one went out.
  };

  mutable std::mutex mutex_;
  std::unordered_map<Key, Entry> entries_;
  std::deque<Key> given_up_;  // Oldest first.
  std::vector<connectors::LateApproval> late_approvals_;
  std::function<void()> heard_;
};

}  // namespace acquit::iso8583

// What the outbox row of a message to the acquirer holds: why it is sent, its own trace once it went out, and, for a
// reversal, what it reverses where that is no longer what the transaction holds.
//
//   why=batch&stan=12&sent_at=1700000000000&lost=1
//
// A plain value, as text in the outbox. Whatever a payload of an older release lacks has its default.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/acquirer.h"

namespace acquit::payments {

inline constexpr std::string_view kReverseBatch = "batch";      ///< A job's authorisation had no answer.
inline constexpr std::string_view kReverseRelease = "release";  ///< It is not wanted, or no longer.
inline constexpr std::string_view kReverseLate = "late";        ///< It was approved too late.

struct MessagePayload {
  struct Original {
    connectors::Trace trace;
    std::string reference;
    std::int64_t minor = 0;
  };

  std::string why{};                         ///< Empty: a buyer's try had no answer.
  std::optional<connectors::Trace> trace{};  ///< Of the message, once it went out.
  bool lost = false;                         ///< It went out, and what was answered nobody read.
  bool insisted = false;                     ///< It was sent anew because of a late approval.
  int tries = 0;                             ///< How often the bank had its chance.
  bool doubtful = false;                     ///< The history says that it is in doubt.
  std::optional<Original> original{};
};

/// Whether its acknowledgement ends a transaction that waits for nothing else.
[[nodiscard]] inline bool ends_unknown(const MessagePayload& payload) {
  return payload.why.empty() || payload.why == kReverseBatch;
}
[[nodiscard]] std::string to_text(const MessagePayload& payload);
[[nodiscard]] MessagePayload parse_payload(std::string_view text);

}  // namespace acquit::payments

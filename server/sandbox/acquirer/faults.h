// Faults: what is to go wrong with the next messages, as ordered by tests and by people.
//
// Orders are worked off one after the other. Safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acquit::sandbox {

enum class FaultKind : std::uint8_t {
  silent,      ///< Done, but never answered.
  slow,        ///< Done, answered late.
  garbage,     ///< Done, answered with bytes that are no message.
  disconnect,  ///< Done, then hung up instead of an answer.
  duplicate,   ///< Done, answered twice.
  refuse,      ///< Answered with a refusal.
  // Of the acquirer only.
  unreadable,  ///< Done, answered with a message of which an element can't be read.
  mismatch,    ///< Done, answered with another currency than was sent.
  code,        ///< Answered with a code that is ordered too; done if that code may mean that it is.
};

[[nodiscard]] std::string_view to_string(FaultKind kind);
/// By name, as above.
[[nodiscard]] std::optional<FaultKind> fault_kind_from(std::string_view name);

/// So many messages will still meet that fault.
struct FaultsLeft {
  FaultKind kind;
  std::size_t count;
  std::string code{};  ///< Of FaultKind::code: DE 39.
};

class Faults {
 public:
  void order(FaultKind kind, std::size_t count, std::string code = {});
  /// The fault of the next message, if any.
  [[nodiscard]] std::optional<FaultKind> take();
  /// The same, with its code; it is one of a count of one.
  [[nodiscard]] std::optional<FaultsLeft> take_one();
  /// What is still to come, in order.
  [[nodiscard]] std::vector<FaultsLeft> pending() const;
  void clear();

 private:
  mutable std::mutex mutex_;
  std::deque<FaultsLeft> orders_;
};

}  // namespace acquit::sandbox

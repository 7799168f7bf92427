// AcquirerRig: what the contract suite needs of a connector's test: the connector, a bank on a real socket that
// misbehaves by order, and a loop between them. For tests only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "connectors/acquirer.h"

namespace acquit::connectors {

enum class RigFault : std::uint8_t {
  silent,
  slow,
  garbage,     ///< Bytes that can't be cut into messages.
  unreadable,  ///< A message of its own length, with content that can't be read.
  mismatch,    ///< An answer that speaks of something else than was asked.
  disconnect,
  duplicate,
  refuse,
};

/// What the bank holds under a reference.
struct BankView {
  std::string state;  ///< Empty if it knows nothing of it; else authorised, declined, reversed, captured, credited.
  std::string authorisation_code;
  std::int64_t captured_minor = 0;
  int repeats = 0;  ///< Messages that it had seen before and did nothing about.
};

class AcquirerRig {
 public:
  virtual ~AcquirerRig() = default;
  virtual Acquirer& acquirer() = 0;
  /// Starts the connector and waits for its link; false if none came up.
  virtual bool connect() = 0;
  virtual bool wait_until_ready() = 0;
  virtual bool ready() = 0;
  virtual void stop_connector() = 0;
  /// The bank's process goes; it comes back at the same address with its memory.
  virtual void stop_bank() = 0;
  virtual void start_bank() = 0;
  virtual void order_fault(RigFault fault, std::size_t count) = 0;
  /// The bank answers the next message with this code; see sandbox::Bank::answer_with.
  virtual void order_code(const std::string& code) = 0;
  virtual BankView at_bank(const std::string& reference) = 0;
  virtual std::size_t transactions_at_bank() = 0;
  /// Answers that came after their request was given up, and those that nobody waited for.
  virtual std::uint64_t late_answers() = 0;
  virtual std::uint64_t unexpected_answers() = 0;
  virtual Card refused_card() = 0;
};

/// A rig whose connector waits `limit` for an answer; under the fault `slow` the bank takes three times as long.
struct RigMaker {
  std::string name;
  std::function<std::unique_ptr<AcquirerRig>(base::Milliseconds limit)> make;
  friend void PrintTo(const RigMaker& maker, std::ostream* out) { *out << maker.name; }  // NOLINT: gtest's name.
};

}  // namespace acquit::connectors

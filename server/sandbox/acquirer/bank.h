// Bank: what the sandbox's acquirer and issuer believe: transactions by reference, and the answer to each message.
//
// It answers a message that it has seen before as it did before, and changes nothing: nothing is authorised, reversed,
// captured or credited twice. A reversal of something never seen is remembered, so that the original is refused if it
// comes later. Card numbers are not kept, only first six and last four. Safe from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "connectors/iso8583/message.h"
#include "sandbox/acquirer/journal.h"

namespace acquit::sandbox {

enum class BankState : std::uint8_t { authorised, declined, reversed, captured, credited };

[[nodiscard]] std::string_view to_string(BankState state);

struct BankTransaction {
  std::string reference;  ///< DE 37.
  std::string merchant;   ///< DE 42.
  std::string terminal;   ///< DE 41.
  std::string card;       ///< 497010XXXXXX0055
  std::int64_t amount_minor = 0;
  std::int64_t captured_minor = 0;
  std::string currency;  ///< ISO 4217, numeric, three digits.
  BankState state = BankState::declined;
  std::string response_code;
  std::string authorisation_code;
  bool authenticated = false;  ///< Came with a proof of 3-D Secure.
  bool verification = false;   ///< A question about the card; holds no money.
  int repeated_authorisations = 0;
  int repeated_reversals = 0;
  int repeated_advices = 0;
};

class Bank {
 public:
  /// `journal_path` empty: memory only. Errors: configuration_invalid.
  static base::Result<std::unique_ptr<Bank>> open(const base::Clock& clock, const std::string& journal_path);
  explicit Bank(const base::Clock& clock) : clock_(clock) {}

  /// The answer to any request.
  [[nodiscard]] iso8583::Message answer(const iso8583::Message& request);
  /// The answer when a fault is ordered: 05 to an authorisation, which is then a declined one; 96 to anything else,
  /// with nothing done.
  [[nodiscard]] iso8583::Message refuse(const iso8583::Message& request);
  /// The answer when a code is ordered. Money is held, and an advice or reversal done, if the code may mean that it is;
  /// half of the amount is approved by one for a part.
  [[nodiscard]] iso8583::Message answer_with(const iso8583::Message& request, std::string_view code);

  /// In order of arrival.
  [[nodiscard]] std::vector<BankTransaction> snapshot() const;

 private:
  using Record = std::vector<std::string>;
  struct Decision {
    std::string code;
    std::string authorisation_code;
  };
  struct Traced {
    std::size_t index;
    Decision decision;
  };

  Decision authorise(const iso8583::Message& request, std::optional<std::string> forced_code);
  Decision decide(const iso8583::Message& request);
  Decision reverse(const iso8583::Message& request);
  Decision advise(const iso8583::Message& request);
  Decision capture(const iso8583::Message& request, BankTransaction* known);
  Decision credit(const iso8583::Message& request, BankTransaction* known);
  [[nodiscard]] std::string issuer_code(const iso8583::Message& request) const;
  [[nodiscard]] bool expired(std::string_view expiry) const;
  BankTransaction* find(std::string_view reference);

  // Journal first, then memory; 96 if the journal does not take it. All of these with the lock held.
  Decision record(const Record& entry, Decision done);
  bool apply(const std::vector<std::string_view>& entry);
  bool apply_transaction(const std::vector<std::string_view>& entry);
  bool apply_reversal(std::string_view trace);
  bool apply_repeat(std::string_view what, std::string_view reference);

  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::optional<Journal> journal_;
  std::vector<BankTransaction> transactions_;
  std::unordered_map<std::string, std::size_t> by_reference_;
  std::unordered_map<std::string, Traced> by_trace_;
  std::unordered_set<std::string> reversed_traces_;
};

}  // namespace acquit::sandbox

// AcsSession: one challenge at the sandbox's issuer, from ARes to CRes; AcsSessions: all of them, bounded.
//
// AcsSessions is safe from any thread; it hands out copies. When it is full, the oldest challenge goes.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "connectors/threeds/authentication.h"
#include "sandbox/test_cards.h"

namespace acquit::sandbox {

struct AcsSession {
  threeds::Version version = threeds::Version::v220;
  std::string server_transaction_id;
  std::string acs_transaction_id;
  std::string ds_transaction_id;
  std::string message_category;
  std::string results_url;
  std::string notification_url;
  std::string merchant;
  std::string amount;  ///< For people: "12.30 EUR".
  std::string card;    ///< Masked.
  bool french = true;
  CardBrand brand = CardBrand::visa;
  ThreeDsBehaviour behaviour = ThreeDsBehaviour::challenge;

  std::string session_data;  ///< threeDSSessionData, once the CReq came.
  int tries = 0;
  std::optional<threeds::TransStatus> status;  ///< Once decided; then everything else stays as it is.
};

class AcsSessions {
 public:
  explicit AcsSessions(std::size_t max) : max_(max) {}
  void put(AcsSession session);
  [[nodiscard]] std::optional<AcsSession> find(const std::string& acs_transaction_id) const;
  /// Stores what the buyer sent with the CReq.
  void open(const std::string& acs_transaction_id, std::string session_data);
  /// Counts a wrong code; the number of wrong codes so far.
  int count_try(const std::string& acs_transaction_id);
  /// True for the first decision only: a double click decides once.
  bool decide(const std::string& acs_transaction_id, threeds::TransStatus status);
  /// What was decided becomes this after all.
  void overrule(const std::string& acs_transaction_id, threeds::TransStatus status);

 private:
  const std::size_t max_;
  mutable std::mutex mutex_;
  std::map<std::string, AcsSession> sessions_;
  std::deque<std::string> order_;
};

}  // namespace acquit::sandbox

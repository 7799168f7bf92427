// ThreeDsServer: our 3DS Server towards one directory server: card ranges, enrolment, authentication.
//
// Owned by the app; the HTTP client, clock and random source must outlive it. All calls are safe from any thread.
// Nothing here touches a database: answers and results are the caller's to store. Every call has a time limit.
#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/bounded_log.h"
#include "base/clock.h"
#include "base/own_faults.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/task.h"
#include "connectors/threeds/authentication.h"
#include "connectors/threeds/card_ranges.h"
#include "connectors/threeds/message.h"

namespace acquit::http {
class Client;
}

namespace acquit::threeds {

struct ThreeDsServerOptions {
  std::string directory_url = {};  ///< Takes PReq and AReq; empty: there is none, and nothing is asked.
  std::string reference_number = "ACQUIT_3DS_SERVER";
  std::string operator_id = {};
  base::Milliseconds time_limit{10'000};          ///< Of one exchange.
  base::Milliseconds ranges_age_max{86'400'000};  ///< Then find_enrolment() fetches the changes.
  base::Milliseconds ranges_retry_after{30'000};  ///< After a failure; until then the old list serves.
  base::Milliseconds unfit_for{900'000};          ///< How long a fault of our own shows in fit().
};

/// What a card number can do.
struct Enrolment {
  bool enrolled = false;
  Version version = Version::v220;  ///< The highest that all sides speak.
  std::string method_url;           ///< Empty: no 3DS Method.
};

/// The request could not be built or sent because of what we or the shop entered, not because of the card or of them.
/// Then nothing says that the payment could not be authenticated.
[[nodiscard]] bool is_our_fault(const base::Error& error);

class ThreeDsServer {
 public:
  ThreeDsServer(ThreeDsServerOptions options, http::Client& client, const base::Clock& clock, base::Random& random);
  ~ThreeDsServer();

  /// Fetches the list of card ranges, or what changed in it since the last time. Errors as authenticate().
  [[nodiscard]] base::Task<base::Result<void>> refresh_ranges();
  /// Looks the card up; fetches the list first if there is none or an old one. An old list is better than an error.
  /// Errors: as authenticate(), if there never was a list.
  [[nodiscard]] base::Task<base::Result<Enrolment>> find_enrolment(base::Pan pan);
  /// AReq and ARes. Errors: connector_unavailable (no connection, or their system has failed), timed_out,
  /// protocol_violation (not understandable, or they refused our message); card_invalid for a card that no AReq can
  /// name: after these, the payment may go on without authentication. And those of is_our_fault().
  [[nodiscard]] base::Task<base::Result<AuthenticationAnswer>> authenticate(AuthenticationRequest request);

  struct Counters {
    std::atomic<std::uint64_t> refused = 0;  ///< Requests that the directory server answered with an Erro.
    std::atomic<std::uint64_t> failed = 0;   ///< Exchanges without a usable answer, those refused included.
  };
  [[nodiscard]] const Counters& counters() const { return counters_; }
  /// Requests that is_our_fault() kept from being sent.
  [[nodiscard]] std::uint64_t own_faults() const { return own_faults_.count(); }
  /// None of them lately. True where there is no directory.
  [[nodiscard]] bool fit() const { return own_faults_.fit(); }

 private:
  struct List;
  struct Question;
  struct Exchanged;
  base::Task<base::Result<Exchanged>> send(Question question);
  base::Task<base::Result<Exchanged>> exchange(Question question);
  std::expected<EmvMessage, ProtocolError> check_belongs(EmvMessage message, const Question& question) const;
  [[nodiscard]] bool is_secure() const;
  base::Task<base::Result<void>> load(std::shared_ptr<const List> known);
  base::Task<void> report(std::string erro);
  std::shared_ptr<const List> current();
  bool claim_refresh();
  void note_fault(const base::Error& error, std::string_view request);

  ThreeDsServerOptions options_;
  http::Client& client_;
  const base::Clock& clock_;
  const base::BoundedLog log_{clock_};
  base::Random& random_;

  Counters counters_;
  base::OwnFaults own_faults_;
  mutable std::mutex mutex_;
  std::shared_ptr<const List> list_;  // Shared: lookups go on with the list that they began with.
  std::optional<base::Monotonic> last_try_;
  bool refreshing_ = false;
};

}  // namespace acquit::threeds

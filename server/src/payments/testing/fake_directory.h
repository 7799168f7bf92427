// FakeDirectory: a directory server, and the issuers behind it, that answer as a test told them to.
//
// An http::Client, so that the real 3DS Server speaks to it. Cards of 497010, 597010 and 375900 are enrolled, those of
// 497011 with a 3DS Method. Without an order every card is authenticated without a challenge. Safe from any thread.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/threeds/authentication.h"
#include "http/client.h"

namespace acquit::payments::testing {

inline constexpr std::string_view kAcsUrl = "https://acs.example/challenge";
inline constexpr std::string_view kMethodUrl = "https://acs.example/method";
inline constexpr std::string_view kCavv = "AAABBZEEBgAAAAAAAAQGAAAAAAA=";

class FakeDirectory final : public http::Client {
 public:
  /// The next AReq gets this status, with what belongs to it; orders are used up first in, first out.
  void on_authenticate(threeds::TransStatus status, std::string cardholder_info = {});
  /// Nobody answers from now on; what the client says then.
  void go_away(base::ErrorCode how = base::ErrorCode::connection_failed);
  /// What was asked, as sent: AReqs only.
  [[nodiscard]] std::vector<std::string> requests() const;
  /// threeDSServerTransID of the last of them.
  [[nodiscard]] std::string last_id() const;

  base::Task<base::Result<http::IncomingResponse>> send(http::OutgoingRequest request) override;
  void stop() override {}

 private:
  struct Order {
    threeds::TransStatus status = threeds::TransStatus::authenticated;
    std::string cardholder_info;
  };
  std::string answer(const std::string& request);

  mutable std::mutex mutex_;
  std::optional<base::ErrorCode> away_;
  std::deque<Order> orders_;
  std::vector<std::string> requests_;
};

}  // namespace acquit::payments::testing

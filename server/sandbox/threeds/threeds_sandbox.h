// ThreeDsSandbox: the other side of 3-D Secure, simulated: directory server and the issuers' access control server.
//
// Adds its pages and endpoints to a Router: POST /threeds/ds (PReq, AReq, Erro), POST /threeds/method, POST
// /threeds/challenge. What a card does stands in sandbox/test_cards.h. The results of a challenge go to the 3DS Server
// before the browser goes back. Must outlive the router's server; safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/executor.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "base/text.h"
#include "connectors/threeds/message.h"
#include "http/message.h"
#include "sandbox/threeds/acs_session.h"

namespace acquit::http {
class Client;
class Router;
}  // namespace acquit::http

namespace acquit::sandbox {

/// The scheme's usual electronic commerce indicator for that outcome.
[[nodiscard]] std::string eci_of(CardBrand brand, threeds::TransStatus status);

/// How the directory server misbehaves for the next AReq messages.
enum class AcsFault : std::uint8_t {
  silent,      ///< No answer for `silence`.
  slow,        ///< The right answer after `slowness`.
  garbage,     ///< Bytes that are no message.
  disconnect,  ///< A gateway's 502 with half an answer: the connection behind it was lost.
  refuse,      ///< Erro 403, "transient system failure".
};

struct ThreeDsSandboxOptions {
  std::string public_url = {};  ///< "http://127.0.0.1:18081": what browsers and the 3DS Server reach us by.
  base::Milliseconds silence{60'000};
  base::Milliseconds slowness{3'000};
  base::Milliseconds results_time_limit{10'000};
  base::Milliseconds results_pause{500};  ///< Before the RReq is sent again.
  int results_tries = 3;
};

class ThreeDsSandbox {
 public:
  ThreeDsSandbox(ThreeDsSandboxOptions options, http::Client& client, base::Executor& executor, base::Random& random);

  void add_routes(http::Router& router);
  /// Known once the server listens; before the first request.
  void set_public_url(std::string url);
  /// The next `count` AReq messages meet this fault; 0 ends it.
  void order_fault(AcsFault fault, int count);
  /// The fault that so many AReq messages are still to meet.
  [[nodiscard]] std::optional<std::pair<AcsFault, int>> pending_fault();

 private:
  base::Task<http::Response> directory(http::Request request);
  base::Task<http::Response> method(http::Request request);
  base::Task<http::Response> challenge(http::Request request);

  std::string answer_ranges(const threeds::Message& preq);
  std::string answer_areq(const threeds::Message& areq);
  void begin_challenge(const threeds::Message& areq, threeds::Value& ares, const CardScenario& card);
  base::Task<http::Response> open_challenge(std::string creq, std::string session_data);
  base::Task<http::Response> answer_challenge(const base::FormFields& form);
  base::Task<http::Response> finish(AcsSession session, threeds::TransStatus status, std::string reason,
                                    std::string cancel);
  base::Task<bool> send_result(std::string url, std::string rreq);
  base::Task<http::Response> misbehave(AcsFault fault, std::string answer);
  std::optional<AcsFault> next_fault();
  std::string proof();

  ThreeDsSandboxOptions options_;
  http::Client& client_;
  base::Executor& executor_;
  base::Random& random_;
  AcsSessions sessions_;

  std::mutex mutex_;
  AcsFault fault_ = AcsFault::silent;
  int fault_count_ = 0;
};

}  // namespace acquit::sandbox

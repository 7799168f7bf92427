// ThreeDsSandbox: the other side of 3-D Secure, simulated: directory server and the issuers' access control server.
//
// Adds its pages and endpoints to one Router, or to one each: POST /threeds/ds (PReq, AReq, Erro); POST
// /threeds/method, POST /threeds/challenge. What a card does stands in sandbox/test_cards.h. The results of a challenge
// go to the 3DS Server before the browser goes back. What goes wrong is ordered through AcsFaults. Must outlive the
// router's server; safe from any thread.
#pragma once

#include <optional>
#include <string>

#include "base/bell.h"
#include "base/clock.h"
#include "base/form_fields.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "connectors/threeds/message.h"
#include "http/message.h"
#include "net/loop.h"
#include "sandbox/threeds/acs_faults.h"
#include "sandbox/threeds/acs_session.h"

namespace acquit::http {
class Client;
class Router;
}  // namespace acquit::http

namespace acquit::sandbox {

/// The scheme's usual electronic commerce indicator for that outcome.
[[nodiscard]] std::string eci_of(CardBrand brand, threeds::TransStatus status);

struct ThreeDsSandboxOptions {
  std::string public_url = {};         ///< "http://127.0.0.1:18081": what browsers reach the issuer by.
  base::Milliseconds silence{60'000};  ///< Longer than any caller waits; then the connection is cut.
  base::Milliseconds slowness{3'000};
  base::Milliseconds results_time_limit{10'000};
  base::Milliseconds results_pause{500};  ///< Before the RReq is sent again.
  int results_tries = 3;
};

class ThreeDsSandbox {
 public:
  ThreeDsSandbox(ThreeDsSandboxOptions options, http::Client& client, net::Loop& loop, base::Random& random,
                 AcsFaults& faults);

  void add_directory_routes(http::Router& router);  ///< For the 3DS Server.
  void add_issuer_routes(http::Router& router);     ///< For browsers.
  /// Known once the server listens; before the first request.
  void set_public_url(std::string url);
  /// Ends the waits of ordered faults; no request may come afterwards.
  void stop() { stop_bell_.stop(); }

 private:
  base::Task<http::Response> directory(http::Request request);
  base::Task<http::Response> method(http::Request request);
  base::Task<http::Response> challenge(http::Request request);

  std::string answer_ranges(const threeds::EmvMessage& preq);
  std::string answer_areq(const threeds::EmvMessage& areq);
  void begin_challenge(const threeds::EmvMessage& areq, base::JsonValue& ares, const CardScenario& card);
  [[nodiscard]] std::optional<AcsSession> session_of(const base::FormFields& form) const;
  http::Response open_challenge(const AcsSession& session, std::string session_data);
  base::Task<http::Response> answer_challenge(AcsSession session, const base::FormFields& form);
  base::Task<http::Response> finish(AcsSession session, threeds::TransStatus status, std::string reason,
                                    std::string cancel);
  base::Task<void> report(const AcsSession& session, std::string rreq, std::optional<FaultKind> fault);
  base::Task<bool> send_result(std::string url, std::string rreq);
  base::Task<void> cut_off(std::string url, std::string rreq);
  base::Task<http::Response> misbehave(FaultKind fault, http::Response answer);
  std::string proof();

  ThreeDsSandboxOptions options_;
  http::Client& client_;
  net::Loop& loop_;
  base::Random& random_;
  AcsFaults& faults_;
  AcsSessions sessions_;
  base::Bell stop_bell_{loop_};
};

}  // namespace acquit::sandbox

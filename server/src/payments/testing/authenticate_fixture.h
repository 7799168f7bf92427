// What the tests of authentications share: the environment of the use cases with a 3DS Server towards a scripted
// directory, and one call for each step that a browser or a bank takes.
#pragma once

#include "connectors/threeds/forms.h"
#include "payments/testing/fake_directory.h"
#include "payments/testing/use_case_fixture.h"
#include "payments/threeds/authenticate.h"

namespace acquit::payments::testing {

inline constexpr std::string_view kMethodCard = "4970110000001003";
/// Where the tests' browsers come back to from the issuer's page.
inline constexpr std::string_view kChallengeDone = "https://pay.example/challenge-done";
inline constexpr std::string_view kNotEnrolledCard = "4970120000000006";

class AuthenticateFixture : public UseCaseTest {
 protected:
  void SetUp() override {
    UseCaseTest::SetUp();
    if (!env_) return;
    server_.emplace(threeds::ThreeDsServerOptions{.directory_url = "https://ds.example"}, directory_, env_->clock,
                    env_->random);
    store_.emplace(env_->clock);
    threeds_.emplace(ThreeDs{.test = *server_,
                             .production = *server_,
                             .store = *store_,
                             .addresses = {.method_done = "https://pay.example/method",
                                           .challenge_done = std::string(kChallengeDone),
                                           .results =
                                               [](const ResultsAddress& address) {
                                                 return "https://pay.example/results/" + base::to_string(address.shop) +
                                                        "/" + address.secret;
                                               }},
                             .requestor_id = "requestor"});
  }
  void TearDown() override {
    UseCaseTest::TearDown();
    server_.reset();
  }

  static threeds::Browser browser(bool javascript = true) {
    return {
        .accept_header = "*/*", .ip = "192.0.2.1", .language = "fr", .user_agent = "test", .javascript = javascript};
  }
  StepResult present(const PaymentId& payment, std::string_view number = kCbNumber) {
    AttemptRequest with = card(number);
    with.first = FirstStep::authenticate;
    return must(begin(payment, with));
  }
  base::Result<AuthenticationStep> authenticate(const StepResult& attempt, bool javascript = true) {
    return base::sync_wait(begin_authentication(env_->services(), *threeds_, env_->shop(), attempt, browser(javascript),
                                                base::SecurityCode("123"), /*mandated=*/false));
  }
  /// Created and its card presented.
  base::Result<AuthenticationStep> start(const NewPayment& request, std::string_view number = kCbNumber) {
    last_ = present(must(create(request)).id, number);
    return authenticate(*last_);
  }
  /// What start() presented last.
  [[nodiscard]] const StepResult& last() const { return last_.value(); }
  base::Result<AuthenticationStep> after_method(const std::string& token, bool completed = true) {
    return base::sync_wait(continue_after_method(env_->services(), *threeds_, env_->shop(), token, completed));
  }
  /// The step that `token` is of, once more.
  base::Result<AuthenticationStep> shown(const std::string& token) {
    return base::sync_wait(show_step(env_->services(), *threeds_, env_->shop(), last().payment.id, token));
  }
  base::Result<AuthenticationStep> after_challenge(const std::string& session) {
    return base::sync_wait(finish_challenge(env_->services(), *threeds_, env_->shop(), session)).step;
  }
  static std::string session_of(const AuthenticationStep& step) {
    return must(threeds::decode_session(step.challenge.value().session_data));
  }
  /// The one whose issuer was asked last.
  Authentication latest() {
    const std::string id = directory_.last_id();
    return env_->read([&](db::ReadTx& tx) { return store_->find_by_server_id(tx, kShop, id); }).value();
  }
  /// What the directory server brings for it.
  threeds::ChallengeResult result(threeds::TransStatus status, std::string cancel = {}) {
    const Authentication asked = latest();
    const bool proof = status == threeds::TransStatus::authenticated || status == threeds::TransStatus::attempted;
    return {.server_transaction_id = asked.server_transaction_id,
            .acs_transaction_id = asked.result.acs_transaction_id,
            .ds_transaction_id = asked.result.ds_transaction_id,
            .status = status,
            .reason = proof ? "" : "01",
            .eci = {},
            .cavv = proof ? std::string(kCavv) : "",
            .authentication_type = "02",
            .cancel = std::move(cancel)};
  }
  base::Result<void> record(const threeds::ChallengeResult& result) {
    const auto address = results_address(env_->services().vault, kShop, result.server_transaction_id);
    ACQUIT_TRY(const auto brought, AddressedResults::check(env_->services().vault, address, result));
    return base::sync_wait(record_results(env_->services(), *threeds_, brought));
  }
  [[nodiscard]] std::size_t authorisations() const { return env_->acquirer.authorisations().size(); }

  FakeDirectory directory_;
  std::optional<threeds::ThreeDsServer> server_;
  std::optional<AuthenticationStore> store_;
  std::optional<ThreeDs> threeds_;
  std::optional<StepResult> last_;
};

}  // namespace acquit::payments::testing

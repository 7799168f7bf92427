#include "payments/threeds/authenticate.h"

#include <gmock/gmock.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "payments/testing/authenticate_fixture.h"

namespace acquit::payments {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using threeds::TransStatus;

class AuthenticateTest : public AuthenticateFixture {};
ACQUIT_ON_BOTH_ENGINES(AuthenticateTest);

TEST_P(AuthenticateTest, PaysWithTheProofOfAFrictionlessAuthentication) {
  const auto step = must(start(request()));
  ASSERT_TRUE(step.done);
  EXPECT_EQ(step.done->transaction.state, State::authorised);
  EXPECT_TRUE(step.done->payment.ended_at);
  const AuthenticationResult& result = step.done->transaction.authentication;
  EXPECT_EQ(result.enrolled, "Y");
  EXPECT_EQ(result.status, "Y");
  EXPECT_EQ(result.type, "FRICTIONLESS");
  EXPECT_EQ(result.eci, "05");
  EXPECT_TRUE(result.liability_shift);
  ASSERT_THAT(env_->acquirer.authorisations(), SizeIs(1));
  const auto asked = env_->acquirer.authorisations()[0];
  ASSERT_TRUE(asked.proof);
  EXPECT_EQ(asked.proof->cavv, kCavv);
  EXPECT_TRUE(asked.security_code) << "the code travels with the authentication";
}

TEST_P(AuthenticateTest, GoesOnWithoutProofWhereNoneCanBeHad) {
  const struct {
    TransStatus status;
    std::string eci;
    bool shift;
    bool proof;
  } cases[] = {{TransStatus::attempted, "06", true, true},
               {TransStatus::unavailable, "07", false, false},
               {TransStatus::informational, "07", false, false}};
  for (const auto& row : cases) {
    SCOPED_TRACE(static_cast<char>(row.status));
    directory_.on_authenticate(row.status);
    const auto step = must(start(request()));
    ASSERT_TRUE(step.done);
    EXPECT_EQ(step.done->transaction.state, State::authorised);
    EXPECT_EQ(step.done->transaction.authentication.eci, row.eci);
    EXPECT_EQ(step.done->transaction.authentication.liability_shift, row.shift);
    EXPECT_EQ(env_->acquirer.authorisations().back().proof.has_value(), row.proof);
  }
}

TEST_P(AuthenticateTest, GoesOnWhereTheCardIsNotEnrolledOrTheDirectoryAway) {
  const auto plain = must(start(request(), kNotEnrolledCard));
  ASSERT_TRUE(plain.done);
  EXPECT_EQ(plain.done->transaction.authentication.enrolled, "N");
  EXPECT_EQ(plain.done->transaction.state, State::authorised);
  directory_.go_away();
  const auto silent = must(start(request()));
  ASSERT_TRUE(silent.done);
  EXPECT_EQ(silent.done->transaction.authentication.status, "U");
  EXPECT_EQ(silent.done->transaction.state, State::authorised);
}

TEST_P(AuthenticateTest, StopsWhereTheFaultIsOursUnlessTheShopChoseToGoOn) {
  const struct {
    const char* what;
    std::function<void(merchants::ShopConfig&, ThreeDs&)> spoil;
  } rows[] = {
      {"a shop without address", [](auto& shop, auto&) { shop.shop.url.clear(); }},
      {"a shop's address without scheme", [](auto& shop, auto&) { shop.shop.url = "shop.example"; }},
      {"a shop without category", [](auto& shop, auto&) { shop.shop.category_code.clear(); }},
      {"a shop in no country", [](auto& shop, auto&) { shop.shop.country = "QQ"; }},
      {"a contract without acquirer's number",
       [](auto& shop, auto&) {
         for (auto& contract : shop.contracts) contract.acquirer_id.clear();
       }},
      {"a public address without scheme",
       [](auto&, auto& threeds) { threeds.addresses.challenge_done = "pay.example"; }},
      {"a requestor without id", [](auto&, auto& threeds) { threeds.requestor_id.clear(); }},
  };
  for (const auto& row : rows) {
    for (const bool chosen : {false, true}) {
      merchants::ShopConfig shop = env_->shop();
      ThreeDs threeds = *threeds_;
      row.spoil(shop, threeds);
      shop.shop.pay_unauthenticated = chosen;
      const std::size_t before = authorisations();
      const StepResult attempt = present(must(create(request())).id);
      const auto step = must(base::sync_wait(begin_authentication(env_->services(), threeds, shop, attempt, browser(),
                                                                  base::SecurityCode("123"), /*mandated=*/false)));
      ASSERT_TRUE(step.done) << row.what;
      EXPECT_EQ(step.done->transaction.state, chosen ? State::authorised : State::refused) << row.what;
      EXPECT_EQ(authorisations(), before + (chosen ? 1 : 0)) << row.what;
      EXPECT_FALSE(step.done->transaction.authentication.liability_shift);
      if (!chosen) EXPECT_EQ(step.done->transaction.cause, Cause::authentication_impossible) << row.what;
    }
  }
  EXPECT_EQ(server_->own_faults(), 2 * std::size(rows));
}

TEST_P(AuthenticateTest, StopsWhereTheDirectoryCannotBeAskedByAFaultOfOurs) {
  directory_.go_away(base::ErrorCode::address_not_allowed);
  const auto step = must(start(request()));
  ASSERT_TRUE(step.done);
  EXPECT_EQ(step.done->transaction.state, State::refused);
  EXPECT_EQ(step.done->transaction.cause, Cause::authentication_impossible);
  EXPECT_EQ(authorisations(), 0U);
}

TEST_P(AuthenticateTest, RefusesWithoutAskingTheAcquirer) {
  const struct {
    TransStatus status;
    Cause cause;
  } cases[] = {{TransStatus::not_authenticated, Cause::authentication_failed},
               {TransStatus::rejected, Cause::authentication_rejected}};
  for (const auto& row : cases) {
    SCOPED_TRACE(static_cast<char>(row.status));
    directory_.on_authenticate(row.status);
    const auto step = must(start(request()));
    ASSERT_TRUE(step.done);
    EXPECT_EQ(step.done->transaction.state, State::refused);
    EXPECT_EQ(step.done->transaction.cause, row.cause);
    EXPECT_FALSE(step.done->payment.ended_at) << "another card may be tried";
  }
  EXPECT_EQ(authorisations(), 0U);
}

TEST_P(AuthenticateTest, PaysOnceTheResultsOfAChallengeAreIn) {
  directory_.on_authenticate(TransStatus::challenge);
  const auto step = must(start(request()));
  ASSERT_TRUE(step.challenge);
  EXPECT_EQ(step.challenge->acs_url, kAcsUrl);
  EXPECT_EQ(latest().state, AuthenticationState::challenge);
  must(record(result(TransStatus::authenticated)));
  EXPECT_EQ(authorisations(), 0U) << "the browser has to come back";
  const auto end = must(after_challenge(session_of(step)));
  ASSERT_TRUE(end.done);
  EXPECT_EQ(end.done->transaction.state, State::authorised);
  EXPECT_EQ(end.done->transaction.authentication.type, "CHALLENGE");
  EXPECT_EQ(end.done->transaction.authentication.cavv, kCavv);
  EXPECT_EQ(code_of(after_challenge(session_of(step))), base::ErrorCode::wrong_state) << "once";
  EXPECT_EQ(authorisations(), 1U);
}

TEST_P(AuthenticateTest, TakesNoBrowserAtItsWordThatTheChallengeWentWell) {
  directory_.on_authenticate(TransStatus::challenge);
  const auto step = must(start(request()));
  const auto end = must(after_challenge(session_of(step)));
  ASSERT_TRUE(end.done);
  EXPECT_EQ(end.done->transaction.state, State::refused);
  EXPECT_EQ(end.done->transaction.cause, Cause::authentication_failed);
  EXPECT_EQ(end.done->transaction.authentication.error, "no_results");
  EXPECT_EQ(authorisations(), 0U);
}

TEST_P(AuthenticateTest, KeepsTheFirstOfRepeatedResults) {
  directory_.on_authenticate(TransStatus::challenge);
  const auto step = must(start(request()));
  must(record(result(TransStatus::authenticated)));
  must(record(result(TransStatus::authenticated)));
  must(record(result(TransStatus::not_authenticated)));
  EXPECT_EQ(latest().result.status, "Y");
  auto foreign = result(TransStatus::authenticated);
  foreign.ds_transaction_id = foreign.server_transaction_id;
  EXPECT_EQ(code_of(record(foreign)), base::ErrorCode::not_found) << "of another transaction";
}

TEST_P(AuthenticateTest, SaysWhyAChallengeFailed) {
  const struct {
    std::string cancel;
    Cause cause;
  } cases[] = {{"", Cause::authentication_failed},
               {"01", Cause::authentication_cancelled},
               {"04", Cause::authentication_failed}};
  for (const auto& row : cases) {
    SCOPED_TRACE(row.cancel);
    directory_.on_authenticate(TransStatus::challenge);
    const auto step = must(start(request()));
    must(record(result(TransStatus::not_authenticated, row.cancel)));
    const auto end = must(after_challenge(session_of(step)));
    ASSERT_TRUE(end.done);
    EXPECT_EQ(end.done->transaction.state, State::refused);
    EXPECT_EQ(end.done->transaction.cause, row.cause);
  }
}

TEST_P(AuthenticateTest, AsksTheIssuerAfterItsMethod) {
  for (const bool completed : {true, false}) {
    const auto step = must(start(request(), kMethodCard));
    ASSERT_TRUE(step.method);
    EXPECT_EQ(step.method->url, kMethodUrl);
    EXPECT_FALSE(step.done);
    const auto end = must(after_method(step.token, completed));
    ASSERT_TRUE(end.done);
    EXPECT_EQ(end.done->transaction.state, State::authorised);
    EXPECT_THAT(directory_.requests().back(),
                HasSubstr(completed ? R"("threeDSCompInd":"Y")" : R"("threeDSCompInd":"N")"));
    EXPECT_EQ(code_of(after_method(step.token)), base::ErrorCode::wrong_state) << "once";
  }
}

TEST_P(AuthenticateTest, DoesWithoutTheMethodWhereTheBrowserRunsNoScripts) {
  const auto step = must(authenticate(present(must(create(request())).id, kMethodCard), /*javascript=*/false));
  EXPECT_TRUE(step.done);
  EXPECT_THAT(directory_.requests().at(0), HasSubstr(R"("threeDSCompInd":"N")"));
}

TEST_P(AuthenticateTest, TakesTheMethodsTokenForNoChallenge) {
  const auto step = must(start(request(), kMethodCard));
  ASSERT_TRUE(step.method);
  EXPECT_EQ(code_of(after_challenge(step.token)), base::ErrorCode::signature_mismatch);
  EXPECT_EQ(authorisations(), 0U) << "no payment without an authentication";
  EXPECT_EQ(state(last().transaction.id), State::authenticating);
  directory_.on_authenticate(TransStatus::challenge);
  const auto challenge = must(after_method(step.token));
  ASSERT_TRUE(challenge.challenge);
  EXPECT_EQ(code_of(after_challenge(step.token)), base::ErrorCode::signature_mismatch);
  EXPECT_EQ(code_of(after_method(session_of(challenge))), base::ErrorCode::signature_mismatch);
}

TEST_P(AuthenticateTest, ShowsAStepAgainAsOftenAsTheBrowserComes) {
  const auto method = must(start(request(), kMethodCard));
  for (int i = 0; i < 2; ++i) {
    const auto again = must(shown(method.token));
    ASSERT_TRUE(again.method);
    EXPECT_EQ(again.method->url, kMethodUrl);
    EXPECT_EQ(again.method->data, method.method->data);
    EXPECT_EQ(again.token, method.token);
  }
  directory_.on_authenticate(TransStatus::challenge);
  const auto challenge = must(after_method(method.token));
  ASSERT_TRUE(challenge.challenge);
  for (int i = 0; i < 2; ++i) {
    const auto again = must(shown(challenge.token));
    ASSERT_TRUE(again.challenge);
    EXPECT_EQ(again.challenge->acs_url, kAcsUrl);
    EXPECT_EQ(again.challenge->creq, challenge.challenge->creq);
    EXPECT_EQ(session_of(again), challenge.token);
  }
  EXPECT_THAT(directory_.requests(), SizeIs(1)) << "looking asks nobody";
  EXPECT_EQ(authorisations(), 0U);
}

TEST_P(AuthenticateTest, GoesOnWhereItIsWhenTheMethodsPageIsShownAgain) {
  const auto method = must(start(request(), kMethodCard));
  directory_.on_authenticate(TransStatus::challenge);
  must(after_method(method.token));
  const auto again = must(shown(method.token));
  ASSERT_TRUE(again.challenge);
  EXPECT_EQ(again.challenge->acs_url, kAcsUrl);
  EXPECT_NE(again.token, method.token) << "a token of the step before ends no challenge";
  must(record(result(TransStatus::authenticated)));
  const auto last = must(shown(method.token));
  ASSERT_TRUE(last.challenge);
  EXPECT_EQ(last.challenge->acs_url, kChallengeDone) << "the bank has nothing more to do";
  const auto end = must(after_challenge(session_of(last)));
  ASSERT_TRUE(end.done);
  EXPECT_EQ(end.done->transaction.state, State::authorised);
  EXPECT_EQ(code_of(shown(method.token)), base::ErrorCode::wrong_state) << "it is over";
  EXPECT_EQ(authorisations(), 1U);
}

TEST_P(AuthenticateTest, ShowsNoStepOfAnotherPaymentOrCard) {
  directory_.on_authenticate(TransStatus::challenge);
  const auto step = must(start(request()));
  const PaymentId first = last().payment.id;
  for (const std::string& token : {std::string(), std::string("a.b.c"), step.token + "A", step.token.substr(1)}) {
    EXPECT_EQ(code_of(shown(token)), base::ErrorCode::signature_mismatch) << token;
  }
  must(start(request()));
  EXPECT_EQ(code_of(shown(step.token)), base::ErrorCode::signature_mismatch) << "the token is the first payment's";
  present(first);
  EXPECT_EQ(code_of(base::sync_wait(show_step(env_->services(), *threeds_, env_->shop(), first, step.token))),
            base::ErrorCode::wrong_state)
      << "another card is tried";
}

TEST_P(AuthenticateTest, TakesNoDamagedToken) {
  directory_.on_authenticate(TransStatus::challenge);
  const std::string session = session_of(must(start(request())));
  std::string damaged = session;
  damaged.back() = damaged.back() == 'A' ? 'B' : 'A';
  const std::string own = base::to_string(kShop) + ".";
  const std::string foreign = base::to_string(kOtherShop) + "." + session.substr(own.size());
  for (const std::string& token : {std::string(), std::string("..."), damaged, foreign, session.substr(own.size())}) {
    EXPECT_EQ(code_of(after_challenge(token)), base::ErrorCode::signature_mismatch) << token;
    EXPECT_EQ(code_of(after_method(token)), base::ErrorCode::signature_mismatch) << token;
  }
}

TEST_P(AuthenticateTest, StepsUpAfterASoftDecline) {
  env_->acquirer.on_authorise(decline("A1"));
  directory_.on_authenticate(TransStatus::authenticated);
  directory_.on_authenticate(TransStatus::challenge);
  const auto step = must(start(request()));
  ASSERT_TRUE(step.challenge);
  EXPECT_THAT(directory_.requests().at(1), HasSubstr(R"("threeDSRequestorChallengeInd":"04")"));
  EXPECT_EQ(state(last().transaction.id), State::authenticating);
  must(record(result(TransStatus::authenticated)));
  env_->acquirer.on_authorise(decline("A1"));
  const auto end = must(after_challenge(session_of(step)));
  ASSERT_TRUE(end.done);
  EXPECT_EQ(end.done->transaction.state, State::refused) << "asked twice, not for ever";
  EXPECT_EQ(authorisations(), 2U);
}

TEST_P(AuthenticateTest, LetsNoEarlierAuthenticationStandForTheStepUp) {
  env_->acquirer.on_authorise(decline("A1"));
  const auto method = must(start(request(), kMethodCard));
  directory_.on_authenticate(TransStatus::authenticated);
  const auto again = must(after_method(method.token));
  ASSERT_TRUE(again.method) << "the step-up begins with the issuer's method too";
  ASSERT_EQ(state(last().transaction.id), State::authenticating);
  EXPECT_EQ(code_of(after_method(method.token)), base::ErrorCode::wrong_state);
  EXPECT_FALSE(after_challenge(method.token));
  EXPECT_EQ(authorisations(), 1U);
}

TEST_P(AuthenticateTest, AsksTheAcquirerOnlyOnceWhereNothingNewCanBeSaid) {
  env_->acquirer.on_authorise(decline("A1"));
  const auto plain = must(start(request(), kNotEnrolledCard));
  ASSERT_TRUE(plain.done);
  EXPECT_EQ(plain.done->transaction.state, State::refused);
  EXPECT_EQ(plain.done->transaction.answer.response_code, "A1");
  EXPECT_EQ(authorisations(), 1U);
  env_->acquirer.on_authorise(decline("A1"));
  directory_.on_authenticate(TransStatus::unavailable);
  directory_.on_authenticate(TransStatus::unavailable);
  const auto twice = must(start(request()));
  ASSERT_TRUE(twice.done);
  EXPECT_EQ(twice.done->transaction.state, State::refused);
  EXPECT_EQ(twice.done->transaction.cause, Cause::authentication_impossible) << "3-D Secure was not possible";
  EXPECT_EQ(authorisations(), 2U);
}

TEST_P(AuthenticateTest, TellsTheIssuerWhatTheShopWishes) {
  const struct {
    ChallengePreference preference;
    std::string indicator;
    bool shift;
  } cases[] = {{ChallengePreference::none, "01", true},
               {ChallengePreference::frictionless, "02", false},
               {ChallengePreference::challenge, "03", true},
               {ChallengePreference::mandate, "04", true}};
  for (const auto& row : cases) {
    SCOPED_TRACE(row.indicator);
    NewPayment wish = request();
    wish.challenge_preference = row.preference;
    const auto step = must(start(wish));
    ASSERT_TRUE(step.done);
    EXPECT_EQ(step.done->transaction.authentication.liability_shift, row.shift);
    EXPECT_THAT(directory_.requests().back(), HasSubstr(R"("threeDSRequestorChallengeInd":")" + row.indicator + "\""));
  }
}

TEST_P(AuthenticateTest, LeavesAnAuthenticationAloneWhoseCardWasReplaced) {
  directory_.on_authenticate(TransStatus::challenge);
  const auto first = must(start(request()));
  const StepResult before = last();
  must(record(result(TransStatus::authenticated)));
  const StepResult second = present(before.payment.id);
  EXPECT_EQ(state(before.transaction.id), State::abandoned);
  EXPECT_EQ(code_of(after_challenge(session_of(first))), base::ErrorCode::wrong_state);
  EXPECT_EQ(must(authenticate(second)).done->transaction.state, State::authorised);
  EXPECT_EQ(authorisations(), 1U);
}

TEST_P(AuthenticateTest, PaysOnceHoweverManyBrowsersComeBackAtOnce) {
  directory_.on_authenticate(TransStatus::challenge);
  const std::string session = session_of(must(start(request())));
  must(record(result(TransStatus::authenticated)));
  std::atomic<int> paid = 0;
  {
    std::vector<std::jthread> browsers;
    for (int i = 0; i < 4; ++i) {
      browsers.emplace_back([&] {
        const auto end = after_challenge(session);
        if (end && end->done && end->done->transaction.state == State::authorised) ++paid;
      });
    }
  }
  EXPECT_EQ(paid, 1);
  EXPECT_EQ(authorisations(), 1U);
}

}  // namespace
}  // namespace acquit::payments

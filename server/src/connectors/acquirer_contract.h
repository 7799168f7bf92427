// The contract suite of acquirer connectors: what each must do against a bank on a real socket, whatever they speak.
//
// For tests only. A connector's test derives an AcquirerRig (connector, bank and a loop between them), and instantiates
// AcquirerContract with its makers. Each test has a rig of its own.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <latch>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/testing/eventually.h"
#include "connectors/acquirer_rig.h"

namespace acquit::connectors {

class AcquirerContract : public testing::TestWithParam<RigMaker> {
 protected:
  static constexpr base::Milliseconds kPatient{20'000};
  static constexpr base::Milliseconds kShort{600};  // Good answers come within it on a machine that is busy too.

  void set_up(base::Milliseconds limit) {
    rig_ = GetParam().make(limit);
    ASSERT_TRUE(rig_->connect());
  }

  Authorisation authorisation(const std::string& reference, std::int64_t minor = 1990) {
    return {.trace = rig_->acquirer().new_trace(),
            .terminal = terminal(),
            .card = good_card(),
            .security_code = std::nullopt,
            .amount = base::Money(minor, base::Currency::from_code("EUR").value()),
            .reference = reference,
            .proof = std::nullopt};
  }
  Reversal reversal(const Authorisation& of) {
    return {.trace = rig_->acquirer().new_trace(),
            .original = of.trace,
            .terminal = of.terminal,
            .card = of.card,
            .amount = of.amount,
            .reference = of.reference};
  }
  Advice advice(const Authorisation& of, const std::string& code) {
    return {.trace = rig_->acquirer().new_trace(),
            .terminal = of.terminal,
            .card = of.card,
            .amount = of.amount,
            .reference = of.reference,
            .authorisation_code = code};
  }
  static Terminal terminal() {
    return {.acquirer_id = "12345", .terminal_id = "001", .merchant_number = "5999888", .category_code = "5999"};
  }
  static Card good_card() { return {.pan = base::Pan("4970100000000055"), .expiry_year = 2099, .expiry_month = 12}; }

  base::Result<AuthorisationAnswer> authorise(Authorisation request) {
    return base::sync_wait(rig_->acquirer().authorise(std::move(request)));
  }
  base::Result<Receipt> reverse(Reversal request) {
    return receipt(base::sync_wait(rig_->acquirer().reverse(std::move(request))));
  }
  base::Result<Receipt> advise(Advice request) {
    return receipt(base::sync_wait(rig_->acquirer().advise(std::move(request))));
  }
  static base::Result<Receipt> receipt(const base::Result<MessageAnswer>& answer) {
    if (!answer) return std::unexpected(answer.error());
    return answer->receipt;
  }

  void expect_served(const std::string& reference) {
    ASSERT_TRUE(rig_->wait_until_ready());
    const auto answer = authorise(authorisation(reference));
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->response_code, "00");
  }

  std::unique_ptr<AcquirerRig> rig_;
};

TEST_P(AcquirerContract, BringsAnApproval) {
  set_up(kPatient);
  const auto answer = authorise(authorisation("REF000000001"));
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->response_code, "00");
  EXPECT_EQ(answer->authorisation_code.size(), 6u);
  EXPECT_EQ(rig_->at_bank("REF000000001").state, "authorised");
  EXPECT_EQ(rig_->at_bank("REF000000001").authorisation_code, answer->authorisation_code);
}

TEST_P(AcquirerContract, BringsARefusalAsAnAnswer) {
  set_up(kPatient);
  auto request = authorisation("REF000000001");
  request.card = rig_->refused_card();
  const auto answer = authorise(request);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_NE(answer->response_code, "00");
  EXPECT_EQ(answer->authorisation_code, "");
  EXPECT_EQ(rig_->at_bank("REF000000001").state, "declined");
}

TEST_P(AcquirerContract, BringsTheMeaningOfEveryKindOfAnswer) {
  set_up(kPatient);
  struct Row {
    std::string code;
    Verdict expected;
    std::string at_bank;
  };
  int reference = 100;
  for (const Row& row :
       {Row{"11", Verdict::approved, "authorised"}, Row{"10", Verdict::approved_partially, "authorised"},
        Row{"08", Verdict::unclear, "authorised"}, Row{"51", Verdict::declined_retry, "declined"},
        Row{"43", Verdict::declined_final, "declined"}, Row{"1A", Verdict::soft_decline, "declined"},
        Row{"30", Verdict::our_fault, "declined"}, Row{"91", Verdict::unavailable, "declined"}}) {
    const auto request = authorisation("REF000000" + std::to_string(++reference));
    rig_->order_code(row.code);
    const auto answer = authorise(request);
    ASSERT_TRUE(answer) << row.code << ": " << answer.error().detail;
    EXPECT_EQ(answer->verdict, row.expected) << row.code;
    EXPECT_EQ(answer->response_code, row.code);
    EXPECT_EQ(rig_->at_bank(request.reference).state, row.at_bank) << row.code;
    EXPECT_EQ(reverse(reversal(request)).value(), Receipt::accepted) << row.code;
    EXPECT_NE(rig_->at_bank(request.reference).state, "authorised") << row.code;
  }
}

TEST_P(AcquirerContract, IsBusyBeforeItIsConnected) {
  rig_ = GetParam().make(kPatient);
  const auto answer = authorise(authorisation("REF000000001"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, base::ErrorCode::line_busy);
  EXPECT_EQ(rig_->transactions_at_bank(), 0u);
}

TEST_P(AcquirerContract, DoesNotSendAnAmountThatItCannotSay) {
  set_up(kPatient);
  const auto answer = authorise(authorisation("REF000000001", -1));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, base::ErrorCode::unsendable);
  EXPECT_EQ(rig_->transactions_at_bank(), 0u);
}

TEST_P(AcquirerContract, DoesNotKnowTheOutcomeWhenNoAnswerComesInTime) {
  set_up(kShort);
  rig_->order_fault(RigFault::silent, 1);
  const auto request = authorisation("REF000000001");
  const auto answer = authorise(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, base::ErrorCode::outcome_unknown);
  EXPECT_EQ(rig_->at_bank("REF000000001").state, "authorised");
  EXPECT_EQ(reverse(reversal(request)).value(), Receipt::accepted);
  EXPECT_EQ(rig_->at_bank("REF000000001").state, "reversed");
}

TEST_P(AcquirerContract, TellsOfAnApprovalThatComesTooLate) {
  set_up(kShort);
  rig_->order_fault(RigFault::slow, 1);
  auto request = authorisation("REF000000001");
  request.subject = "the caller's name for it";
  const auto answer = authorise(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, base::ErrorCode::outcome_unknown);
  EXPECT_TRUE(base::testing::eventually([&] { return rig_->late_answers() == 1; }));
  const auto late = rig_->acquirer().late_approvals();
  ASSERT_EQ(late.size(), 1u);
  EXPECT_EQ(late[0].subject, "the caller's name for it");
  EXPECT_EQ(late[0].trace, request.trace);
  EXPECT_EQ(late[0].reference, "REF000000001");
  EXPECT_EQ(late[0].amount, request.amount);
  rig_->acquirer().forget(late[0]);
  EXPECT_TRUE(rig_->acquirer().late_approvals().empty());
  expect_served("REF000000002");
}

TEST_P(AcquirerContract, TakesALateAcknowledgementForTheMessageThatIsRepeated) {
  set_up(kShort);
  const auto request = authorisation("REF000000001");
  const auto answer = authorise(request);
  ASSERT_TRUE(answer);
  auto capture = advice(request, answer->authorisation_code);
  rig_->order_fault(RigFault::slow, 1);
  EXPECT_EQ(advise(capture).error().code, base::ErrorCode::outcome_unknown);
  ASSERT_TRUE(base::testing::eventually([&] { return rig_->late_answers() == 1; }));
  capture.repeat = true;
  EXPECT_EQ(advise(capture).value(), Receipt::accepted);
  EXPECT_EQ(rig_->at_bank("REF000000001").repeats, 0) << "nothing had to be sent";
  auto undo = reversal(authorisation("REF000000009"));
  rig_->order_fault(RigFault::slow, 1);
  EXPECT_EQ(reverse(undo).error().code, base::ErrorCode::outcome_unknown);
  ASSERT_TRUE(base::testing::eventually([&] { return rig_->late_answers() == 2; }));
  undo.repeat = true;
  EXPECT_EQ(reverse(undo).value(), Receipt::unknown_record);
}

TEST_P(AcquirerContract, IgnoresAnAnswerThatComesTwice) {
  set_up(kPatient);
  rig_->order_fault(RigFault::duplicate, 1);
  const auto answer = authorise(authorisation("REF000000001"));
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_TRUE(base::testing::eventually([&] { return rig_->unexpected_answers() == 1; }));
  expect_served("REF000000002");
  EXPECT_EQ(rig_->late_answers(), 0u);
}

TEST_P(AcquirerContract, ComesBackAfterGarbage) {
  set_up(kPatient);
  rig_->order_fault(RigFault::garbage, 1);
  const auto answer = authorise(authorisation("REF000000001"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, base::ErrorCode::outcome_unknown);
  EXPECT_TRUE(base::testing::eventually([&] { return rig_->ready(); }));
  expect_served("REF000000002");
}

TEST_P(AcquirerContract, LosesOnlyTheAnswerThatCannotBeReadOrBelieved) {
  set_up(kPatient);
  for (const RigFault fault : {RigFault::unreadable, RigFault::mismatch}) {
    rig_->order_fault(fault, 1);
    const auto request = authorisation(fault == RigFault::mismatch ? "REF000000001" : "REF000000002");
    const auto answer = authorise(request);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, base::ErrorCode::outcome_unknown);
    EXPECT_TRUE(rig_->ready()) << "the link stays";
    EXPECT_EQ(rig_->at_bank(request.reference).state, "authorised");
    EXPECT_EQ(reverse(reversal(request)).value(), Receipt::accepted);
    EXPECT_EQ(rig_->at_bank(request.reference).state, "reversed");
  }
}

TEST_P(AcquirerContract, BelievesNoAcknowledgementOfSomethingElse) {
  set_up(kPatient);
  const auto request = authorisation("REF000000001");
  const auto answer = authorise(request);
  ASSERT_TRUE(answer);
  rig_->order_fault(RigFault::mismatch, 1);
  const auto captured = advise(advice(request, answer->authorisation_code));
  ASSERT_FALSE(captured);
  EXPECT_EQ(captured.error().code, base::ErrorCode::outcome_unknown);
}

TEST_P(AcquirerContract, ComesBackAfterADisconnect) {
  set_up(kPatient);
  rig_->order_fault(RigFault::disconnect, 1);
  const auto answer = authorise(authorisation("REF000000001"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, base::ErrorCode::outcome_unknown);
  expect_served("REF000000002");
}

TEST_P(AcquirerContract, ComesBackAfterTheBankRestarted) {
  set_up(kPatient);
  const auto request = authorisation("REF000000001");
  ASSERT_TRUE(authorise(request));
  rig_->stop_bank();
  EXPECT_TRUE(base::testing::eventually([&] { return !rig_->ready(); }));
  const auto refused = authorise(authorisation("REF000000002"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::line_busy);
  rig_->start_bank();
  EXPECT_TRUE(base::testing::eventually([&] { return rig_->ready(); }));
  EXPECT_EQ(rig_->at_bank("REF000000001").state, "authorised");
  EXPECT_EQ(advise(advice(request, rig_->at_bank("REF000000001").authorisation_code)).value(), Receipt::accepted);
  EXPECT_EQ(rig_->at_bank("REF000000002").state, "");
}

TEST_P(AcquirerContract, MatchesAThousandAnswersAtOnce) {
  constexpr std::size_t kCount = 1000;
  set_up(kPatient);
  std::vector<std::string> codes(kCount);
  std::latch done(kCount);
  const auto reference_of = [](std::size_t i) { return "REF" + std::to_string(100'000'000 + i); };
  const auto pay = [](Acquirer& acquirer, Authorisation request, std::string& code) -> base::Task<void> {
    const auto answer = co_await acquirer.authorise(std::move(request));
    code = answer ? answer->authorisation_code : answer.error().detail;
  };
  for (std::size_t i = 0; i < kCount; ++i) {
    base::spawn(pay(rig_->acquirer(), authorisation(reference_of(i)), codes[i]), [&] { done.count_down(); });
  }
  done.wait();
  for (std::size_t i = 0; i < kCount; ++i) {
    ASSERT_EQ(codes[i], rig_->at_bank(reference_of(i)).authorisation_code) << i;
  }
  EXPECT_EQ(std::set(codes.begin(), codes.end()).size(), kCount);
}

TEST_P(AcquirerContract, ReversesWhatNeverArrivedSoThatItCannotArriveLater) {
  set_up(kPatient);
  const auto request = authorisation("REF000000001");
  EXPECT_EQ(reverse(reversal(request)).value(), Receipt::unknown_record);
  const auto late = authorise(request);
  ASSERT_TRUE(late) << late.error().detail;
  EXPECT_NE(late->response_code, "00");
  EXPECT_EQ(rig_->at_bank("REF000000001").state, "declined");
}

TEST_P(AcquirerContract, ReversesOnceHoweverOftenItIsAsked) {
  set_up(kPatient);
  const auto request = authorisation("REF000000001");
  ASSERT_TRUE(authorise(request));
  auto undo = reversal(request);
  EXPECT_EQ(reverse(undo).value(), Receipt::accepted);
  undo.repeat = true;
  EXPECT_EQ(reverse(undo).value(), Receipt::accepted);
  EXPECT_EQ(rig_->at_bank("REF000000001").state, "reversed");
  EXPECT_EQ(rig_->at_bank("REF000000001").repeats, 1);
}

TEST_P(AcquirerContract, RepeatsAnAuthorisationWithoutASecondOne) {
  set_up(kPatient);
  const auto request = authorisation("REF000000001");
  const auto first = authorise(request);
  const auto second = authorise(request);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->authorisation_code, second->authorisation_code);
  EXPECT_EQ(rig_->transactions_at_bank(), 1u);
}

TEST_P(AcquirerContract, RepeatsAnAdviceUntilItIsAcknowledgedAndIsChargedOnce) {
  set_up(kShort);
  const auto request = authorisation("REF000000001");
  const auto answer = authorise(request);
  ASSERT_TRUE(answer) << answer.error().detail;
  rig_->order_fault(RigFault::silent, 1);
  auto capture = advice(request, answer->authorisation_code);
  const auto unknown = advise(capture);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, base::ErrorCode::outcome_unknown);
  capture.trace = rig_->acquirer().new_trace();
  capture.repeat = true;
  EXPECT_EQ(advise(capture).value(), Receipt::accepted);
  const BankView view = rig_->at_bank("REF000000001");
  EXPECT_EQ(view.state, "captured");
  EXPECT_EQ(view.captured_minor, 1990);
  EXPECT_EQ(view.repeats, 1);
}

TEST_P(AcquirerContract, TellsAPutOffAdviceFromARejectedOne) {
  set_up(kPatient);
  const auto request = authorisation("REF000000001");
  const auto answer = authorise(request);
  ASSERT_TRUE(answer) << answer.error().detail;
  auto capture = advice(request, answer->authorisation_code);
  rig_->order_fault(RigFault::refuse, 1);
  EXPECT_EQ(advise(capture).value(), Receipt::unavailable);
  EXPECT_EQ(rig_->at_bank("REF000000001").state, "authorised");
  capture.amount = base::Money(1991, capture.amount.currency());
  EXPECT_EQ(advise(capture).value(), Receipt::rejected);
  EXPECT_EQ(rig_->at_bank("REF000000001").state, "authorised");
}

TEST_P(AcquirerContract, CreditsUnderAReferenceOfItsOwn) {
  set_up(kPatient);
  auto credit = advice(authorisation("REF000000001"), "");
  credit.kind = AdviceKind::credit;
  EXPECT_EQ(advise(credit).value(), Receipt::accepted);
  EXPECT_EQ(rig_->at_bank("REF000000001").state, "credited");
}

TEST_P(AcquirerContract, TakesNothingMoreOnceStopped) {
  set_up(kPatient);
  rig_->stop_connector();
  rig_->stop_connector();
  EXPECT_FALSE(rig_->ready());
  const auto answer = authorise(authorisation("REF000000001"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, base::ErrorCode::line_busy);
  EXPECT_EQ(rig_->transactions_at_bank(), 0u);
}

}  // namespace acquit::connectors

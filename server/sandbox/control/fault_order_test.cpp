#include "sandbox/control/fault_order.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sandbox/acquirer/test_cards.h"
#include "sandbox/test_cards.h"

namespace acquit::sandbox {
namespace {

using base::ErrorCode;

TEST(FaultOrder, ReadsEveryAllowedPair) {
  for (const FaultTarget target : all_targets()) {
    for (const FaultKind kind : kinds_of(target)) {
      FaultOrder expected{.target = target, .kind = kind, .count = 3};
      if (kind == FaultKind::code) expected.code = "1A";
      if (target == FaultTarget::acs) {
        expected.step = kind == FaultKind::duplicate ? AcsStep::rreq : AcsStep::areq;
      }
      const std::string json = fmt::format(R"({{"target":"{}","kind":"{}","count":3,"code":"{}"}})", to_string(target),
                                           to_string(kind), expected.code);
      EXPECT_EQ(parse_fault_json(json), expected) << json;
      EXPECT_EQ(parse_fault_form(fmt::format("step=&target={}&kind={}&count=3&code={}", to_string(target),
                                             to_string(kind), expected.code)),
                expected);
    }
  }
}

TEST(FaultOrder, ReadsTheStepOfTheIssuer) {
  for (const FaultKind kind : kinds_of(FaultTarget::acs)) {
    for (const AcsStep step : steps_of(kind)) {
      const FaultOrder expected{.target = FaultTarget::acs, .kind = kind, .step = step};
      const std::string json =
          fmt::format(R"({{"target":"acs","kind":"{}","step":"{}"}})", to_string(kind), to_string(step));
      EXPECT_EQ(parse_fault_json(json), expected) << json;
      EXPECT_EQ(parse_fault_form(fmt::format("target=acs&kind={}&step={}", to_string(kind), to_string(step))),
                expected);
    }
  }
}

TEST(FaultOrder, RefusesWhatItDoesNotKnowAndNamesWhatItDoes) {
  struct Row {
    std::string_view body;
    ErrorCode code;
    std::string_view detail;
  };
  for (const Row& row : {
           Row{"", ErrorCode::body_malformed, "JSON object"},
           Row{"[]", ErrorCode::body_malformed, "JSON object"},
           Row{"{", ErrorCode::body_malformed, "JSON object"},
           Row{R"({})", ErrorCode::field_missing, "target is missing; allowed: acquirer, acs, shop, smtp"},
           Row{R"({"target":1,"kind":"slow"})", ErrorCode::field_missing, "target is missing"},
           Row{R"({"target":"bank","kind":"slow"})", ErrorCode::field_value,
               "unknown target \"bank\"; allowed: acquirer, acs, shop, smtp"},
           Row{R"({"target":"smtp"})", ErrorCode::field_missing, "kind is missing"},
           Row{R"({"target":"smtp","kind":"fire"})", ErrorCode::field_value,
               "unknown kind \"fire\"; allowed: silent, slow, garbage, disconnect, duplicate, refuse"},
           Row{R"({"target":"acs","kind":"slow","step":"creq"})", ErrorCode::field_value,
               "unknown step \"creq\"; allowed for acs slow: areq, challenge, rreq"},
           Row{R"({"target":"acs","kind":"duplicate","step":"areq"})", ErrorCode::field_value,
               "unknown step \"areq\"; allowed for acs duplicate: rreq"},
           Row{R"({"target":"acs","kind":"slow","step":1})", ErrorCode::field_missing, "step is missing; allowed"},
           Row{R"({"target":"shop","kind":"slow","step":"rreq"})", ErrorCode::field_value,
               "step is for the target acs only"},
           Row{R"({"target":"shop","kind":"slow","count":0})", ErrorCode::field_value, "count must be"},
           Row{R"({"target":"shop","kind":"slow","count":"1"})", ErrorCode::field_value, "count must be"},
           Row{R"({"target":"shop","kind":"slow","count":1.5})", ErrorCode::field_value, "count must be"},
           Row{R"({"target":"shop","kind":"slow","count":100001})", ErrorCode::field_value, "count must be"},
           Row{R"({"target":"acquirer","kind":"code"})", ErrorCode::field_value, "code must be"},
           Row{R"({"target":"acquirer","kind":"code","code":"1a"})", ErrorCode::field_value, "code must be"},
           Row{R"({"target":"acquirer","kind":"slow","code":"51"})", ErrorCode::field_value, "code must be"},
           Row{R"({"target":"shop","kind":"code","code":"51"})", ErrorCode::field_value, "unknown kind \"code\""},
       }) {
    const auto order = parse_fault_json(row.body);
    ASSERT_FALSE(order) << row.body;
    EXPECT_EQ(order.error().code, row.code) << row.body;
    EXPECT_NE(order.error().detail.find(row.detail), std::string::npos) << order.error().detail;
  }
  EXPECT_EQ(parse_fault_form("target=%").error().code, ErrorCode::body_malformed);
  EXPECT_EQ(parse_fault_form("target=shop&kind=slow&count=x").error().field, "count");
  EXPECT_EQ(parse_fault_form("target=acs&kind=slow&step=x").error().field, "step");
  EXPECT_EQ(parse_fault_form("target=smtp&kind=slow&step=areq").error().field, "step");
}

TEST(FaultOrder, OneMessageIfNoCountIsGiven) {
  EXPECT_EQ(parse_fault_json(R"({"target":"shop","kind":"slow"})")->count, 1U);
  EXPECT_EQ(parse_fault_form("target=shop&kind=slow&count=")->count, 1U);
}

// Two lists of cards: the public one with its words, and the bank's own with its codes.
TEST(TestCards, TheBankDoesWhatTheListPromises) {
  for (const CardScenario& card : card_scenarios()) {
    const TestCard* const at_bank = find_test_card(card.number);
    const CardRule rule = at_bank == nullptr ? CardRule::approve : at_bank->rule;
    switch (card.bank) {
      // A buyer whose authentication fails never gets to the bank.
      case BankBehaviour::accept:
        if (card.three_ds != ThreeDsBehaviour::challenge_refused) EXPECT_EQ(rule, CardRule::approve) << card.number;
        break;
      case BankBehaviour::refuse: EXPECT_EQ(rule, CardRule::decline) << card.number; break;
      case BankBehaviour::refuse_amounts: EXPECT_EQ(rule, CardRule::decline_above_zero) << card.number; break;
      case BankBehaviour::soft_decline: EXPECT_EQ(rule, CardRule::require_authentication) << card.number; break;
    }
  }
}

}  // namespace
}  // namespace acquit::sandbox

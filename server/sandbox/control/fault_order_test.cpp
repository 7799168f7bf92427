#include "sandbox/control/fault_order.h"

#include <gtest/gtest.h>

#include "sandbox/acquirer/test_cards.h"
#include "sandbox/test_cards.h"

namespace acquit::sandbox {
namespace {

using base::ErrorCode;

TEST(FaultOrder, ReadsEveryAllowedPair) {
  for (const FaultTarget target : all_targets()) {
    for (const FaultKind kind : kinds_of(target)) {
      const std::string target_text(to_string(target));
      const std::string kind_text(to_string(kind));
      const FaultOrder expected{.target = target, .kind = kind, .count = 3};
      const std::string json = R"({"target":")" + target_text + R"(","kind":")" + kind_text + R"(","count":3})";
      EXPECT_EQ(parse_fault_json(json), expected) << json;
      EXPECT_EQ(parse_fault_form("target=" + target_text + "&kind=" + kind_text + "&count=3"), expected);
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
               "unknown kind \"fire\"; allowed for smtp: silent, slow, garbage, disconnect, duplicate, refuse"},
           Row{R"({"target":"acs","kind":"duplicate"})", ErrorCode::field_value, "allowed for acs: silent"},
           Row{R"({"target":"shop","kind":"slow","count":0})", ErrorCode::field_value, "count must be"},
           Row{R"({"target":"shop","kind":"slow","count":"1"})", ErrorCode::field_value, "count must be"},
           Row{R"({"target":"shop","kind":"slow","count":1.5})", ErrorCode::field_value, "count must be"},
           Row{R"({"target":"shop","kind":"slow","count":100001})", ErrorCode::field_value, "count must be"},
       }) {
    const auto order = parse_fault_json(row.body);
    ASSERT_FALSE(order) << row.body;
    EXPECT_EQ(order.error().code, row.code) << row.body;
    EXPECT_NE(order.error().detail.find(row.detail), std::string::npos) << order.error().detail;
  }
  EXPECT_EQ(parse_fault_form("target=%").error().code, ErrorCode::body_malformed);
  EXPECT_EQ(parse_fault_form("target=shop&kind=slow&count=x").error().field, "count");
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

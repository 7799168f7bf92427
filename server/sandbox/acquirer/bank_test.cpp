#include "sandbox/acquirer/bank.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/card_numbers.h"
#include "base/manual_clock.h"
#include "base/random.h"
#include "connectors/iso8583/map.h"
#include "sandbox/acquirer/faults.h"
#include "sandbox/acquirer/test_cards.h"

namespace acquit::sandbox {
namespace {

using connectors::Trace;
using iso8583::Message;

class BankTest : public testing::Test {
 protected:
  connectors::Authorisation request(std::string number, std::int64_t minor = 1000, std::string reference = "REF1") {
    return {.trace = {.stan = ++stan_, .sent_at = clock_.now()},
            .terminal = {.acquirer_id = "1", .terminal_id = "001", .merchant_number = "599", .category_code = "5999"},
            .card = {.pan = base::Pan(std::move(number)), .expiry_year = 2030, .expiry_month = 1},
            .security_code = base::SecurityCode("123"),
            .amount = base::Money(minor, base::Currency::from_code("EUR").value()),
            .reference = std::move(reference),
            .proof = std::nullopt};
  }
  Message advice(const connectors::Authorisation& of, std::int64_t minor, bool credit = false) {
    return iso8583::to_message(
               connectors::Advice{.trace = {.stan = ++stan_, .sent_at = clock_.now()},
                                  .kind = credit ? connectors::AdviceKind::credit : connectors::AdviceKind::debit,
                                  .terminal = of.terminal,
                                  .card = of.card,
                                  .amount = base::Money(minor, of.amount.currency()),
                                  .reference = of.reference,
                                  .authorisation_code = ""})
        .value();
  }
  Message reversal(const connectors::Authorisation& of) {
    return iso8583::to_message(connectors::Reversal{.trace = {.stan = ++stan_, .sent_at = clock_.now()},
                                                    .original = of.trace,
                                                    .terminal = of.terminal,
                                                    .card = of.card,
                                                    .amount = of.amount,
                                                    .reference = of.reference})
        .value();
  }
  static std::string code(Bank& bank, const Message& message) { return std::string(bank.answer(message).get(39)); }
  std::string code(const Message& message) { return code(bank_, message); }
  std::string code(const connectors::Authorisation& authorisation) {
    return code(iso8583::to_message(authorisation).value());
  }

  base::ManualClock clock_;  // 14 November 2023.
  Bank bank_{clock_};
  int stan_ = 0;
};

TEST_F(BankTest, AnswersTheTestCardsAsTheirTableSays) {
  int row = 0;
  for (const TestCard& card : test_cards()) {
    const std::string reference = "REF" + std::to_string(++row);
    const std::string expected = card.rule == CardRule::approve ? "00" : std::string(card.code);
    EXPECT_EQ(code(request(std::string(card.number), 1000, reference)), expected) << card.number << " " << card.use;
  }
}

TEST_F(BankTest, DecidesByCardExpiryAndProof) {
  struct Row {
    std::string_view why;
    std::string number;
    std::int64_t minor;
    int year;
    int month;
    bool proof;
    std::string_view expected;
  };
  const Row rows[] = {
      {"any other card", "4111111111111111", 1000, 2030, 1, false, "00"},
      {"one digit wrong", "4111111111111112", 1000, 2030, 1, false, "14"},
      {"good to the end of its month", "4111111111111111", 1000, 2023, 11, false, "00"},
      {"expired last month", "4111111111111111", 1000, 2023, 10, false, "54"},
      {"expired long ago", "4970100000000055", 1000, 2001, 1, false, "54"},
      {"no month", "4111111111111111", 1000, 2030, 13, false, "54"},
      {"verified only", "4970101000001002", 0, 2030, 1, false, "00"},
      {"charged", "4970101000001002", 1, 2030, 1, false, "51"},
      {"not authenticated", "4970110000000914", 1000, 2030, 1, false, "A1"},
      {"authenticated", "4970110000000914", 1000, 2030, 1, true, "00"},
  };
  int count = 0;
  for (const Row& row : rows) {
    auto authorisation = request(row.number, row.minor, "REF" + std::to_string(++count));
    authorisation.card.expiry_year = row.year;
    authorisation.card.expiry_month = row.month;
    if (row.proof) {
      authorisation.proof = connectors::AuthenticationProof{
          .eci = "05", .cavv = "AAABBBBCCCCDDDDEEEEFFFFGGGG=", .ds_transaction_id = "", .version = "2.2.0"};
    }
    EXPECT_EQ(code(authorisation), row.expected) << row.why;
  }
}

TEST_F(BankTest, LetsARefusedAttemptBeMadeAgainUnderItsReferenceOnly) {
  EXPECT_EQ(code(request("4970110000000914")), "A1");
  auto again = request("4970110000000914");
  again.proof = connectors::AuthenticationProof{.eci = "05", .cavv = "proof", .ds_transaction_id = "", .version = ""};
  EXPECT_EQ(code(again), "00");
  EXPECT_EQ(code(request("4970110000000914")), "94");
  ASSERT_EQ(bank_.snapshot().size(), 1u);
  EXPECT_EQ(bank_.snapshot()[0].state, BankState::authorised);
  EXPECT_TRUE(bank_.snapshot()[0].authenticated);
}

TEST_F(BankTest, TakesNoOtherPaymentUnderATraceThatItKnows) {
  const auto first = request("4970100000000055", 1000, "REF1");
  EXPECT_EQ(code(first), "00");
  auto other = request("4970100000000063", 2000, "REF2");
  other.trace = first.trace;
  EXPECT_EQ(code(other), "94");
  EXPECT_EQ(code(first), "00") << "the same once more";
  EXPECT_EQ(bank_.snapshot().size(), 1U);
}

TEST_F(BankTest, DoesNotReverseAnApprovalForAnEarlierRefusal) {
  const auto refused = request("4970100000000063");
  EXPECT_EQ(code(refused), "51");
  EXPECT_EQ(code(request("4970100000000055")), "00");
  EXPECT_EQ(code(reversal(refused)), "00");
  EXPECT_EQ(bank_.snapshot()[0].state, BankState::authorised);
}

TEST_F(BankTest, CapturesOnceAndNoMoreThanAuthorised) {
  const auto paid = request("4970100000000055", 1000);
  EXPECT_EQ(code(advice(paid, 1000)), "25");  // Nothing authorised yet.
  EXPECT_EQ(code(paid), "00");
  EXPECT_EQ(code(advice(paid, 1001)), "13");
  EXPECT_EQ(code(advice(paid, 0)), "13");
  EXPECT_EQ(code(advice(paid, 700)), "00");
  EXPECT_EQ(code(advice(paid, 700)), "00");
  EXPECT_EQ(code(advice(paid, 800)), "94");
  EXPECT_EQ(code(reversal(paid)), "12");  // Too late.
  const BankTransaction transaction = bank_.snapshot()[0];
  EXPECT_EQ(transaction.state, BankState::captured);
  EXPECT_EQ(transaction.captured_minor, 700);
  EXPECT_EQ(transaction.repeated_advices, 1);
}

TEST_F(BankTest, CapturesNothingThatHoldsNoMoney) {
  auto verified = request("4970100000000055", 0, "REF1");
  verified.verification = true;
  const auto refused = request("4970100000000063", 1000, "REF2");
  const auto reversed = request("4970100000000055", 1000, "REF3");
  for (const auto& each : {verified, refused, reversed}) (void)code(each);
  EXPECT_EQ(code(reversal(reversed)), "00");
  for (const auto& each : {verified, refused, reversed}) EXPECT_EQ(code(advice(each, 500)), "12") << each.reference;
}

TEST_F(BankTest, CreditsOnce) {
  const auto refund = request("4970100000000055", 400, "REF9");
  EXPECT_EQ(code(advice(refund, 400, /*credit=*/true)), "00");
  EXPECT_EQ(code(advice(refund, 400, /*credit=*/true)), "00");
  EXPECT_EQ(code(advice(refund, 300, /*credit=*/true)), "94");
  ASSERT_EQ(bank_.snapshot().size(), 1u);
  EXPECT_EQ(bank_.snapshot()[0].state, BankState::credited);
  EXPECT_EQ(bank_.snapshot()[0].repeated_advices, 1);
}

TEST_F(BankTest, RefusesMessagesThatLackWhatTheyNeed) {
  EXPECT_EQ(code(Message("0100").set(2, "4970100000000055")), "30");
  EXPECT_EQ(code(Message("0400").set(90, "0100")), "30");
  EXPECT_EQ(code(Message("0220")), "30");
  EXPECT_EQ(code(Message("0200")), "12");
  EXPECT_EQ(code(Message("0800").set(70, "301")), "00");
  EXPECT_EQ(bank_.answer(Message("0200")).mti(), "0210");
}

TEST_F(BankTest, RefusesByOrder) {
  const auto paid = request("4970100000000055");
  EXPECT_EQ(bank_.refuse(iso8583::to_message(paid).value()).get(39), "05");
  EXPECT_EQ(bank_.snapshot()[0].state, BankState::declined);
  EXPECT_EQ(bank_.refuse(advice(paid, 1000)).get(39), "96");
  EXPECT_EQ(bank_.refuse(reversal(paid)).get(39), "96");
}

TEST_F(BankTest, AnswersWithACodeByOrder) {
  const auto paid = request("4970100000000055", 1001);
  const Message message = iso8583::to_message(paid).value();
  const Message half = bank_.answer_with(message, "10");
  EXPECT_EQ(half.get(39), "10");
  EXPECT_EQ(half.get(4), "000000000500");
  EXPECT_EQ(half.get(38).size(), 6U);
  EXPECT_EQ(bank_.snapshot()[0].state, BankState::authorised);
  EXPECT_EQ(bank_.answer_with(advice(paid, 1001), "12").get(39), "12");
  EXPECT_EQ(bank_.snapshot()[0].state, BankState::authorised) << "refused, so nothing is done";
  EXPECT_EQ(bank_.answer_with(advice(paid, 1001), "94").get(39), "94");
  EXPECT_EQ(bank_.snapshot()[0].state, BankState::captured) << "known, so it has it";
  const auto refused = request("4970100000000055", 1001, "REF2");
  EXPECT_EQ(bank_.answer_with(iso8583::to_message(refused).value(), "81").get(39), "81");
  EXPECT_EQ(bank_.snapshot()[1].state, BankState::declined);
}

TEST_F(BankTest, KeepsNoCardNumber) {
  (void)code(request("4970100000000055"));
  EXPECT_EQ(bank_.snapshot()[0].card, "497010XXXXXX0055");
}

TEST_F(BankTest, RemembersAcrossARestartByItsJournal) {
  const auto path = std::filesystem::temp_directory_path() / ("acquit-journal-" + base::OsRandom().hex(8));
  const auto captured = request("4970100000000055", 1000, "REF1");
  const auto reversed = request("4970100000000055", 1000, "REF2");
  const auto refused = request("4970100000000063", 1000, "REF3");
  const auto credited = request("4970100000000055", 1000, "REF4");
  const auto never_came = request("4970100000000055", 1000, "REF5");
  std::vector<BankTransaction> before;
  {
    const auto bank = Bank::open(clock_, path.string()).value();
    for (const auto& each : {captured, reversed, refused, captured}) {
      (void)bank->answer(iso8583::to_message(each).value());
    }
    EXPECT_EQ(code(*bank, advice(captured, 900)), "00");
    EXPECT_EQ(code(*bank, reversal(reversed)), "00");
    EXPECT_EQ(code(*bank, advice(credited, 1000, /*credit=*/true)), "00");
    EXPECT_EQ(code(*bank, reversal(never_came)), "25");
    before = bank->snapshot();
  }
  std::ofstream(path, std::ios::app) << "capture\tREF2";  // Torn: its writer died in it.
  {
    const auto bank = Bank::open(clock_, path.string()).value();
    const auto after = bank->snapshot();
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
      EXPECT_EQ(after[i].reference, before[i].reference);
      EXPECT_EQ(after[i].state, before[i].state);
      EXPECT_EQ(after[i].authorisation_code, before[i].authorisation_code);
      EXPECT_EQ(after[i].captured_minor, before[i].captured_minor);
      EXPECT_EQ(after[i].repeated_authorisations, before[i].repeated_authorisations);
    }
    EXPECT_EQ(code(*bank, iso8583::to_message(never_came).value()), "12");
    EXPECT_EQ(code(*bank, iso8583::to_message(request("4970100000000055", 1, "REF6")).value()), "00");
  }
  EXPECT_EQ(Bank::open(clock_, path.string()).value()->snapshot().back().reference, "REF6");
  EXPECT_FALSE(Bank::open(clock_, "/nowhere/at/all"));
  std::filesystem::remove(path);
}

TEST(TestCards, PassTheLuhnCheckButThoseKnownNotTo) {
  std::vector<std::string_view> failing;
  for (const TestCard& card : test_cards()) {
    if (!base::luhn_valid(card.number)) failing.push_back(card.number);
  }
  EXPECT_THAT(failing, testing::UnorderedElementsAre("4970100000000000", "4970100000000003", "4970100000000009",
                                                     "1111222233335555", "4012001037141113"));
}

TEST(Faults, AreWorkedOffInTheirOrder) {
  Faults faults;
  EXPECT_FALSE(faults.take());
  faults.order(FaultKind::silent, 2);
  faults.order(FaultKind::slow, 0);
  faults.order(FaultKind::garbage, 1);
  EXPECT_EQ(faults.take(), FaultKind::silent);
  EXPECT_EQ(faults.take(), FaultKind::silent);
  EXPECT_EQ(faults.take(), FaultKind::garbage);
  EXPECT_FALSE(faults.take());
  for (const std::string_view name : {"silent", "slow", "garbage", "disconnect", "duplicate", "refuse"}) {
    EXPECT_TRUE(fault_kind_from(name)) << name;
  }
  EXPECT_FALSE(fault_kind_from("Silent"));
}

}  // namespace
}  // namespace acquit::sandbox

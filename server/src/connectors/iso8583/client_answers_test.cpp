// What the client makes of answers that a host should not give.
#include <gmock/gmock.h>

#include "connectors/iso8583/client_fixture.h"

namespace acquit::iso8583 {
namespace {

// What a host may put into one answer among many, and whether that answer still counts.
struct OddAnswer {
  std::string_view name;
  int number;
  std::string value;  ///< Sound, of the same length as what replaces it.
  std::string bytes;
  bool counts;
};
const OddAnswer kOddAnswers[] = {
    {"a byte in DE 63", 63, "?", "\x01", true},
    {"a binary DE 48", 48, "?????", std::string("\0\xff\x01\x02\x03", 5), true},
    {"a DE 38 with a dash", 38, "Z9Z9Z9", "Z9-9Z9", false},
    {"a control character in DE 44", 44, "odd!", "od\x02!", false},
    {"a length that is none", 44, "odd!", "", false},
};

TEST_F(ClientTest, LosesOnlyTheAnswerWhoseContentIsWrong) {
  for (const OddAnswer& odd : kOddAnswers) {
    std::atomic<bool> first = true;
    begin(
        [&](const Message& request) {
          Message answer = approval(request);
          if (request.mti() == "0100" && first.exchange(false)) answer.set(odd.number, odd.value);
          return std::vector{answer};
        },
        {},
        [&](std::string& payload) {
          const std::size_t at = payload.find(odd.value);
          if (at == std::string::npos) return;
          if (odd.bytes.empty()) {
            payload.replace(at - 2, 2, "x4");
          } else {
            payload.replace(at, odd.bytes.size(), odd.bytes);
          }
        });
    ASSERT_TRUE(wait_until_ready());
    const auto [approved, unknown] = pay(24);
    EXPECT_EQ(approved, odd.counts ? 24 : 23) << odd.name;
    EXPECT_EQ(unknown, odd.counts ? 0 : 1) << odd.name;
    EXPECT_EQ(client_->counters().unusable, odd.counts ? 0u : 1u) << odd.name;
    EXPECT_EQ(host_->connections(), 1u) << odd.name;
    sync_wait(client_->stop());
  }
}

TEST_F(ClientTest, KeepsALinkOnWhichAMessageNamesNoExchange) {
  std::atomic<bool> first = true;
  begin(
      [&](const Message& request) {
        if (request.mti() == "0100" && first.exchange(false)) {
          return std::vector{Message("0110").set(44, "spoil me"), approval(request)};
        }
        return std::vector{approval(request)};
      },
      {},
      [](std::string& payload) {
        if (payload.find("spoil me") != std::string::npos) payload = "\xff\xfeis this a message?";
      });
  ASSERT_TRUE(wait_until_ready());
  EXPECT_EQ(pay(3), std::pair(3, 0));
  EXPECT_EQ(client_->counters().unusable, 1u);
  EXPECT_EQ(host_->connections(), 1u);
}

TEST_F(ClientTest, KeepsALinkWhoseHostKeepsItAliveByLengthsOfZero) {
  begin(
      [](const Message& request) {
        const Message alive = Message("0110").set(44, "alive");
        return std::vector{alive, alive, approval(request), alive};
      },
      {},
      [](std::string& payload) {
        if (payload.find("alive") != std::string::npos) payload.clear();
      });
  ASSERT_TRUE(wait_until_ready());
  EXPECT_EQ(pay(24), std::pair(24, 0));
  EXPECT_EQ(client_->counters().garbage, 0u);
  EXPECT_EQ(client_->counters().unusable, 0u);
  EXPECT_EQ(host_->connections(), 1u);
}

TEST_F(ClientTest, CountsAnAnswerThatItDoesNotBelieve) {
  begin(
      [](const Message& request) {
        Message answer = approval(request);
        if (request.mti() == "0100") answer.set(49, "840");
        return std::vector{answer};
      },
      {});
  ASSERT_TRUE(wait_until_ready());
  const auto answer = sync_wait(client_->authorise(authorisation()));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::outcome_unknown);
  EXPECT_EQ(answer.error().field, "DE 49");
  EXPECT_EQ(client_->counters().unusable, 1u);
  EXPECT_EQ(host_->connections(), 1u);
}

// The host answers the authorisation only together with what comes next, and each time by another code.
TEST_F(ClientTest, TellsOfEveryApprovalThatNobodyTook) {
  struct Row {
    std::string_view first;   ///< Answered in time; empty: nothing is.
    std::string_view second;  ///< Answered later.
    std::ptrdiff_t told;
  };
  for (const Row& row : {Row{"", "00", 1}, Row{"", "10", 1}, Row{"", "Z9", 1}, Row{"", "51", 0}, Row{"51", "00", 1},
                         Row{"A1", "00", 1}, Row{"00", "00", 0}, Row{"00", "51", 0}}) {
    held_.clear();
    begin(
        [this, row](const Message& request) {
          std::vector<Message> answers = std::exchange(held_, {});
          if (request.mti() != "0100") {
            answers.push_back(approval(request));
            return answers;
          }
          held_.push_back(approval(request).set(39, std::string(row.second)));
          if (!row.first.empty()) answers.push_back(approval(request).set(39, std::string(row.first)));
          return answers;
        },
        {.request_time_limit = Milliseconds(1'000)});
    ASSERT_TRUE(wait_until_ready());
    auto request = authorisation();
    request.subject = "it";
    const auto answer = sync_wait(client_->authorise(request));
    EXPECT_EQ(answer.has_value(), !row.first.empty()) << row.first;
    const connectors::Reversal undo{.trace = client_->new_trace(),
                                    .original = request.trace,
                                    .terminal = request.terminal,
                                    .card = request.card,
                                    .amount = request.amount,
                                    .reference = request.reference};
    EXPECT_EQ(sync_wait(client_->reverse(undo))->receipt, connectors::Receipt::accepted);
    // One that is not its own may be nothing but a repetition: who reverses finds out.
    EXPECT_EQ(std::ranges::count(client_->late_approvals(), "it", &connectors::LateApproval::subject), row.told)
        << row.first << " then " << row.second;
    sync_wait(client_->stop());
  }
}

TEST_F(ClientTest, BelievesNoLateAcknowledgementOfSomethingElse) {
  begin(
      [this](const Message& request) {
        if (request.mti() != "0220") {
          auto answers = std::exchange(held_, {});
          answers.push_back(approval(request));
          return answers;
        }
        held_.push_back(approval(request).set(4, "000000000099"));
        return std::vector<Message>{};
      },
      {.request_time_limit = Milliseconds(1'000)});
  ASSERT_TRUE(wait_until_ready());
  const auto paid = authorisation();
  connectors::Advice capture{.trace = client_->new_trace(),
                             .terminal = paid.terminal,
                             .card = paid.card,
                             .amount = paid.amount,
                             .reference = paid.reference,
                             .authorisation_code = "A12345"};
  EXPECT_EQ(sync_wait(client_->advise(capture)).error().code, ErrorCode::outcome_unknown);
  ASSERT_TRUE(sync_wait(client_->authorise(paid)));
  capture.repeat = true;
  EXPECT_EQ(sync_wait(client_->advise(capture))->receipt, connectors::Receipt::accepted);
  EXPECT_EQ(host_->count("0221"), 1u) << "it was asked, since what came late was about another amount";
}

// What a process asked for before it was started anew.
TEST_F(ClientTest, TellsAtOnceOfAnApprovalThatItDidNotAskFor) {
  begin(
      [](const Message& request) {
        std::vector answers{approval(request)};
        if (request.mti() != "0800") return answers;
        answers.push_back(Message("0110")
                              .set(4, "000000000100")
                              .set(7, transmission_time(base::OsClock().now()))
                              .set(11, "000042")
                              .set(37, "REF000000009")
                              .set(38, "A12345")
                              .set(39, "00")
                              .set(42, "5999888        ")
                              .set(49, "978"));
        return answers;
      },
      {});
  ASSERT_TRUE(eventually([&] { return client_->late_approvals().size() == 1; }));
  EXPECT_EQ(client_->late_approvals()[0].reference, "REF000000009");
  EXPECT_EQ(client_->late_approvals()[0].subject, "");
  EXPECT_EQ(client_->counters().unexpected_answers, 1u);
}

}  // namespace
}  // namespace acquit::iso8583

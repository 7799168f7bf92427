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

}  // namespace
}  // namespace acquit::iso8583

// That a wrong line is found, and where: without this every story could be told.
#include "tests/scenarios/player.h"

#include <gtest/gtest.h>

namespace acquit::scenarios {
namespace {

// What playing `text` in process says against it; "fine" if nothing.
std::string verdict(std::string_view text) {
  try {
    const Scenario scenario = parse_scenario("story.txt", text);
    const auto world = make_in_process(db::Engine::sqlite);
    Player(scenario, *world).play();
  } catch (const LineError& error) {
    return error.what();
  }
  return "fine";
}

TEST(Player, PlaysALineAfterTheOther) {
  EXPECT_EQ(verdict("# A story.\n\npay 10.00   # by card\nexpect state authorised\n"), "fine");
}

TEST(Player, NamesTheLineThatIsNotAsExpected) {
  const std::pair<std::string, std::string> rows[] = {
      {"expect state captured", "expected captured, it is authorised"},
      {"expect amount 9.00", "expected 9.00, it is 10.00"},
      {"expect ledger held 9.99", "expected 9.99, it is 10.00"},
      {"expect payment open", "expected open, it is over"},
      {"expect transactions 2", "expected 2, it is 1"},
      {"expect told cancellation", "expected 'cancellation' among [end_of_payment]"},
      {"expect told nothing", "expected nothing more, there is [end_of_payment]"},
      {"expect bank heard reversal 10.00", "expected 'reversal 10.00' among [authorisation 10.00]"},
      {"expect bank heard nothing", "expected nothing more, there is [authorisation 10.00]"},
      {"expect history cancel by buyer", "expected cancel by buyer, it is approve by buyer"},
      {"expect capture 2026-06-16 at 22:00", "expected 20260616220000, it is 20260615220000"},
      {"expect cause blocked_card", "expected blocked_card, it is none"},
      {"expect try 2 state refused", "there is no such transaction"},
      {"expect joy", "'joy' cannot be expected"},
      {"expect state", "the line lacks a state"},
      {"expect state authorised twice", "'twice' means nothing here"},
      {"expect state authorised card=1", "there is no option 'card' here"},
      {"on 2026-06-14", "that is past"},
      {"after 3 moons", "time goes by in minutes, hours or days"},
  };
  for (const auto& [line, wrong] : rows)
    EXPECT_EQ(verdict("pay 10.00\n" + line + "\nexpect state authorised"), "story.txt:2: " + wrong);
}

TEST(Player, SpeaksOfEachThingOnce) {
  EXPECT_EQ(verdict("pay 10.00\nexpect told end_of_payment\nexpect told nothing more"),
            "story.txt:3: 'more' means nothing here");
  EXPECT_EQ(verdict("pay 10.00\nexpect told end_of_payment\nexpect told nothing"), "fine");
  EXPECT_EQ(verdict("pay 10.00\nexpect told end_of_payment\nexpect told end_of_payment"),
            "story.txt:3: expected 'end_of_payment' among []");
}

TEST(Player, LetsNoRefusalPassUnseen) {
  const std::string story = "in process only\npay 10.00\nrefund 1.00\n";
  EXPECT_EQ(verdict(story + "expect refused wrong_state"), "fine");
  EXPECT_TRUE(verdict(story + "expect state authorised").starts_with("story.txt:4: what the line before wants was"));
  EXPECT_TRUE(
      verdict("in process only\nexpect payment open\n" + story.substr(16) + "refund 1.00").starts_with("story.txt:2"));
  EXPECT_EQ(verdict("in process only\npay 10.00\nexpect refused wrong_state"),
            "story.txt:3: what the line before wants was not refused");
}

TEST(Player, WantsAStoryToExpectSomething) {
  EXPECT_EQ(verdict("pay 10.00\n"), "story.txt:2: the scenario expects nothing");
  EXPECT_EQ(verdict(""), "story.txt:1: the scenario expects nothing");
}

TEST(Player, WantsToKnowWhatHttpHasNoDoorFor) {
  EXPECT_EQ(verdict("pay 10.00\ncancel\nexpect state cancelled"),
            "story.txt:2: HTTP has no door for this: say `in process only` at the top");
  EXPECT_EQ(verdict("in process only\npay 10.00\nexpect state authorised"),
            "story.txt:1: HTTP has a door for each line: `in process only` keeps it from being tried");
  EXPECT_EQ(verdict("dance\nexpect joy"), "story.txt:1: no line begins with 'dance'");
}

}  // namespace
}  // namespace acquit::scenarios

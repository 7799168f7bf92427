#include "payments/nouns/transaction_states.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "base/ascii.h"
#include "base/list.h"
#include "tests/support/golden.h"

namespace acquit::payments {
namespace {

std::vector<State> all_states() {
  std::vector<State> out;
  for (std::size_t i = 0; i < kStates; ++i) out.push_back(static_cast<State>(i));
  return out;
}

std::vector<Event> all_events() {
  std::vector<Event> out;
  for (std::size_t i = 0; i < kEvents; ++i) out.push_back(static_cast<Event>(i));
  return out;
}

// The quoted words between "state in (" and ")".
std::set<std::string> states_in_check(const std::string& sql) {
  constexpr std::string_view kBefore = "state text not null check (state in (";
  const std::size_t begin = sql.find(kBefore, sql.find("create table transactions"));
  if (begin == std::string::npos) return {};
  const std::string list =
      sql.substr(begin + kBefore.size(), sql.find(')', begin + kBefore.size()) - begin - kBefore.size());
  std::set<std::string> out;
  for (const std::string_view part : base::split(list, ',')) {
    const std::string_view word = base::trim(part);
    out.insert(std::string(word.substr(1, word.size() - 2)));
  }
  return out;
}

std::string diagram() {
  std::string out = "```mermaid\nstateDiagram-v2\n";
  for (const State state : kBirthStates) out += "  [*] --> " + std::string(to_string(state)) + "\n";
  for (const Transition& row : kTransitions) {
    out += "  " + std::string(to_string(row.from)) + " --> " + std::string(to_string(row.to)) + ": " +
           std::string(to_string(row.event)) + "\n";
  }
  for (const State state : all_states()) {
    if (is_final(state)) out += "  " + std::string(to_string(state)) + " --> [*]\n";
  }
  return out + "```\n";
}

std::string document() {
  std::string out =
      "# Transaction states\n\n"
      "Made from `server/src/payments/nouns/transaction_states.h` by a test; do not edit. "
      "`UPDATE_GOLDEN=1 test_payments --gtest_filter='TransactionStates.*'` writes it again.\n\n" +
      diagram() +
      "\nA transaction is born `initiated` (an attempt), `waiting_authorisation` (a later instalment) or `authorised` "
      "(a refund).\n";
  return out;
}

TEST(TransactionStates, LetEveryPairOfTheTableThroughAndNoOther) {
  std::map<std::pair<State, Event>, State> rows;
  for (const Transition& row : kTransitions) rows[{row.from, row.event}] = row.to;
  for (const State state : all_states()) {
    for (const Event event : all_events()) {
      const auto row = rows.find({state, event});
      const auto reached = next(state, event);
      const auto required = require_next(state, event);
      const std::string pair = std::string(to_string(state)) + " " + std::string(to_string(event));
      ASSERT_EQ(reached.has_value(), row != rows.end()) << pair;
      ASSERT_EQ(required.has_value(), row != rows.end()) << pair;
      if (row != rows.end()) {
        EXPECT_EQ(*reached, row->second) << pair;
        EXPECT_EQ(*required, row->second) << pair;
        continue;
      }
      EXPECT_EQ(required.error().code, base::ErrorCode::wrong_state);
      EXPECT_NE(required.error().detail.find(to_string(state)), std::string::npos);
      EXPECT_NE(required.error().detail.find(to_string(event)), std::string::npos);
    }
  }
}

// The promises that no edit of the table may break, whatever else it changes.
TEST(TransactionStates, NeverCaptureWithoutAnAuthorisationNorReviveWhatEnded) {
  for (const Transition& row : kTransitions) {
    if (row.to == State::captured) EXPECT_EQ(row.from, State::authorised);
    if (row.to == State::authorised || row.to == State::to_validate) {
      EXPECT_TRUE(row.from == State::authorising || row.from == State::pending || row.from == State::to_validate ||
                  row.event == Event::modify)
          << to_string(row.from);
    }
    if (row.from == State::captured) EXPECT_EQ(row.to, State::capture_failed);
  }
  for (const State state :
       {State::refused, State::abandoned, State::cancelled, State::expired, State::accepted, State::capture_failed}) {
    EXPECT_TRUE(is_final(state)) << to_string(state);
  }
}

TEST(TransactionStates, HaveNamesThatReadBack) {
  std::set<std::string_view> seen;
  for (const State state : all_states()) {
    EXPECT_EQ(parse_state(to_string(state)), state);
    EXPECT_TRUE(seen.insert(to_string(state)).second);
  }
  for (const Event event : all_events()) EXPECT_TRUE(seen.insert(to_string(event)).second || event == Event::expire);
  EXPECT_FALSE(parse_state("AUTHORISED"));
  EXPECT_FALSE(parse_state(""));
}

TEST(TransactionStates, AreTheOnesThatTheDatabaseAllows) {
  std::set<std::string> ours;
  for (const State state : all_states()) ours.insert(std::string(to_string(state)));
  for (const std::string engine : {"pg", "sqlite"}) {
    const std::string sql = support::read_source_file("migrations/0003-payments/" + engine + ".sql");
    EXPECT_EQ(states_in_check(sql), ours) << engine;
  }
}

TEST(TransactionStates, AreDrawnInTheDocs) { support::expect_golden("docs/transaction-states.md", document()); }

}  // namespace
}  // namespace acquit::payments

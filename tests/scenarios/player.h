// Player: plays a scenario in a world, line by line, and compares what it expects with what is.
//
// What goes wrong is a LineError. An action that is refused is wrong at its own line, unless the next one expects it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/scenarios/scenario.h"
#include "tests/scenarios/world.h"

namespace acquit::scenarios {

class Player {
 public:
  Player(const Scenario& scenario, World& world) : scenario_(scenario), world_(world) {}

  void play();

 private:
  // player.cpp: what is done.
  void play(const Line& line);
  void order(Words& words);
  void pay(Words& words);
  void leave(Words& words);
  void bank(Words& words);
  void shop(Words& words);
  void after(Words& words);
  void until(std::chrono::local_seconds moment);
  void at(Words& words);
  void on(Words& words);
  void validate(Words& words);
  void cancel(Words& words);
  void refund(Words& words);
  void lower(Words& words);
  void move(Words& words);
  /// What was done; if it was refused, the next line has to expect that.
  template <class T>
  void did(const base::Result<T>& result) {
    if (!result) refusal_ = result.error();
  }

  // expectations.cpp: what is expected.
  void expect(Words& words);
  bool expect_of_all(Words& words);
  void expect_refused(Words& words);
  void expect_told(Words& words);
  void expect_heard(Words& words);
  [[nodiscard]] std::vector<std::string> heard() const;

  [[nodiscard]] const payments::PaymentId& payment() const;
  /// Takes `instalment N`, `refund N` or `try N` if it comes next.
  struct Subject {
    payments::Transaction transaction;
    bool named = false;
  };
  Subject subject(Words& words);
  [[nodiscard]] std::chrono::local_seconds local_now() const;

  const Scenario& scenario_;
  World& world_;
  std::optional<payments::PaymentId> payment_;
  std::vector<payments::TransactionId> refunds_;  ///< Of the payment, in the order of the story.
  std::optional<base::Error> refusal_;
  std::vector<std::string> told_;   ///< Notifications that a line has spoken of.
  std::vector<std::string> heard_;  ///< Messages to the bank that a line has spoken of.
};

/// "2026-06-17 at 22:00", the time being optional, as a clock on the wall shows it.
[[nodiscard]] std::chrono::local_seconds read_moment(Words& words);

}  // namespace acquit::scenarios

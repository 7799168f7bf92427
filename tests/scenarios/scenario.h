// Scenario: the story of a payment as a text (README.md describes the language): its lines, split into words.
//
// Plain values. What cannot be read is a LineError, which names file and line.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"

namespace acquit::scenarios {

struct Line {
  int number = 0;
  std::vector<std::string> words{};
};

/// What is wrong at a line of a scenario.
class LineError : public std::runtime_error {
 public:
  LineError(const std::string& file, int line, const std::string& what)
      : std::runtime_error(file + ":" + std::to_string(line) + ": " + what) {}
};

struct Scenario {
  std::string file{};
  bool in_process_only = false;  ///< It has a line that HTTP has no door for.
  std::vector<Line> lines{};
};

/// Errors: a line that begins with no known word, a scenario that expects nothing, or that says `in process only`
/// without need, or that needs it and does not say so.
[[nodiscard]] Scenario parse_scenario(std::string file, std::string_view text);

/// The words of a line, taken one after the other. What is not as wanted is a std::invalid_argument that says so.
class Words {
 public:
  explicit Words(const Line& line);

  /// The next one; refuses a line that has no more, naming what it lacks.
  std::string next(std::string_view what);
  /// Takes the next one if it is `word`.
  bool take(std::string_view word);
  /// "10.00", in euro unless a currency follows.
  base::Money amount();
  int number(std::string_view what);
  /// Whether there is one more, and whether that is an amount.
  [[nodiscard]] bool at_word() const;
  [[nodiscard]] bool at_amount() const;
  /// Takes the option `name=…`, wherever in the line it stands.
  std::string option(const std::string& name, const std::string& otherwise);
  /// Refuses a line of which something is left.
  void end() const;

 private:
  std::vector<std::string> words_;
  std::map<std::string, std::string> options_;
  std::size_t at_ = 1;
};

[[nodiscard]] int integer(std::string_view text, std::string_view what);

}  // namespace acquit::scenarios

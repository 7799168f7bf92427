#include "tests/scenarios/scenario.h"

#include <algorithm>
#include <array>

#include "base/list.h"
#include "base/number.h"

namespace acquit::scenarios {
namespace {

// Each line's first word. What the merchant does afterwards has no door of HTTP yet.
struct Verb {
  std::string_view name;
  bool over_http = true;
};
constexpr std::array kVerbs{
    Verb{"order"},
    Verb{"pay"},
    Verb{"leave"},
    Verb{"bank"},
    Verb{"shop"},
    Verb{"after"},
    Verb{"at"},
    Verb{"on"},
    Verb{"expect"},
    Verb{.name = "validate", .over_http = false},
    Verb{.name = "cancel", .over_http = false},
    Verb{.name = "refund", .over_http = false},
    Verb{.name = "lower", .over_http = false},
    Verb{.name = "move", .over_http = false},
};

// A page says that something was refused, not by which code of ours; and no form asks for a number of tries.
bool needs_process(const Line& line, const Verb& verb) {
  const bool of_refusal = line.words.size() > 1 && verb.name == "expect" && line.words[1] == "refused";
  const bool of_tries =
      std::ranges::any_of(line.words, [](const std::string& word) { return word.starts_with("tries="); });
  return !verb.over_http || of_refusal || of_tries;
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string_view word : base::split(line.substr(0, line.find('#')), ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

}  // namespace

Scenario parse_scenario(std::string file, std::string_view text) {
  Scenario scenario{.file = std::move(file)};
  int number = 0;
  int expectations = 0;
  int needing_process = 0;
  for (const std::string_view raw : base::split(text, '\n')) {
    Line line{.number = ++number, .words = words_of(raw)};
    if (line.words.empty()) continue;
    if (scenario.lines.empty() && line.words == std::vector<std::string>{"in", "process", "only"}) {
      scenario.in_process_only = true;
      continue;
    }
    const auto* verb = std::ranges::find(kVerbs, line.words[0], &Verb::name);
    if (verb == kVerbs.end()) throw LineError(scenario.file, number, "no line begins with '" + line.words[0] + "'");
    if (verb->name == "expect") ++expectations;
    if (needs_process(line, *verb)) {
      ++needing_process;
      if (!scenario.in_process_only)
        throw LineError(scenario.file, number, "HTTP has no door for this: say `in process only` at the top");
    }
    scenario.lines.push_back(std::move(line));
  }
  if (expectations == 0) throw LineError(scenario.file, number, "the scenario expects nothing");
  if (scenario.in_process_only && needing_process == 0)
    throw LineError(scenario.file, 1, "HTTP has a door for each line: `in process only` keeps it from being tried");
  return scenario;
}

int integer(std::string_view text, std::string_view what) {
  const auto value = base::parse_int<int>(text);
  if (!value) throw std::invalid_argument("'" + std::string(text) + "' is no " + std::string(what));
  return *value;
}

Words::Words(const Line& line) {
  for (const std::string& word : line.words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      words_.push_back(word);
    } else {
      options_[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
}

std::string Words::next(std::string_view what) {
  if (at_ >= words_.size()) throw std::invalid_argument("the line lacks " + std::string(what));
  return words_[at_++];
}

bool Words::take(std::string_view word) {
  const bool is_next = at_ < words_.size() && words_[at_] == word;
  if (is_next) ++at_;
  return is_next;
}

base::Money Words::amount() {
  const std::string decimal = next("an amount");
  const auto currency = at_ < words_.size() ? base::Currency::from_code(words_[at_]) : std::nullopt;
  if (currency) ++at_;
  const auto amount = base::Money::from_decimal(decimal, currency.value_or(*base::Currency::from_code("EUR")));
  if (!amount) throw std::invalid_argument("'" + decimal + "' is no amount such as 10.00");
  return *amount;
}

int Words::number(std::string_view what) { return integer(next(what), what); }

bool Words::at_word() const { return at_ < words_.size(); }

bool Words::at_amount() const { return at_word() && words_[at_].find('.') != std::string::npos; }

std::string Words::option(const std::string& name, const std::string& otherwise) {
  const auto found = options_.extract(name);
  return found.empty() ? otherwise : found.mapped();
}

void Words::end() const {
  if (at_ < words_.size()) throw std::invalid_argument("'" + words_[at_] + "' means nothing here");
  if (!options_.empty()) throw std::invalid_argument("there is no option '" + options_.begin()->first + "' here");
}

}  // namespace acquit::scenarios

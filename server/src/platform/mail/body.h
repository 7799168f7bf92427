// Body: what a mail says, as a few kinds of blocks, and its two forms: plain text and simple HTML. Both always say the
// same, and no value can become markup. Plain values and pure functions, any thread.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace acquit::mail {

struct Heading {
  std::string text;
};
struct Paragraph {
  std::string text;
};
/// Label and value, one below the other.
struct Facts {
  std::vector<std::pair<std::string, std::string>> rows;
};
/// Numbered from 1.
struct Steps {
  std::vector<std::string> steps;
};
using Block = std::variant<Heading, Paragraph, Facts, Steps>;

struct Body {
  std::string language;  ///< ISO 639-1, for the reader's program.
  std::string banner;    ///< Above everything else, set apart; empty: none.
  std::string title;
  std::vector<Block> blocks;
};

/// Lines end with "\n" and are not wrapped.
[[nodiscard]] std::string to_text(const Body& body);
[[nodiscard]] std::string to_html(const Body& body);

}  // namespace acquit::mail

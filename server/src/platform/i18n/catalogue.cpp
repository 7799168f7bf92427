#include "platform/i18n/catalogue.h"

#include <utility>

#include "base/ascii.h"
#include "base/list.h"

namespace acquit::i18n {
namespace {

using base::ErrorCode;
using base::Result;

// The text of one quoted C string.
std::optional<std::string> unquote(std::string_view quoted) {
  if (quoted.size() < 2 || quoted.front() != '"' || quoted.back() != '"') return std::nullopt;
  std::string text;
  const auto inner = quoted.substr(1, quoted.size() - 2);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] == '"') return std::nullopt;
    if (inner[i] != '\\') {
      text += inner[i];
      continue;
    }
    if (++i == inner.size()) return std::nullopt;
    switch (inner[i]) {
      case 'n': text += '\n'; break;
      case 't': text += '\t'; break;
      case '"': text += '"'; break;
      case '\\': text += '\\'; break;
      default: return std::nullopt;
    }
  }
  return text;
}

// Reads line by line; an entry ends where the next msgid begins.
class PoParser {
 public:
  Result<Catalogue> parse(std::string_view text) {
    for (const auto line : base::split(text, '\n')) {
      ++line_number_;
      ACQUIT_CHECK(parse_line(base::trim(line)));
    }
    ACQUIT_CHECK(finish_entry());
    return std::move(catalogue_);
  }

 private:
  Result<void> parse_line(std::string_view line) {
    if (line.empty() || line.front() == '#') return {};
    if (line.front() == '"') return append(line);
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) return broken("a keyword without a string");
    const auto keyword = line.substr(0, blank);
    const auto quoted = base::trim(line.substr(blank));
    if (keyword == "msgid") {
      ACQUIT_CHECK(finish_entry());
      key_.emplace();
      target_ = &*key_;
    } else if (keyword == "msgid_plural") {
      entry_.plural = true;
      plural_key_.clear();
      target_ = &plural_key_;
    } else if (keyword == "msgstr" || keyword == "msgstr[" + std::to_string(entry_.forms.size()) + "]") {
      if (!key_ || entry_.plural != keyword.ends_with(']')) return broken("msgstr does not fit its msgid");
      target_ = &entry_.forms.emplace_back();
    } else {
      return broken("unknown keyword");
    }
    return append(quoted);
  }

  Result<void> append(std::string_view quoted) {
    const auto text = unquote(quoted);
    if (!text || !target_) return broken("not a quoted string");
    *target_ += *text;
    return {};
  }

  Result<void> finish_entry() {
    if (!key_) return {};
    if (entry_.forms.empty()) return broken("msgid without msgstr");
    const bool header = key_->empty();
    if (!header && !catalogue_.emplace(*key_, std::move(entry_)).second) return broken("key twice: " + *key_);
    key_.reset();
    entry_ = {};
    target_ = nullptr;
    return {};
  }

  std::unexpected<base::Error> broken(const std::string& what) const {
    return base::fail(ErrorCode::configuration_invalid, "line " + std::to_string(line_number_) + ": " + what);
  }

  Catalogue catalogue_;
  std::optional<std::string> key_;
  std::string plural_key_;
  Entry entry_;
  std::string* target_ = nullptr;  // Where a continued string goes on; into the members above.
  int line_number_ = 0;
};

// Calls text(part) for what lies between placeholders and name(name, braced) for each {name}.
template <class Text, class Name>
void walk(std::string_view message, Text text, Name name) {
  while (true) {
    const auto open = message.find('{');
    const auto close = open == std::string_view::npos ? open : message.find('}', open);
    if (close == std::string_view::npos) break;
    text(message.substr(0, open));
    name(message.substr(open + 1, close - open - 1), message.substr(open, close - open + 1));
    message.remove_prefix(close + 1);
  }
  text(message);
}

}  // namespace

Result<Catalogue> parse_po(std::string_view text) { return PoParser().parse(text); }

std::string fill(std::string_view message, const Arguments& arguments) {
  std::string filled;
  walk(
      message, [&](std::string_view text) { filled += text; },
      [&](std::string_view name, std::string_view braced) { filled += arguments(name).value_or(std::string(braced)); });
  return filled;
}

std::vector<std::string> placeholders(std::string_view message) {
  std::vector<std::string> names;
  walk(message, [](std::string_view) {}, [&](std::string_view name, std::string_view) { names.emplace_back(name); });
  return names;
}

}  // namespace acquit::i18n

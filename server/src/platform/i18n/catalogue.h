// Catalogue: the texts of one language, read from a gettext .po file; fill(): puts values into a text's {placeholders}.
//
// msgid is a stable key ("card.number"), never shown. Only what our files use is read: comments, msgid, msgid_plural,
// msgstr, msgstr[n], strings continued over lines. A catalogue does not change once parsed; safe from any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace acquit::i18n {

/// One text, or its plural forms in the order of the language's Plural-Forms header.
struct Entry {
  std::vector<std::string> forms;
  bool plural = false;
};

/// From key to entry; the header (empty msgid) is left out.
using Catalogue = std::map<std::string, Entry, std::less<>>;

/// configuration_invalid with the line number if the text is not a .po file as above or a key comes twice.
[[nodiscard]] base::Result<Catalogue> parse_po(std::string_view text);

/// What a {name} stands for; nothing if unknown.
using Arguments = std::function<std::optional<std::string>(std::string_view name)>;

/// `message` with each {name} replaced; an unknown one stays as it is, so that a page never breaks.
[[nodiscard]] std::string fill(std::string_view message, const Arguments& arguments);

/// The names in braces, in order of appearance.
[[nodiscard]] std::vector<std::string> placeholders(std::string_view message);

}  // namespace acquit::i18n

#include "platform/i18n/fold.h"

#include <unicode/unistr.h>

#include <algorithm>

#include "base/ascii.h"

namespace acquit::i18n {

std::string fold_case(std::string_view text) {
  const bool is_ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_ascii) return base::ascii_lower(text);
  icu::UnicodeString folded =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  std::string out;
  return folded.foldCase().toUTF8String(out);
}

}  // namespace acquit::i18n

// fold_case: text in which capitals and small letters are one, for comparing and finding. Any language; any thread.
#pragma once

#include <string>
#include <string_view>

namespace acquit::i18n {

/// Unicode's default case folding; `text` is UTF-8.
[[nodiscard]] std::string fold_case(std::string_view text);

}  // namespace acquit::i18n

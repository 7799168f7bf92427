// Countries of ISO 3166-1. Pure; safe from any thread.
#pragma once

#include <string_view>

namespace acquit::i18n {

/// The number of two letters: 250 of "FR"; 0 if there is no such country.
[[nodiscard]] int country_number(std::string_view code);

}  // namespace acquit::i18n

// How a fault of a form is reported: its code from the field's name, its rule as a sentence, and nothing of a card.
//
// Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "protocols/vads/form.h"

namespace acquit::vads {

/// `name` with what it can't be shown with escaped; at most 64 characters.
[[nodiscard]] std::string shown_name(std::string_view name);

/// The error of the field `name`; code 99 where the field is none that we know.
[[nodiscard]] FormError fault(std::string_view name, i18n::Sentence rule, std::string_view value = {});

/// "09": as pages, headers and vads_extra_result write it.
[[nodiscard]] std::string code_text(int code);

}  // namespace acquit::vads

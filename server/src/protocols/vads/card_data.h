// Card data in a form: the fields that are made for it, and card numbers where none belongs.
//
// Pure functions; any thread.
#pragma once

#include <string_view>

#include "protocols/vads/form.h"

namespace acquit::vads {

/// True for the fields of a card, whose values are never shown or kept.
[[nodiscard]] bool is_card_field(std::string_view name);

/// A card number in the name or the value. Numbers that shops make themselves and that look like one are none: the
/// moment of an order ("4" + YYMMDDhhmmss + three digits), from three months before the form's own date, since links
/// live that long; a GTIN-14 in a product's reference; a SIRET where a company's number stands.
[[nodiscard]] bool shows_card_number(const Form& form, std::string_view name, std::string_view value);

/// The same in a field that people and programs may write anything into; others are checked by their format.
[[nodiscard]] bool holds_card_number(const Form& form, std::string_view name, std::string_view value);

}  // namespace acquit::vads

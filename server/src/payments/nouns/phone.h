// A telephone number as a person gave it, in the form in which the issuer takes it: calling code and subscriber apart,
// without what is dialled at home or from abroad only, without an extension. A number that can't be one of its country,
// or whose country is not known, is nothing rather than a guess. Pure function.
#pragma once

#include <optional>
#include <string_view>

#include "connectors/threeds/authentication.h"

namespace acquit::payments {

/// `country` (two letters, of the buyer's address; may be empty) tells how a number without a calling code is dialled.
[[nodiscard]] std::optional<threeds::Phone> phone_of(std::string_view typed, std::string_view country);

}  // namespace acquit::payments

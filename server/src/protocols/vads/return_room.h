// Returns by GET travel in an address, of which servers take 8 kB (nginx, Apache): what a form had sent back goes, in a
// fixed order and only as much as must, until the rest has room. What the protocol says of the payment stays.
//
// Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/form_fields.h"

namespace acquit::vads {

/// The most that an address with all its parameters may have, so that a request line with it stays well below 8 kB.
inline constexpr std::size_t kReturnMax = 7'000;

/// Fields that name the payment and the form: they go back whatever room there is, as do those of the result.
[[nodiscard]] bool names_payment(std::string_view name);

/// Leaves out, group by group while `fields` take up more than `room` bytes as a query: the basket, the delivery, the
/// buyer, all others that the form had but these, the order's and the shop's own texts. `stays`: those of the result.
void make_room(base::FormFields& fields, std::size_t room, bool (*stays)(std::string_view name));

}  // namespace acquit::vads

// Forms whose names a buyer may have changed. The signature covers the values in the order of their names, not the
// names: vads_amount=512400, vads_capture_delay=3 has that of vads_ama=512400, vads_amount=3, and a "+" within a value
// may have been a border between two (docs/adr/0017-relabelled-forms.md has the rule and why it is enough).
//
// Pure function; any thread.
#pragma once

#include <optional>

#include "protocols/vads/form.h"

namespace acquit::vads {

/// The field of `form` that holds what may have been another's: the amount, the currency, a flag, or one of the words
/// by which a form is told. Nothing if the form can be read in one way only.
[[nodiscard]] std::optional<FormError> find_relabelled(const Form& form);

}  // namespace acquit::vads

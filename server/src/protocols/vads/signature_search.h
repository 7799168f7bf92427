// What a shop signed instead of what it sent: each known transformation is tried on all fields that it changes, on each
// alone, on all but one and on two, with the keys of both modes and the known orders, until one gives the signature
// that came. So the field and what was done to it can be named where otherwise the key would be blamed.
//
// Pure function; any thread. What is hashed has a budget in proportion to the form, since anybody can send wrong ones.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/vads/form.h"

namespace acquit::vads {

struct SignedOtherwise {
  std::vector<std::string> fields;  ///< Whose values were another when the form was signed.
  std::string transformation;       ///< Its name, see transformations.h; empty: the field was not there.
  std::vector<std::string> hints;   ///< What is wrong besides, as signature_hints calls it.
};

[[nodiscard]] std::optional<SignedOtherwise> find_signed_otherwise(const Form& form, const merchants::ShopConfig& shop,
                                                                   merchants::Mode mode);

/// The most bytes that a search for a form of `size` bytes hashes and changes.
[[nodiscard]] std::size_t search_budget(std::size_t size);

}  // namespace acquit::vads

// Log text: after masking no card number is left, and text without one stays as it is.
//
// Links: base
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/card_numbers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string masked = acquit::base::mask_card_numbers(text);
  if (acquit::base::contains_card_number(masked)) std::abort();
  if (!acquit::base::contains_card_number(text) && masked != text) std::abort();
  return 0;
}

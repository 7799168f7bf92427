// ShopFile: a new shop as an operator writes it in TOML, with all that belongs to it. Pure but for the keys it makes.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "merchants/create_shop.h"

namespace acquit::app {

struct ShopFile {
  merchants::NewShop shop;     ///< With all six rules; those that the file does not name are off.
  bool made_key_test = false;  ///< The file gave none.
  bool made_key_production = false;
};

/// `acquirer`: the name that the configuration has for the acquirer. Errors: configuration_invalid, whose detail lists
/// every fault, one a line: key and rule.
[[nodiscard]] base::Result<ShopFile> parse_shop_file(std::string_view text, const std::string& acquirer,
                                                     base::Random& random);
/// A file with every key explained, valid as it is.
[[nodiscard]] std::string_view shop_example();

}  // namespace acquit::app

// Checkout: what a visitor chose, read from the shop's own form, and the payment form that the module makes of it.
//
// Pure; safe from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/form_fields.h"
#include "base/money.h"
#include "base/result.h"
#include "sandbox/shop/catalogue.h"

namespace acquit::sandbox {

struct Order;

struct Buyer {
  std::string first_name;
  std::string last_name;
  std::string email;
};

/// The settings of the module that the page lets one try; texts as they stand in the payment form.
struct ModuleSettings {
  std::string language = "fr";
  std::string return_mode = "GET";
  std::string validation_mode;
  std::string capture_delay;
  bool redirect = false;  ///< Back to the shop after a few seconds.
};

struct Checkout {
  std::vector<BasketLine> basket;
  base::Money total;
  std::int64_t instalments = 1;
  Buyer buyer;
  ModuleSettings settings;
};

/// The languages of the module (seed 004 §5.3), with their own names.
[[nodiscard]] std::span<const std::pair<std::string_view, std::string_view>> languages();

/// Errors: field_value with a sentence in French for the visitor (nothing chosen, unknown choice, bad e-mail).
[[nodiscard]] base::Result<Checkout> read_checkout(const base::FormFields& fields);

struct ModuleOptions {
  std::string_view shop_id = "69876357";
  std::string_view key;
  std::string_view return_url;
};

/// The signed form in the order in which the module sends it (shops.md §3.2); empty fields are sent and signed.
[[nodiscard]] base::FormFields payment_form(const Order& order, const ModuleOptions& options);

}  // namespace acquit::sandbox

// World: where scenarios are played: a server with a scripted bank, a clock that stands still until it is moved, and
// one way in for the buyer and his shop. What is looked at and what moves time is the same whichever way it is.
//
// Made for one scenario; one thread uses it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "payments/testing/use_case_fixture.h"

namespace acquit::scenarios {

/// What the shop asks for.
struct Order {
  base::Money amount;
  int delay_days = 0;
  bool manual_validation = false;
  std::string plan = "SINGLE";
  int tries = 3;
  payments::Source source = payments::Source::ecommerce;
  merchants::Mode mode = merchants::Mode::test;
};

/// What the buyer types.
struct TypedCard {
  std::string number{payments::testing::kCbNumber};
  int expiry_year = 2030;
  int expiry_month = 12;
  std::string brand{};
};

class World : public payments::testing::UseCases {
 public:
  World() = default;
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  virtual ~World() = default;

  virtual base::Result<payments::PaymentId> order(const Order& order) = 0;
  virtual base::Result<void> present(const payments::PaymentId& payment, const TypedCard& card) = 0;
  virtual base::Result<void> leave(const payments::PaymentId& payment) = 0;
  /// The rule of each notification so far.
  virtual std::vector<std::string> told() = 0;
};

/// Calls the use cases. Null where the engine is not installed.
[[nodiscard]] std::unique_ptr<World> make_in_process(db::Engine engine);
/// Posts forms to a server, and hears what it tells the shop. Null where the engine is not installed.
[[nodiscard]] std::unique_ptr<World> make_over_http(db::Engine engine);

}  // namespace acquit::scenarios

// Permit: leave to move money, and whose it is.
//
// Use cases that move money take one, so that a check that was forgotten does not compile. It can't be made, only be
// had by what has checked who asks and therefore derives from it: whoever holds a payment's address, a form with the
// shop's signature, the operator at the console, a job (tools/tidy knows them all).
#pragma once

#include <utility>

#include "base/actor.h"

namespace acquit::payments {

class Permit {
 public:
  /// Whom the history names.
  [[nodiscard]] const base::Actor& actor() const { return actor_; }

 protected:
  explicit Permit(base::Actor actor) : actor_(std::move(actor)) {}
  Permit(const Permit&) = default;
  Permit(Permit&&) = default;
  Permit& operator=(const Permit&) = default;
  Permit& operator=(Permit&&) = default;
  ~Permit() = default;

 private:
  base::Actor actor_;
};

}  // namespace acquit::payments

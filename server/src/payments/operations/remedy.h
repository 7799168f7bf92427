// What helps where an operation is refused in the state that a transaction is in. Pure; safe from any thread.
#pragma once

#include <cstdint>

#include "payments/nouns/transaction_states.h"

namespace acquit::payments {

enum class Wish : std::uint8_t { validate, cancel, refund, settle };

enum class Remedy : std::uint8_t {
  none,
  refund,  ///< It is with the bank already.
  cancel,  ///< It is not with the bank yet.
  wait,    ///< Its outcome is not known yet.
};
[[nodiscard]] Remedy remedy_for(Wish wish, State state);

}  // namespace acquit::payments

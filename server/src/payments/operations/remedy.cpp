#include "payments/operations/remedy.h"

namespace acquit::payments {

Remedy remedy_for(Wish wish, State state) {
  const bool held = state == State::authorised || state == State::to_validate || state == State::waiting_authorisation;
  if (wish == Wish::cancel && state == State::captured) return Remedy::refund;
  if (wish == Wish::refund && held) return Remedy::cancel;
  if (state == State::authorising || state == State::pending) return Remedy::wait;
  return Remedy::none;
}

}  // namespace acquit::payments

#include "pages/payment_guard.h"

namespace acquit::pages {

base::Task<http::Admission<PaymentGuard::Proof>> PaymentGuard::admit(const http::Request& request) const {
  const auto token = request.path_params.find("token");
  if (token != request.path_params.end()) {
    if (const auto holder = payments::read_payment_token(*vault_, token->second)) co_return *holder;
  }
  const base::Error unknown{.code = base::ErrorCode::not_found, .field = {}, .detail = "no such payment page"};
  co_return std::unexpected(answers_->payment_failure(request, unknown, {}));
}

}  // namespace acquit::pages

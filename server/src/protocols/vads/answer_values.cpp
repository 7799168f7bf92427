#include "protocols/vads/answer_values.h"

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/errors.h"
#include "base/hex.h"
#include "payments/nouns/calendar.h"

namespace acquit::vads {
namespace {

constexpr std::size_t kXidBytes = 20;
constexpr std::string_view kCompleted = "10";

}  // namespace

std::string presentation_date(const merchants::Shop& shop, const payments::Transaction& transaction) {
  const auto days = payments::local_day(transaction.capture.at, shop.timezone) -
                    payments::local_day(transaction.created_at, shop.timezone);
  return payments::to_compact(transaction.created_at + days);
}

std::string threeds_xid(const std::string& ds_transaction_id) {
  constexpr std::size_t kUuidCharacters = 36;
  if (ds_transaction_id.size() != kUuidCharacters) return ds_transaction_id;
  std::string digits = ds_transaction_id;
  std::erase(digits, '-');
  const auto bytes = base::from_hex(digits);
  if (!bytes || bytes->size() > kXidBytes) return ds_transaction_id;
  std::array<std::byte, kXidBytes> xid{};
  std::ranges::copy(*bytes, xid.end() - static_cast<std::ptrdiff_t>(bytes->size()));
  return base::to_base64(xid);
}

std::string threeds_exit_status(const payments::AuthenticationResult& result) {
  if (result.enrolled.empty()) return {};
  if (result.enrolled == "N") return "7";
  if (result.enrolled == "U") return "6";
  // The issuer's part failed: it could not authenticate, or its results never came.
  if (result.error == "no_results" || (result.status == "U" && result.error.empty())) return "9";
  // A buyer who gave up, or whom the issuer gave up on, has been through it.
  if (result.error.empty() || result.error.starts_with("challenge_cancelled")) return std::string(kCompleted);
  const bool late = result.error == base::error_row(base::ErrorCode::timed_out).token;
  return late ? "13" : "12";
}

std::string threeds_error_code(const payments::AuthenticationResult& result) {
  const std::string status = threeds_exit_status(result);
  return status == kCompleted ? std::string() : status;
}

RiskSaid risk_said(const payments::Transaction& transaction) {
  if (transaction.kind != payments::Kind::debit || transaction.card.masked.empty()) return {};
  if (transaction.cause == payments::Cause::blocked_card)
    return {.control = "CARD_FRAUD=ERROR", .assessment = "REFUSE", .extra_result = "03"};
  return {.control = "CARD_FRAUD=OK", .assessment = {}, .extra_result = "00"};
}

}  // namespace acquit::vads

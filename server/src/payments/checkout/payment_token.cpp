#include "payments/checkout/payment_token.h"

#include "base/base64.h"
#include "base/bytes.h"
#include "base/digest.h"

namespace acquit::payments {
namespace {

constexpr std::size_t kShopBytes = 8;
constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kMacBytes = 16;

std::string mac_of(const platform::Vault& vault, const std::string& named) {
  return vault.token_mac("payment " + named).substr(0, kMacBytes);
}

}  // namespace

std::string make_payment_token(const platform::Vault& vault, const PaymentName& name) {
  std::string named;
  for (std::size_t i = 0; i < kShopBytes; ++i) {
    named += static_cast<char>(static_cast<std::uint64_t>(name.shop.value()) >> (8 * (kShopBytes - 1 - i)));
  }
  for (const std::byte byte : name.payment.bytes()) named += static_cast<char>(byte);
  return base::to_base64url(base::as_bytes(named + mac_of(vault, named)));
}

std::optional<PaymentHolder> read_payment_token(const platform::Vault& vault, std::string_view token) {
  const auto raw = base::from_base64url(token);
  if (!raw || raw->size() != kShopBytes + kIdBytes + kMacBytes) return std::nullopt;
  std::uint64_t shop = 0;
  for (std::size_t i = 0; i < kShopBytes; ++i) shop = shop * 256 + static_cast<unsigned char>((*raw)[i]);
  base::IdBytes bytes;
  for (std::size_t i = 0; i < kIdBytes; ++i) bytes[i] = static_cast<std::byte>((*raw)[kShopBytes + i]);
  const PaymentName name{.shop = base::ShopId(static_cast<std::int64_t>(shop)), .payment = PaymentId(bytes)};
  // The text as a whole, not its bytes: the last character has four spare bits, and one token has one spelling.
  if (!base::constant_time_equal(make_payment_token(vault, name), token)) return std::nullopt;
  return PaymentHolder(name);
}

}  // namespace acquit::payments

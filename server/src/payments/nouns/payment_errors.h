// Why a payment went no further where that is our own saying (lyra.md §1.15). What the acquirer says is its response
// code.
#pragma once

namespace acquit::payments {

inline constexpr int kRefusedByRisk = 36;
inline constexpr int kAuthenticationFailed = 39;
inline constexpr int kFirstInstalmentRefused = 101;
inline constexpr int kSessionExpired = 149;  ///< While the buyer was at his bank.
inline constexpr int kRefusedByIssuer = 207;
inline constexpr int kAuthenticationNotPossible = 208;
inline constexpr int kAuthenticationCancelled = 222;

}  // namespace acquit::payments

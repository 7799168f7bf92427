// Cause: why a transaction went no further where that is our own saying. What the acquirer says is its response code.
// Each protocol has words of its own for these.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace acquit::payments {

enum class Cause : std::uint8_t {
  blocked_card,               ///< The shop's list of blocked cards.
  authentication_failed,      ///< The cardholder could not prove who he is.
  authentication_rejected,    ///< His bank will not have the payment.
  authentication_impossible,  ///< Nobody could be asked, and the shop does not go without.
  authentication_cancelled,   ///< He gave up at his bank.
  session_expired,            ///< He did not come back from there in time.
  first_instalment_refused,   ///< So the later ones are refused too.
};
inline constexpr std::array kCauses{Cause::blocked_card,
                                    Cause::authentication_failed,
                                    Cause::authentication_rejected,
                                    Cause::authentication_impossible,
                                    Cause::authentication_cancelled,
                                    Cause::session_expired,
                                    Cause::first_instalment_refused};

[[nodiscard]] std::string_view to_string(Cause cause);
[[nodiscard]] std::optional<Cause> parse_cause(std::string_view text);

}  // namespace acquit::payments

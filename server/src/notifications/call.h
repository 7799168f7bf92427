// Call: one notification as it goes out, built whole by the protocol that words it: method, URL, headers, body and
// signature, and how the answer is to be read. A value; the notifier sends it and adds nothing of its own.
#pragma once

#include <cstdint>
#include <string_view>

#include "http/client.h"

namespace acquit::notifications {

/// What an answer says of the notification.
enum class Verdict : std::uint8_t {
  taken,  ///< The shop has it.
  again,  ///< It has not; the shop's rule says whether it is told again.
  stop,   ///< It has not, and does not want to be told again.
};

/// A pure function of the answer, by status, headers or words. Without any answer it is not asked: that is `again`.
using Judge = Verdict (*)(const http::IncomingResponse& answer);

struct Call {
  http::OutgoingRequest request;  ///< Signed. Its time limit counts where it is shorter than the operator's.
  Judge judge;
  std::string_view accepted;  ///< What `judge` takes, for the mail about a failure: "200–206, 301", in no language.
};

}  // namespace acquit::notifications

// SmtpSession: the receiving side of one SMTP dialogue (RFC 5321), line by line, without sockets.
//
// It accepts mail from anyone to anyone. A fault is taken when a mail begins (MAIL FROM); `refuse` shows at RCPT, the
// others are handed out with the finished mail, for whoever owns the connection. Not for two threads at once.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/acquirer/faults.h"

namespace acquit::sandbox {

/// What the dialogue said, and the mail's text with CRLF lines.
struct Envelope {
  std::string from;
  std::vector<std::string> to;
  std::string message;
};

class SmtpSession {
 public:
  struct Reply {
    std::string text{};  ///< With its line end; empty inside a mail's text.
    bool close = false;
    std::optional<Envelope> mail{};    ///< A mail has just ended.
    std::optional<FaultKind> fault{};  ///< The fault that this mail meets.
  };
  using NextFault = std::function<std::optional<FaultKind>()>;

  explicit SmtpSession(NextFault next_fault, std::size_t message_max = 10U << 20U)
      : next_fault_(std::move(next_fault)), message_max_(message_max) {}

  [[nodiscard]] static std::string greeting();
  /// `line` without its line end.
  [[nodiscard]] Reply take(std::string_view line);

 private:
  Reply take_text(std::string_view line);
  Reply mail_from(std::string_view argument);
  Reply recipient(std::string_view argument);
  Reply data();
  void reset();

  NextFault next_fault_;
  const std::size_t message_max_;
  Envelope envelope_;
  std::optional<FaultKind> fault_;
  bool greeted_ = false;
  bool has_sender_ = false;
  bool in_text_ = false;
  bool too_large_ = false;
};

}  // namespace acquit::sandbox

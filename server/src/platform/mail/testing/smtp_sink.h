// SmtpSink: a mail server for tests, on a free port of the loopback address: keeps every mail, or refuses when told to.
//
// Safe from any thread. Stops its listener and closes what is open when destroyed; the loop must outlive it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/task.h"
#include "net/stream.h"

namespace acquit::mail::testing {

struct ReceivedMail {
  std::string from;
  std::vector<std::string> to;
  std::string data;  ///< As the client meant it: without the end mark and doubled dots.

  /// The first header of that name, unfolded; empty if there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
};

class SmtpSink {
 public:
  explicit SmtpSink(net::Loop& loop);
  ~SmtpSink();
  SmtpSink(const SmtpSink&) = delete;
  SmtpSink& operator=(const SmtpSink&) = delete;

  [[nodiscard]] std::string url() const;
  /// Answers 451 to the next `count` mails.
  void refuse(int count);
  [[nodiscard]] std::vector<ReceivedMail> mails() const;

 private:
  struct State;
  static base::Task<void> serve(std::shared_ptr<State> state, std::shared_ptr<net::Stream> stream);
  std::shared_ptr<State> state_;  // Shared: a connection may still be served when the sink goes.
  std::unique_ptr<net::Listener> listener_;
};

/// The text of a quoted-printable part.
[[nodiscard]] std::string decode_quoted_printable(std::string_view text);
/// The text of RFC 2047 base64 words in a header's value; other text as it is.
[[nodiscard]] std::string decode_words(std::string_view value);

}  // namespace acquit::mail::testing

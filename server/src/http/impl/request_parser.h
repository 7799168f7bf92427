// RequestParser: bytes to requests, with the limits and rules of HTTP/1.1 that hold before a handler runs. No I/O.
//
// One a connection, reused from request to request; not for sharing between threads. It never fails otherwise than by
// its state `refused`, whatever bytes it is fed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace acquit::http {

struct ParserLimits {
  std::size_t header_max = 0;
  std::size_t body_max = 0;
  /// For some methods and paths another one than body_max.
  std::function<std::optional<std::size_t>(Method, std::string_view path)> body_max_of{};
};

struct Refusal {
  int status = 400;
  std::string rule;  ///< One short line for a person.
};

class RequestParser {
 public:
  enum class State : std::uint8_t { header, body, complete, refused };

  explicit RequestParser(ParserLimits limits);
  ~RequestParser();

  /// Ready for the next request.
  void reset();
  /// Uses up the front part of `data` and says how much; what is left must come again, with more behind it, unless the
  /// state is complete (then it belongs to the next request) or refused.
  [[nodiscard]] std::size_t feed(std::string_view data);
  [[nodiscard]] State state() const;

  [[nodiscard]] const Refusal& refusal() const;
  /// The client waits for "100 Continue" before it sends the body; known in state body.
  [[nodiscard]] bool expects_continue() const;
  /// The client wants to go on after this request; known in state complete.
  [[nodiscard]] bool keep_alive() const;
  /// Bytes of memory that the request takes up so far, roughly.
  [[nodiscard]] std::size_t held() const;
  /// Method, path, query, headers and body of the complete request.
  [[nodiscard]] Request take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace acquit::http

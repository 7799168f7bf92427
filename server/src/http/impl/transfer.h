// Transfer: one request or mail as libcurl sees it: an easy handle set up, what came back, and the outcome in our
// words.
//
// Made on the caller's thread, then used by the client's thread alone. Owned by whoever holds it; not for copying,
// since libcurl keeps pointers into it.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "http/client.h"

namespace acquit::http {

struct CurlFree {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct CurlMultiFree {  // Apart from the other: libcurl's handle types are all void.
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using CurlEasyPtr = std::unique_ptr<CURL, CurlFree>;
using CurlMultiPtr = std::unique_ptr<CURLM, CurlMultiFree>;
using CurlListPtr = std::unique_ptr<curl_slist, CurlFree>;

class Transfer {
 public:
  using Outcome = base::Result<IncomingResponse>;
  using Done = std::function<void(Outcome)>;

  Transfer(const ClientOptions& options, Done done);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Errors: as Client::send and send_mail, for what is wrong before anything is sent.
  base::Result<void> prepare(OutgoingRequest request);
  base::Result<void> prepare(const SmtpServer& server, SmtpMail mail);

  /// The time that is left of the limit is what libcurl gets; not for one that is late.
  void begin(base::Monotonic now);
  [[nodiscard]] bool is_late(base::Monotonic now) const { return now >= deadline_; }
  /// Calls `done` with what `code` and all that was seen mean.
  void finish(CURLcode code, base::Monotonic now);
  void finish(base::Error error) { done_(std::unexpected(std::move(error))); }

  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  [[nodiscard]] const std::string& peer() const { return peer_; }
  [[nodiscard]] base::Monotonic placed_at() const { return placed_at_; }  ///< The `now` of begin().

 private:
  base::Result<void> set_url(const std::string& url, std::initializer_list<std::string_view> schemes);
  void set_common();
  void set_upload(std::string body);
  [[nodiscard]] base::Error error_of(CURLcode code) const;
  [[nodiscard]] base::Error refused_address() const;
  void take_header(std::string_view line);

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_upload(char* out, std::size_t size, std::size_t count, void* self);
  static int on_rewind(void* self, curl_off_t offset, int origin);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static CURLcode on_tls(CURL* easy, void* context, void* self);

  const ClientOptions& options_;  // The client's, which outlives its transfers.
  Done done_;
  CurlEasyPtr easy_;
  CurlListPtr list_;  // Headers or recipients.
  std::string peer_;  // host:port, for messages.
  std::string upload_;
  std::size_t uploaded_ = 0;
  std::size_t body_max_ = 0;
  std::size_t header_bytes_ = 0;
  bool cut_ = false;
  bool checks_addresses_ = false;
  int addresses_refused_ = 0;
  int addresses_tried_ = 0;
  bool is_mail_ = false;
  std::string refusal_;  // SMTP: the server's last line that says no.
  char message_[CURL_ERROR_SIZE] = {};
  IncomingResponse response_;
  base::Monotonic began_;
  base::Monotonic placed_at_;
  base::Monotonic deadline_;
};

}  // namespace acquit::http

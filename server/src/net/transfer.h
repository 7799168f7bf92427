// Transfer: one exchange as libcurl sees it, whatever its protocol: an easy handle set up, the peer's name, the time
// limit, and what went wrong in our words. http::Client and mail::SmtpClient derive theirs, each with what it sends and
// what it makes of the answer.
//
// Made on the caller's thread, then used by the thread of net::Transfers alone. Owned by whoever holds it; not for
// copying, since libcurl keeps pointers into it.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/tls.h"

namespace acquit::net {

class Transfer {
 public:
  Transfer();
  virtual ~Transfer() = default;
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// The time that is left of the limit is what libcurl gets; not for one that is late.
  void begin(base::Monotonic now);
  [[nodiscard]] bool is_late(base::Monotonic now) const { return now >= deadline_; }
  /// Over, with `code` and all that was seen.
  void end(CURLcode code, base::Monotonic now);
  /// Over before it began, or broken off.
  void end(base::Error error) { finish(std::unexpected(std::move(error))); }

  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  [[nodiscard]] const std::string& peer() const { return peer_; }
  [[nodiscard]] base::Monotonic placed_at() const { return placed_at_; }  ///< The `now` of begin().

 protected:
  struct CurlFree {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
  };

  /// Errors: field_format for what is no URL, address_not_allowed for another scheme. A user and password in it go out
  /// as Basic authentication.
  base::Result<void> set_url(const std::string& url, std::initializer_list<std::string_view> schemes);
  /// What all have in common; the time limit begins here. `tls` may be null: the system's list of authorities.
  void set_common(base::Milliseconds time_limit, std::shared_ptr<const Tls> tls);
  void set_upload(std::string body);
  /// A line more for the list that is sent: headers or recipients.
  void add_line(const std::string& line);
  [[nodiscard]] curl_slist* lines() const { return lines_.get(); }
  /// Loopback, private and other special addresses are refused after name resolution.
  void refuse_special_addresses() { checks_addresses_ = true; }
  /// The peer's own words that say no; they become the error.
  void refused(std::string_view words) { refusal_ = words; }

  [[nodiscard]] int status() const;
  [[nodiscard]] base::Milliseconds duration(base::Monotonic now) const;

 private:
  /// A line that came before the body: of a header, or of SMTP.
  virtual void take_line(std::string_view line) = 0;
  /// False: enough came, the rest is not wanted.
  virtual bool take_body(std::string_view) { return false; }
  /// Called once, at the end. `when` it was over is duration()'s.
  virtual void finish(base::Result<base::Monotonic> when) = 0;

  [[nodiscard]] base::Error error_of(CURLcode code) const;
  [[nodiscard]] base::Error refused_address() const;

  static std::size_t on_line(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_upload(char* out, std::size_t size, std::size_t count, void* self);
  static int on_rewind(void* self, curl_off_t offset, int origin);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static CURLcode on_tls(CURL* easy, void* context, void* self);

  std::unique_ptr<CURL, CurlFree> easy_;
  std::unique_ptr<curl_slist, CurlFree> lines_;
  std::shared_ptr<const Tls> tls_;
  std::string peer_;  // host:port, for messages.
  std::string upload_;
  std::size_t uploaded_ = 0;
  std::size_t line_bytes_ = 0;
  bool cut_ = false;
  bool checks_addresses_ = false;
  int addresses_refused_ = 0;
  int addresses_tried_ = 0;
  std::string refusal_;
  char message_[CURL_ERROR_SIZE] = {};
  base::Monotonic began_;
  base::Monotonic placed_at_;
  base::Monotonic deadline_;
};

}  // namespace acquit::net

#include "net/transfer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/ascii.h"
#include "net/special_address.h"
#include "net/tls_openssl.h"

namespace acquit::net {
using base::ErrorCode;
namespace {

constexpr std::size_t kLinesMax = 64 * 1024;

std::string part(CURLU* url, CURLUPart what, unsigned flags) {
  char* text = nullptr;
  if (curl_url_get(url, what, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

}  // namespace

Transfer::Transfer() : easy_(curl_easy_init()) {}

base::Result<void> Transfer::set_url(const std::string& url, std::initializer_list<std::string_view> schemes) {
  const std::unique_ptr<CURLU, CurlFree> parsed(curl_url());
  if (base::breaks_line(url) ||
      curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return base::fail(ErrorCode::field_format, "the URL can't be read", "url");
  }
  const std::string scheme = part(parsed.get(), CURLUPART_SCHEME, 0);
  if (std::ranges::find(schemes, scheme) == schemes.end()) {
    return base::fail(ErrorCode::address_not_allowed, "a URL that begins with \"" + scheme + ":\" is not called",
                      "url");
  }
  peer_ = part(parsed.get(), CURLUPART_HOST, 0) + ":" + part(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  const std::string user = part(parsed.get(), CURLUPART_USER, CURLU_URLDECODE);
  const std::string password = part(parsed.get(), CURLUPART_PASSWORD, CURLU_URLDECODE);
  curl_url_set(parsed.get(), CURLUPART_USER, nullptr, 0);
  curl_url_set(parsed.get(), CURLUPART_PASSWORD, nullptr, 0);
  curl_easy_setopt(easy(), CURLOPT_URL, part(parsed.get(), CURLUPART_URL, 0).c_str());
  if (user.empty() && password.empty()) return {};
  // RFC 7617: at once and not only when asked. A name can't hold a colon, and libcurl takes it as it is.
  curl_easy_setopt(easy(), CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  curl_easy_setopt(easy(), CURLOPT_USERNAME, user.c_str());
  curl_easy_setopt(easy(), CURLOPT_PASSWORD, password.c_str());
  return {};
}

void Transfer::set_common(base::Milliseconds time_limit, std::shared_ptr<const Tls> tls) {
  CURL* const curl = easy();
  curl_easy_setopt(curl, CURLOPT_PRIVATE, this);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message_);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);  // A name server that is silent must not hold up the thread.
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https,smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // Not what the environment says.
  curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, &Transfer::on_tls);
  curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, this);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &Transfer::on_line);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, this);
  tls_ = std::move(tls);
  began_ = base::OsClock().monotonic();
  deadline_ = began_ + time_limit;
}

// The body is read by a callback that can't be rewound: libcurl would send a request again if a kept-alive connection
// ended without an answer, although the first one may have been acted upon.
void Transfer::set_upload(std::string body) {
  upload_ = std::move(body);
  curl_easy_setopt(easy(), CURLOPT_READFUNCTION, &Transfer::on_upload);
  curl_easy_setopt(easy(), CURLOPT_READDATA, this);
  curl_easy_setopt(easy(), CURLOPT_SEEKFUNCTION, &Transfer::on_rewind);
  curl_easy_setopt(easy(), CURLOPT_SEEKDATA, this);
}

void Transfer::add_line(const std::string& line) { lines_.reset(curl_slist_append(lines_.release(), line.c_str())); }

void Transfer::begin(base::Monotonic now) {
  placed_at_ = now;
  const auto left = std::chrono::ceil<base::Milliseconds>(deadline_ - now);
  curl_easy_setopt(easy(), CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
  curl_easy_setopt(easy(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(left.count()));
}

void Transfer::end(CURLcode code, base::Monotonic now) {
  const bool cut_on_purpose = cut_ && code == CURLE_WRITE_ERROR;
  if (code != CURLE_OK && !cut_on_purpose) return end(error_of(code));
  finish(now);
}

int Transfer::status() const {
  long status = 0;
  curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

base::Milliseconds Transfer::duration(base::Monotonic now) const {
  return std::chrono::duration_cast<base::Milliseconds>(now - began_);
}

base::Error Transfer::refused_address() const {
  return {.code = ErrorCode::address_not_allowed,
          .field = "url",
          .detail = peer_ + " is a private or special address, which is not called"};
}

// connection_failed promises that the request never left; where it may have, the code is another one.
base::Error Transfer::error_of(CURLcode code) const {
  const auto error = [](ErrorCode our_code, std::string detail) {
    return base::Error{.code = our_code, .field = {}, .detail = std::move(detail)};
  };
  const std::string message = message_[0] != '\0' ? message_ : curl_easy_strerror(code);
  if (addresses_refused_ > 0 && addresses_tried_ == 0) return refused_address();
  if (!refusal_.empty()) return error(ErrorCode::protocol_violation, peer_ + " answered: " + refusal_);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return error(ErrorCode::timed_out, "no answer in time from " + peer_);
    case CURLE_COULDNT_RESOLVE_HOST: return error(ErrorCode::connection_failed, "name not found: " + peer_);
    case CURLE_COULDNT_CONNECT: {
      long reason = 0;
      curl_easy_getinfo(easy(), CURLINFO_OS_ERRNO, &reason);
      if (reason == ECONNREFUSED) return error(ErrorCode::connection_failed, "connection refused by " + peer_);
      return error(ErrorCode::connection_failed, "no connection to " + peer_ + ": " + message);
    }
    case CURLE_PEER_FAILED_VERIFICATION:
      return error(ErrorCode::connection_failed, "certificate not trusted: " + peer_ + ": " + message);
    case CURLE_ABORTED_BY_CALLBACK:
    case CURLE_SSL_CACERT_BADFILE: return error(ErrorCode::connection_failed, "TLS with " + peer_ + ": " + message);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_USE_SSL_FAILED: return error(ErrorCode::connection_failed, "no TLS with " + peer_ + ": " + message);
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_SEND_FAIL_REWIND:
      return error(ErrorCode::protocol_violation, peer_ + " ended the connection without an answer");
    case CURLE_PARTIAL_FILE: return error(ErrorCode::protocol_violation, peer_ + " broke off its answer");
    default: break;
  }
  return error(ErrorCode::protocol_violation, peer_ + ": " + message);
}

std::size_t Transfer::on_line(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  transfer.line_bytes_ += bytes;
  if (transfer.line_bytes_ > kLinesMax) return 0;
  transfer.take_line(std::string_view(data, bytes));
  return bytes;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  if (transfer.take_body(std::string_view(data, bytes))) return bytes;
  transfer.cut_ = true;
  return 0;  // Enough: libcurl ends the transfer with CURLE_WRITE_ERROR.
}

std::size_t Transfer::on_upload(char* out, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = std::min(size * count, transfer.upload_.size() - transfer.uploaded_);
  std::copy_n(transfer.upload_.data() + transfer.uploaded_, bytes, out);
  transfer.uploaded_ += bytes;
  return bytes;
}

int Transfer::on_rewind(void*, curl_off_t, int) { return CURL_SEEKFUNC_FAIL; }

curl_socket_t Transfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (transfer.checks_addresses_ && is_special_address(address->addr)) {
    ++transfer.addresses_refused_;
    return CURL_SOCKET_BAD;
  }
  ++transfer.addresses_tried_;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// In place of the system's list, which libcurl has loaded already.
CURLcode Transfer::on_tls(CURL*, void* context, void* self) {
  const auto& transfer = *static_cast<Transfer*>(self);
  if (transfer.tls_) lend(*transfer.tls_, *static_cast<SSL_CTX*>(context));
  return CURLE_OK;
}

}  // namespace acquit::net

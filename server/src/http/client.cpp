#include "http/client.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/ascii.h"
#include "base/version.h"
#include "net/transfer.h"
#include "net/transfers.h"

namespace acquit::http {
using base::ErrorCode;
namespace {

using Answer = base::Result<IncomingResponse>;

class HttpTransfer final : public net::Transfer {
 public:
  using Done = std::function<void(Answer)>;

  explicit HttpTransfer(Done done) : done_(std::move(done)) {}
  base::Result<void> prepare(const ClientOptions& options, OutgoingRequest request);

 private:
  base::Result<void> set_headers(const Headers& headers);
  void set_method(Method method, std::string body);
  void take_line(std::string_view line) override;
  bool take_body(std::string_view bytes) override;
  void finish(base::Result<base::Monotonic> when) override;

  Done done_;
  std::size_t body_max_ = 0;
  IncomingResponse response_;
};

base::Result<void> HttpTransfer::prepare(const ClientOptions& options, OutgoingRequest request) {
  ACQUIT_CHECK(set_url(request.url, {"http", "https"}));
  set_common(request.time_limit, options.tls);
  body_max_ = request.body_max;
  if (!options.allow_private_addresses) refuse_special_addresses();
  curl_easy_setopt(easy(), CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy(), CURLOPT_USERAGENT, ("Acquit/" + std::string(base::version())).c_str());
  ACQUIT_CHECK(set_headers(request.headers));
  set_method(request.method, std::move(request.body));
  return {};
}

base::Result<void> HttpTransfer::set_headers(const Headers& headers) {
  bool has_type = false;
  for (const auto& [name, value] : headers) {
    has_type = has_type || base::ascii_lower(name) == "content-type";
    if (name.empty() || base::breaks_line(name) || name.find(':') != std::string::npos || base::breaks_line(value)) {
      return base::fail(ErrorCode::field_format, "a header that can't be sent", name);
    }
    // A header without value is written with a semicolon, or libcurl would leave it out.
    add_line(value.empty() ? name + ";" : name + ": " + value);
  }
  // Not what libcurl would add of its own: no wait for a 100, no guess at the type.
  add_line("Expect:");
  if (!has_type) add_line("Content-Type:");
  curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, lines());
  return {};
}

void HttpTransfer::set_method(Method method, std::string body) {
  const bool has_body = method != Method::get && method != Method::head && (method != Method::delete_ || !body.empty());
  if (has_body) {
    curl_easy_setopt(easy(), CURLOPT_POST, 1L);
    curl_easy_setopt(easy(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    // Without a body there is nothing that could not be rewound.
    if (body.empty()) curl_easy_setopt(easy(), CURLOPT_FRESH_CONNECT, 1L);
    set_upload(std::move(body));
  }
  if (method == Method::head) curl_easy_setopt(easy(), CURLOPT_NOBODY, 1L);
  if (method != Method::get && method != Method::head) {
    curl_easy_setopt(easy(), CURLOPT_CUSTOMREQUEST, std::string(to_string(method)).c_str());
  }
}

void HttpTransfer::take_line(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    response_.headers.clear();  // Interim answers such as 100 come before the true one.
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  response_.headers.emplace_back(base::ascii_lower(line.substr(0, colon)), base::trim(line.substr(colon + 1)));
}

bool HttpTransfer::take_body(std::string_view bytes) {
  const std::size_t room = body_max_ - response_.body.size();
  response_.body += bytes.substr(0, room);
  return bytes.size() <= room;
}

void HttpTransfer::finish(base::Result<base::Monotonic> when) {
  if (!when) return done_(std::unexpected(std::move(when).error()));
  response_.status = status();
  response_.duration = duration(*when);
  done_(std::move(response_));
}

class CurlClient final : public Client {
 public:
  CurlClient(const ClientOptions& options, base::Executor& executor)
      : options_(options),
        executor_(executor),
        transfers_(net::Transfers::make(
            {.connections_max = options.connections_max, .connections_per_peer = options.connections_per_peer})) {}

  base::Task<Answer> send(OutgoingRequest request) override {
    const base::Completion<Answer> completion(executor_);
    auto transfer = std::make_unique<HttpTransfer>([completion](auto outcome) { completion.set(std::move(outcome)); });
    ACQUIT_CO_CHECK(transfer->prepare(options_, std::move(request)));
    transfers_->submit(std::move(transfer));
    co_return co_await completion;
  }
  void stop() override { transfers_->stop(); }

 private:
  const ClientOptions options_;
  base::Executor& executor_;
  const std::unique_ptr<net::Transfers> transfers_;
};

}  // namespace

std::unique_ptr<Client> Client::make(const ClientOptions& options, base::Executor& executor) {
  return std::make_unique<CurlClient>(options, executor);
}

}  // namespace acquit::http

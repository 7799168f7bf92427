#include "http/impl/request_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/verb.hpp>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "http/impl/request_target.h"

namespace acquit::http {
namespace asio = boost::asio;
namespace beast = boost::beast;
using beast::error_code;
using beast::http::field;
using beast::http::verb;
using BeastText = beast::string_view;
namespace {

constexpr std::size_t kBodyReserveMax = 64 * 1024;  // A promised length is not believed further than this.

constexpr std::size_t kLastChunkSize = 5;  // "0\r\n\r\n"

std::string_view view(BeastText text) { return {text.data(), text.size()}; }

std::optional<Method> to_method(verb method) {
  switch (method) {
    case verb::get: return Method::get;
    case verb::head: return Method::head;
    case verb::post: return Method::post;
    case verb::put: return Method::put;
    case verb::patch: return Method::patch;
    case verb::delete_: return Method::delete_;
    case verb::options: return Method::options;
    default: return std::nullopt;
  }
}

bool is_host(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~:[]%").find(c) != std::string_view::npos;
  });
}

// Beast's grammar with our rules; builds the Request directly, without Beast's own field container.
class Grammar final : public beast::http::basic_parser<true> {
 public:
  explicit Grammar(const ParserLimits& limits) : body_max(limits.body_max), limits_(limits) {
    eager(true);
    header_limit(static_cast<std::uint32_t>(limits.header_max));
    body_limit(body_max);
  }

  Request request;
  std::optional<Refusal> refusal;
  std::string_view input;  // What is being parsed.
  bool saw_request_line = false;
  bool expects_continue = false;
  std::size_t body_max;

  [[nodiscard]] std::size_t held() const { return header_bytes_ + request.body.capacity(); }

 private:
  // Values of one line lie in the input, right behind their name; joined ones in a buffer of Beast's.
  [[nodiscard]] bool is_folded(BeastText text, BeastText value) const {
    const char* const end = input.data() + input.size();
    if (value.data() < input.data() || value.data() > end) return true;
    const char* const behind_name = text.data() + text.size();
    return std::find(behind_name, std::max(behind_name, value.data()), '\n') != std::max(behind_name, value.data());
  }

  // Any error code ends the parsing; what to answer is in `refusal`.
  void refuse(error_code& ec, int status, std::string rule) {
    refusal = Refusal{.status = status, .rule = std::move(rule)};
    ec = beast::http::error::bad_value;
  }

  void on_request_impl(verb method, BeastText, BeastText target, int version, error_code& ec) override {
    saw_request_line = true;
    needs_host_ = version >= 11;
    const auto known = to_method(method);
    if (!known) return refuse(ec, 501, "not implemented: this method");
    request.method = *known;
    if (target.size() > limits_.header_max / 2) return refuse(ec, 414, "the address is too long");
    auto parsed = acquit::http::parse_target(view(target));
    if (!parsed) return refuse(ec, 400, "bad request: " + parsed.error().detail);
    request.path = std::move(parsed->path);
    request.query = std::move(parsed->query);
    if (limits_.body_max_of) body_max = limits_.body_max_of(request.method, request.path).value_or(body_max);
    body_limit(body_max);
  }

  void on_field_impl(field name, BeastText text, BeastText value, error_code& ec) override {
    // RFC 9112 §5.2: a server may refuse a value that goes on in the next line. Beast joins its lines elsewhere.
    if (is_folded(text, value)) {
      return refuse(ec, 400, "bad request: a header over several lines");
    }
    if (header_done_) return;  // A trailer; nobody needs one, and some headers would be harmful there.
    switch (name) {
      case field::host:
        if (std::exchange(has_host_, true) || !is_host(view(value)))
          return refuse(ec, 400, "bad request: the Host header");
        break;
      case field::transfer_encoding:
        if (base::ascii_lower(view(value)) != "chunked")
          return refuse(ec, 501, "not implemented: this transfer coding");
        break;
      case field::expect:
        if (base::ascii_lower(view(value)) != "100-continue") return refuse(ec, 417, "this expectation can't be met");
        expects_continue = needs_host_;  // HTTP/1.0 does not know it.
        break;
      default: break;
    }
    header_bytes_ += text.size() + value.size() + sizeof(Headers::value_type);
    request.headers.emplace_back(base::ascii_lower(view(text)), view(value));
  }

  void on_header_impl(error_code& ec) override {
    header_done_ = true;
    if (needs_host_ && !has_host_) refuse(ec, 400, "bad request: the Host header is missing");
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) request.body.reserve(std::min<std::size_t>(*length, kBodyReserveMax));
  }
  std::size_t on_body_impl(BeastText body, error_code&) override {
    request.body += view(body);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, BeastText, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastText body, error_code&) override {
    request.body += view(body);
    return body.size();
  }
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, BeastText, int, error_code&) override {}  // Only for parsers of responses.

  const ParserLimits& limits_;  // The parser's.
  std::size_t header_bytes_ = 0;
  bool needs_host_ = false;
  bool has_host_ = false;
  bool header_done_ = false;
};

Refusal refusal_of(error_code ec, bool has_request_line, std::size_t body_max) {
  using beast::http::error;
  if (ec == error::header_limit) {
    return has_request_line ? Refusal{.status = 431, .rule = "the headers are too long"}
                            : Refusal{.status = 414, .rule = "the address is too long"};
  }
  if (ec == error::body_limit)
    return {.status = 413, .rule = "the body is too large: at most " + std::to_string(body_max) + " bytes"};
  return {.status = 400, .rule = "bad request: " + ec.message()};
}

}  // namespace

struct RequestParser::Impl {
  ParserLimits limits;
  std::optional<Grammar> grammar;
  State state = State::header;
  Refusal refusal;

  void refuse(Refusal why) {
    state = State::refused;
    refusal = std::move(why);
  }
};

RequestParser::RequestParser(ParserLimits limits) : impl_(std::make_unique<Impl>()) {
  impl_->limits = std::move(limits);
  reset();
}

RequestParser::~RequestParser() = default;

void RequestParser::reset() {
  impl_->grammar.emplace(impl_->limits);
  impl_->state = State::header;
}

std::size_t RequestParser::feed(std::string_view data) {
  Impl& impl = *impl_;
  Grammar& grammar = *impl.grammar;
  std::size_t used = 0;
  if (!grammar.got_some()) {
    while (data.substr(used).starts_with("\r\n")) used += 2;  // RFC 9112 §2.2: empty lines before a request.
  }
  const std::string_view rest = data.substr(used);
  // Beast 1.81 asserts that a last chunk's "0" does not come again with one byte more only. Five bytes must follow
  // anyway.
  if (grammar.is_header_done() && grammar.chunked() && rest.size() < kLastChunkSize) return used;
  if (rest.empty() || rest == "\r" || impl.state == State::complete || impl.state == State::refused) return used;
  error_code ec;
  grammar.input = rest;
  used += grammar.put(asio::buffer(rest), ec);
  if (ec && ec != beast::http::error::need_more) {
    const bool has_request_line = grammar.saw_request_line || rest.find('\n') != std::string_view::npos;
    impl.refuse(grammar.refusal ? *std::move(grammar.refusal) : refusal_of(ec, has_request_line, grammar.body_max));
  } else if (grammar.is_done()) {
    impl.state = State::complete;
  } else if (grammar.is_header_done()) {
    impl.state = State::body;
    // Only a chunk's header or the trailer is left over here; Beast sets no limit to them.
    if (data.size() - used > impl.limits.header_max) impl.refuse({.status = 431, .rule = "the trailer is too long"});
  }
  return used;
}

RequestParser::State RequestParser::state() const { return impl_->state; }
const Refusal& RequestParser::refusal() const { return impl_->refusal; }
bool RequestParser::expects_continue() const { return impl_->grammar->expects_continue; }
bool RequestParser::keep_alive() const { return impl_->grammar->keep_alive(); }
std::size_t RequestParser::held() const { return impl_->grammar->held(); }
Request RequestParser::take() { return std::move(impl_->grammar->request); }

}  // namespace acquit::http

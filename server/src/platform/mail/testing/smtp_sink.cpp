#include "platform/mail/testing/smtp_sink.h"

#include <mutex>
#include <optional>
#include <stdexcept>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/list.h"

namespace acquit::mail::testing {
namespace {

constexpr base::Milliseconds kLimit{10'000};
constexpr std::size_t kChunk = 4096;

std::string between(std::string_view line, char open, char close) {
  const std::size_t begin = line.find(open);
  const std::size_t end = line.find(close);
  return begin == std::string_view::npos || end == std::string_view::npos
             ? std::string()
             : std::string(line.substr(begin + 1, end - begin - 1));
}

/// What comes before `end`, taken off `buffer`; reads on until it is there.
base::Task<std::optional<std::string>> read_until(net::Stream& stream, std::string& buffer, std::string end) {
  std::size_t at = buffer.find(end);
  while (at == std::string::npos) {
    auto more = co_await stream.read_some(kChunk, kLimit);
    if (!more) co_return std::nullopt;
    buffer += *more;
    at = buffer.find(end);
  }
  std::string out = buffer.substr(0, at);
  buffer.erase(0, at + end.size());
  co_return out;
}

std::string without_dots(std::string data) {
  for (std::size_t at = data.find("\r\n.."); at != std::string::npos; at = data.find("\r\n..", at + 3))
    data.erase(at + 2, 1);
  return data;
}

}  // namespace

struct SmtpSink::State {
  mutable std::mutex mutex;
  std::vector<ReceivedMail> mails;
  std::vector<std::weak_ptr<net::Stream>> streams;
  int refusals = 0;

  bool refuses() {
    const std::lock_guard lock(mutex);
    return refusals > 0 && refusals-- > 0;
  }
};

std::string ReceivedMail::header(std::string_view name) const {
  const std::string head = "\r\n" + data.substr(0, data.find("\r\n\r\n"));
  std::size_t at = head.find("\r\n" + std::string(name) + ": ");
  if (at == std::string::npos) return {};
  at += name.size() + 4;
  std::string value;
  for (; at < head.size(); ++at) {
    if (head[at] != '\r') {
      value += head[at];
      continue;
    }
    if (at + 2 >= head.size() || head[at + 2] != ' ') break;
    ++at;
  }
  return value;
}

SmtpSink::SmtpSink(net::Loop& loop) : state_(std::make_shared<State>()) {
  auto listener = net::Listener::start(loop, "127.0.0.1:0", [state = state_](std::shared_ptr<net::Stream> stream) {
    {
      const std::lock_guard lock(state->mutex);
      state->streams.push_back(stream);
    }
    base::spawn(serve(state, std::move(stream)));
  });
  if (!listener) throw std::runtime_error(listener.error().detail);
  listener_ = *std::move(listener);
}

SmtpSink::~SmtpSink() {
  listener_->stop();
  const std::lock_guard lock(state_->mutex);
  for (const auto& weak : state_->streams) {
    if (const auto stream = weak.lock()) stream->close();
  }
}

std::string SmtpSink::url() const { return "smtp://127.0.0.1:" + std::to_string(listener_->port()); }

void SmtpSink::refuse(int count) {
  const std::lock_guard lock(state_->mutex);
  state_->refusals = count;
}

std::vector<ReceivedMail> SmtpSink::mails() const {
  const std::lock_guard lock(state_->mutex);
  return state_->mails;
}

base::Task<void> SmtpSink::serve(std::shared_ptr<State> state, std::shared_ptr<net::Stream> stream) {
  std::string buffer;
  ReceivedMail mail;
  std::string reply = "220 sink.example ready";
  while (co_await stream->write(reply + "\r\n", kLimit)) {
    if (reply.starts_with("221")) co_return;
    const auto line = co_await read_until(*stream, buffer, "\r\n");
    if (!line) co_return;
    const std::string verb = base::ascii_upper(line->substr(0, 4));
    reply = "250 ok";
    if (verb == "MAIL") {
      mail = {.from = between(*line, '<', '>'), .to = {}, .data = {}};
      if (state->refuses()) reply = "451 4.7.1 please come again later";
    } else if (verb == "RCPT") {
      mail.to.push_back(between(*line, '<', '>'));
    } else if (verb == "QUIT") {
      reply = "221 bye";
    } else if (verb == "DATA") {
      if (!co_await stream->write("354 go on\r\n", kLimit)) co_return;
      const auto data = co_await read_until(*stream, buffer, "\r\n.\r\n");
      if (!data) co_return;
      mail.data = without_dots(*data + "\r\n");
      const std::lock_guard lock(state->mutex);
      state->mails.push_back(mail);
    }
  }
}

std::string decode_quoted_printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out += text[i];
    } else if (text.substr(i + 1, 2) == "\r\n") {
      i += 2;
    } else {
      const auto byte = base::from_hex(text.substr(i + 1, 2));
      if (!byte || byte->empty()) throw std::runtime_error("broken quoted-printable");
      out += static_cast<char>(byte->front());
      i += 2;
    }
  }
  return out;
}

std::string decode_words(std::string_view value) {
  std::string out;
  bool after_word = false;
  for (const std::string_view word : base::split(value, ' ')) {
    const bool encoded = word.starts_with("=?UTF-8?B?") && word.ends_with("?=");
    if (!out.empty() && !(encoded && after_word)) out += ' ';
    out += encoded ? base::from_base64(word.substr(10, word.size() - 12)).value_or("") : std::string(word);
    after_word = encoded;
  }
  return out;
}

}  // namespace acquit::mail::testing

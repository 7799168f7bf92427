#include "platform/mail/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/bytes.h"
#include "base/list.h"

namespace acquit::mail {
namespace {

constexpr std::size_t kLineMax = 76;
// Bytes of UTF-8 in one encoded word: "=?UTF-8?B?" and "?=" around 36 bytes in base64 make 60 characters: a line has 76
// (RFC 2047 §2).
constexpr std::size_t kWordBytes = 36;

constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_plain(char c) { return c >= 0x20 && c <= 0x7E; }

/// RFC 2047 words, a blank between them; a reader joins them again without it.
std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t end = std::min(kWordBytes, text.size());
    // Never inside a character.
    while (end > 1 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    base::append_part(out, "=?UTF-8?B?" + base::to_base64(base::as_bytes(text.substr(0, end))) + "?=", " ");
    text.remove_prefix(end);
  }
  return out;
}

/// As it is, or in encoded words where a reader could take it for something else.
std::string unstructured(std::string_view value) {
  const std::string text = base::blank_controls(std::string(value));
  const bool has_long_word =
      std::ranges::any_of(base::split(text, ' '), [](std::string_view word) { return word.size() > kLineMax - 1; });
  const bool plain = std::ranges::all_of(text, is_plain) && !text.contains("=?") && !has_long_word &&
                     base::trim(text) == text && !text.contains("  ");
  return plain ? text : encoded_words(text);
}

/// A display name: a quoted string (RFC 5322 §3.2.4), or encoded words.
std::string phrase(std::string_view name) {
  const std::string text = base::blank_controls(std::string(name));
  if (!std::ranges::all_of(text, is_plain) || text.contains("=?") || text.size() > kLineMax / 2)
    return encoded_words(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// Breaks at blanks so that lines stay short.
std::string folded(std::string_view name, std::string_view value) {
  std::string out = std::string(name) + ":";
  std::size_t column = out.size();
  bool first = true;
  for (const std::string_view word : base::split(value, ' ')) {
    // The first word stays beside the name: a line of blanks only would be no header.
    if (!first && column + 1 + word.size() > kLineMax) {
      out += "\r\n";
      column = 0;
    }
    first = false;
    out += ' ';
    out += word;
    column += 1 + word.size();
  }
  return out + "\r\n";
}

std::string part(std::string_view type, std::string_view content) {
  return "Content-Type: " + std::string(type) +
         "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(content);
}

}  // namespace

std::string header_line(std::string_view name, std::string_view value) { return folded(name, unstructured(value)); }

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  const auto put = [&](std::string_view piece) {
    if (column + piece.size() >= kLineMax) {
      out += "=\r\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (c == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
    // A dot or "From " at the start of a line means something to mail servers.
    const bool risky_start = column == 0 && (c == '.' || c == 'F');
    if (is_plain(c) && c != '=' && !(c == ' ' && ends_line) && !risky_start) {
      put(text.substr(i, 1));
    } else {
      put(fmt::format("={:02X}", static_cast<unsigned char>(c)));
    }
  }
  return out;
}

std::string mail_date(base::Time time) {
  using std::chrono::days;
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const auto second = std::chrono::floor<std::chrono::seconds>(time - day).count();
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", kDays.at(std::chrono::weekday(day).c_encoding()),
                     static_cast<unsigned>(date.day()), kMonths.at(static_cast<unsigned>(date.month()) - 1),
                     static_cast<int>(date.year()), second / 3600, second / 60 % 60, second % 60);
}

std::string compose(const MimeMessage& m) {
  std::string out = "Date: " + mail_date(m.date) + "\r\n";
  out += folded("From", m.from_name.empty() ? m.from : phrase(m.from_name) + " <" + m.from + ">");
  if (!m.reply_to.empty()) out += folded("Reply-To", m.reply_to);
  out += folded("To", base::join(m.to, ", "));
  out += header_line("Subject", m.subject);
  out += "Message-ID: <" + m.id + ">\r\nMIME-Version: 1.0\r\n";
  out += "Auto-Submitted: auto-generated\r\n";  // RFC 3834: no out-of-office answers.
  if (m.html.empty()) return out + part("text/plain", m.text);
  const std::string line = "--" + m.boundary;
  out += "Content-Type: multipart/alternative; boundary=\"" + m.boundary + "\"\r\n\r\n";
  out += line + "\r\n" + part("text/plain", m.text) + "\r\n" + line + "\r\n" + part("text/html", m.html) + "\r\n";
  return out + line + "--\r\n";
}

}  // namespace acquit::mail

#include "sandbox/inbox/mime.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/list.h"
#include "base/utf8.h"

namespace acquit::sandbox {
namespace {

constexpr int kDepthMax = 8;
constexpr std::string_view kLineEnd = "\r\n";
using Headers = std::vector<std::pair<std::string, std::string>>;

struct Entity {
  Headers headers;
  std::string_view body;
};

std::string to_utf8(std::string text, std::string_view charset) {
  const bool is_latin1 = charset == "iso-8859-1" || charset == "windows-1252" || charset == "iso-8859-15";
  if (is_latin1 || !base::is_valid_utf8(text)) return base::latin1_to_utf8(text);
  return text;
}

// Quoted-printable, and with `in_header` its variant Q, where '_' is a blank.
std::string decode_quoted(std::string_view text, bool in_header) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_header && text[i] == '_') {
      out += ' ';
    } else if (text[i] != '=') {
      out += text[i];
    } else if (text.substr(i + 1).starts_with(kLineEnd)) {
      i += kLineEnd.size();
    } else if (const auto byte = base::from_hex(text.substr(i + 1, 2)); byte && byte->size() == 1) {
      out += static_cast<char>(byte->front());
      i += 2;
    } else {
      out += '=';
    }
  }
  return out;
}

std::string decode_base64(std::string_view text) {
  std::string packed;
  std::ranges::copy_if(text, std::back_inserter(packed), [](char c) { return c > ' '; });
  return base::from_base64(packed).value_or(std::string(text));
}

// "charset?B?text" between "=?" and "?=".
std::optional<std::string> decode_word(std::string_view word) {
  const auto parts = base::split(word, '?');
  if (parts.size() != 3 || parts[1].size() != 1) return std::nullopt;
  const bool is_base64 = base::ascii_lower(parts[1]) == "b";
  if (!is_base64 && base::ascii_lower(parts[1]) != "q") return std::nullopt;
  return to_utf8(is_base64 ? decode_base64(parts[2]) : decode_quoted(parts[2], true), base::ascii_lower(parts[0]));
}

Headers parse_headers(std::string_view head) {
  Headers headers;
  while (!head.empty()) {
    const std::size_t end = head.find(kLineEnd);
    const std::string_view line = head.substr(0, end);
    head = end == std::string_view::npos ? std::string_view() : head.substr(end + kLineEnd.size());
    const bool continues = line.starts_with(' ') || line.starts_with('\t');
    const std::size_t colon = line.find(':');
    if (continues && !headers.empty()) {
      headers.back().second += line;
    } else if (!continues && colon != std::string_view::npos) {
      headers.emplace_back(base::trim(line.substr(0, colon)), base::trim(line.substr(colon + 1)));
    }
  }
  return headers;
}

Entity parse_entity(std::string_view raw) {
  if (raw.starts_with(kLineEnd)) return {.headers = {}, .body = raw.substr(kLineEnd.size())};
  const std::size_t blank = raw.find("\r\n\r\n");
  if (blank == std::string_view::npos) return {.headers = parse_headers(raw), .body = {}};
  return {.headers = parse_headers(raw.substr(0, blank)), .body = raw.substr(blank + 4)};
}

std::string_view find_header(const Headers& headers, std::string_view name) {
  const std::string wanted = base::ascii_lower(name);
  const auto found =
      std::ranges::find_if(headers, [&](const auto& header) { return base::ascii_lower(header.first) == wanted; });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

// `text/html; charset="utf-8"`: the parameter of that name.
std::string parameter(std::string_view value, std::string_view name) {
  for (const std::string_view part : base::split(value, ';')) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos || base::ascii_lower(base::trim(part.substr(0, equals))) != name) continue;
    std::string_view found = base::trim(part.substr(equals + 1));
    if (found.size() >= 2 && found.starts_with('"') && found.ends_with('"')) found = found.substr(1, found.size() - 2);
    return std::string(found);
  }
  return {};
}

// The parts between "--boundary" lines; what stands before the first and after the last is nothing.
std::vector<std::string_view> split_parts(std::string_view body, const std::string& boundary) {
  std::vector<std::string_view> parts;
  const std::string delimiter = "--" + boundary;
  std::optional<std::size_t> begin;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = std::min(body.find(kLineEnd, at), body.size());
    const std::string_view line = body.substr(at, end - at);
    const std::size_t next = std::min(end + kLineEnd.size(), body.size());
    if (line.starts_with(delimiter)) {
      // The line end before a boundary belongs to the boundary.
      if (begin) parts.push_back(body.substr(*begin, at - *begin - (at - *begin >= 2 ? 2 : 0)));
      begin = next;
      if (line.substr(delimiter.size()).starts_with("--")) return parts;
    }
    at = next;
  }
  if (begin) parts.push_back(body.substr(*begin));
  return parts;
}

std::string decode_body(const Entity& entity) {
  const std::string encoding = base::ascii_lower(find_header(entity.headers, "content-transfer-encoding"));
  if (encoding == "base64") return decode_base64(entity.body);
  if (encoding == "quoted-printable") return decode_quoted(entity.body, false);
  return std::string(entity.body);
}

void read_entity(const Entity& entity, int depth, ParsedMail& mail) {
  const std::string_view content_type = find_header(entity.headers, "content-type");
  const std::string type = base::ascii_lower(base::trim(content_type.substr(0, content_type.find(';'))));
  if (type.starts_with("multipart/") && depth < kDepthMax) {
    for (const std::string_view part : split_parts(entity.body, parameter(content_type, "boundary"))) {
      read_entity(parse_entity(part), depth + 1, mail);
    }
    return;
  }
  const std::string_view disposition = find_header(entity.headers, "content-disposition");
  const bool attached = base::ascii_lower(disposition).starts_with("attachment");
  std::string content = decode_body(entity);
  const std::string charset = base::ascii_lower(parameter(content_type, "charset"));
  if (!attached && (type.empty() || type == "text/plain") && mail.text.empty()) {
    mail.text = to_utf8(std::move(content), charset);
  } else if (!attached && type == "text/html" && mail.html.empty()) {
    mail.html = to_utf8(std::move(content), charset);
  } else {
    std::string name = parameter(disposition, "filename");
    if (name.empty()) name = parameter(content_type, "name");
    mail.attachments.push_back({.name = decode_words(name), .type = type, .size = content.size()});
  }
}

}  // namespace

std::string_view ParsedMail::header(std::string_view name) const { return find_header(headers, name); }

std::string decode_words(std::string_view value) {
  std::string out;
  bool after_word = false;
  while (!value.empty()) {
    const std::size_t begin = value.find("=?");
    // The text of a word begins after its second '?', and may itself begin with '='.
    const std::size_t charset_end = begin == std::string_view::npos ? begin : value.find('?', begin + 2);
    const std::size_t text = charset_end == std::string_view::npos ? charset_end : value.find('?', charset_end + 1);
    const std::size_t end = text == std::string_view::npos ? text : value.find("?=", text + 1);
    if (end == std::string_view::npos) break;
    const std::string_view between = value.substr(0, begin);
    const auto word = decode_word(value.substr(begin + 2, end - begin - 2));
    // Blanks between two encoded words are not part of the text.
    if (!(word && after_word && base::trim(between).empty())) out += between;
    out += word ? *word : std::string(value.substr(begin, end + 2 - begin));
    after_word = word.has_value();
    value.remove_prefix(end + 2);
  }
  out += value;
  return to_utf8(std::move(out), "");
}

ParsedMail parse_mail(std::string_view raw) {
  ParsedMail mail;
  Entity entity = parse_entity(raw);
  read_entity(entity, 0, mail);
  mail.headers = std::move(entity.headers);
  for (auto& [name, value] : mail.headers) value = decode_words(value);
  return mail;
}

}  // namespace acquit::sandbox

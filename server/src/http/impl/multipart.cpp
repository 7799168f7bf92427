#include "http/impl/multipart.h"
#include "base/ascii.h"
#include "base/form_fields.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace acquit::http {
namespace {

constexpr std::size_t kBoundaryMax = 70;  // RFC 2046 §5.1.1.
constexpr std::size_t kPartHeadMax = 4096;
constexpr std::size_t kParametersMax = 16;
constexpr std::string_view kLineEnd = "\r\n";

std::unexpected<base::Error> malformed(std::string rule) {
  return base::fail(base::ErrorCode::body_malformed, std::move(rule));
}

// The text between quotes at the front of `text`, and takes it away. A backslash is one, unless before a quote or
// another: browsers escape by percent, libraries by backslash.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return out;
    }
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
    out += text[i];
  }
  return std::nullopt;
}

// `form-data; name="a"`: the lower-case word, and the parameters by lower-case name, each of them once.
struct HeaderValue {
  std::string word;
  base::FormFields parameters;
};

std::optional<HeaderValue> parse_header_value(std::string_view text) {
  const std::size_t end = std::min(text.find(';'), text.size());
  HeaderValue out{.word = base::ascii_lower(base::trim(text.substr(0, end))), .parameters = {}};
  text.remove_prefix(end);
  while (!text.empty()) {
    text = base::trim(text.substr(1));
    if (text.empty()) break;  // A semicolon at the end.
    const std::size_t equals = text.find_first_of("=;");
    if (equals == std::string_view::npos || text[equals] == ';') return std::nullopt;
    std::string name = base::ascii_lower(base::trim(text.substr(0, equals)));
    text = base::trim(text.substr(equals + 1));
    std::optional<std::string> value;
    if (text.starts_with('"')) {
      value = take_quoted(text);
      text = base::trim(text);
    } else {
      value = std::string(base::trim(text.substr(0, text.find(';'))));
      text.remove_prefix(std::min(text.find(';'), text.size()));
    }
    if (!value || (!text.empty() && text.front() != ';')) return std::nullopt;
    if (base::find_field(out.parameters, name) != nullptr || out.parameters.size() == kParametersMax)
      return std::nullopt;
    out.parameters.emplace_back(std::move(name), *std::move(value));
  }
  return out;
}

// Browsers write what would end the name or its line as %22, %0D and %0A, and nothing else (HTML §4.10.21.8).
std::string field_name(std::string_view written) {
  std::string out;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const std::string escape = base::ascii_upper(written.substr(i, 3));
    if (escape != "%22" && escape != "%0D" && escape != "%0A") {
      out += written[i];
      continue;
    }
    out += escape == "%22" ? '"' : escape == "%0D" ? '\r' : '\n';
    i += 2;
  }
  return out;
}

struct PartHead {
  std::optional<std::string> name;
  bool file = false;
};

base::Result<void> read_header(std::string_view line, PartHead& head) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return malformed("a part has a header without a colon");
  const std::string header = base::ascii_lower(line.substr(0, colon));
  const auto value = parse_header_value(line.substr(colon + 1));
  if (header == "content-transfer-encoding") {
    const bool plain = value && (value->word == "7bit" || value->word == "8bit" || value->word == "binary");
    if (!plain) return malformed("a part has a transfer encoding");
  }
  if (header == "content-type" && value && value->word.starts_with("multipart/")) {
    return malformed("a part has parts of its own");
  }
  if (header != "content-disposition") return {};
  if (head.name) return malformed("a part has two names");
  const std::string* name = value && value->word == "form-data" ? base::find_field(value->parameters, "name") : nullptr;
  if (name == nullptr) return malformed("a part is no field with a name");
  head.name = field_name(*name);
  head.file = base::find_field(value->parameters, "filename") != nullptr ||
              base::find_field(value->parameters, "filename*") != nullptr;
  return {};
}

// The headers of a part, up to and with the empty line; what follows in `part` is its value.
base::Result<PartHead> take_head(std::string_view& part) {
  PartHead head;
  const std::string_view all = part;
  while (true) {
    const std::size_t end = part.find(kLineEnd);
    if (end == std::string_view::npos) return malformed("a part has no empty line behind its headers");
    const std::string_view line = part.substr(0, end);
    part.remove_prefix(end + kLineEnd.size());
    if (all.size() - part.size() > kPartHeadMax) return malformed("a part has more headers than a field needs");
    if (line.empty()) break;
    ACQUIT_CHECK(read_header(line, head));
  }
  if (!head.name) return malformed("a part has no name");
  return head;
}

// Cuts a body at its boundaries, which begin a line and have nothing else on it.
class Parts {
 public:
  Parts(std::string_view body, std::string_view boundary)
      : rest_(body), delimiter_(std::string(kLineEnd) + "--" + std::string(boundary)) {}

  /// What stands before the next boundary; nothing if there is none.
  std::optional<std::string_view> next() {
    // The first may stand at the very beginning.
    const bool at_once = first_ && rest_.starts_with(std::string_view(delimiter_).substr(kLineEnd.size()));
    first_ = false;
    if (at_once && end_line(delimiter_.size() - kLineEnd.size())) return std::string_view();
    const std::string_view all = rest_;
    for (std::size_t at = all.find(delimiter_); at != std::string_view::npos; at = all.find(delimiter_, at + 1)) {
      rest_ = all.substr(at);
      if (end_line(delimiter_.size())) return all.substr(0, at);
    }
    return std::nullopt;
  }
  /// The boundary that was found last closes the form.
  [[nodiscard]] bool closed() const { return closed_; }

 private:
  // Goes on behind the boundary of `size`, if it is one: perhaps "--", perhaps blanks, and the line's end.
  bool end_line(std::size_t size) {
    std::string_view behind = rest_.substr(size);
    const bool closes = behind.starts_with("--");
    if (closes) behind.remove_prefix(2);
    behind.remove_prefix(std::min(behind.find_first_not_of(" \t"), behind.size()));
    if (behind.starts_with(kLineEnd)) {
      behind.remove_prefix(kLineEnd.size());
    } else if (!closes || !behind.empty()) {
      return false;
    }
    closed_ = closes;
    rest_ = behind;
    return true;
  }

  std::string_view rest_;
  std::string delimiter_;
  bool first_ = true;
  bool closed_ = false;
};

std::optional<std::string> boundary_of(std::string_view content_type) {
  const auto value = parse_header_value(content_type);
  const std::string* boundary = value ? base::find_field(value->parameters, "boundary") : nullptr;
  if (boundary == nullptr || boundary->empty() || boundary->size() > kBoundaryMax || boundary->ends_with(' ') ||
      !std::ranges::all_of(*boundary, [](char c) { return c >= ' ' && c <= '~'; })) {
    return std::nullopt;
  }
  return *boundary;
}

}  // namespace

bool is_multipart(std::string_view content_type) {
  return base::ascii_lower(base::trim(content_type.substr(0, content_type.find(';')))) == "multipart/form-data";
}

base::Result<base::FormFields> parse_multipart(std::string_view content_type, std::string_view body) {
  const auto boundary = boundary_of(content_type);
  if (!boundary) return malformed("multipart/form-data without a usable boundary");
  Parts parts(body, *boundary);
  if (!parts.next()) return malformed("the boundary is nowhere in the body");
  base::FormFields fields;
  while (!parts.closed()) {
    auto part = parts.next();
    if (!part) return malformed("the form ends before its last boundary");
    ACQUIT_TRY(PartHead head, take_head(*part));
    if (head.file) return base::fail(base::ErrorCode::unsupported, "a file in place of a text", *std::move(head.name));
    fields.emplace_back(*std::move(head.name), std::string(*part));
  }
  return fields;
}

}  // namespace acquit::http

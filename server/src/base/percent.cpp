#include "base/percent.h"

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/pct_string_view.hpp>

namespace acquit::base {
namespace {

namespace urls = boost::urls;

// A table as Boost.URL wants it: '%' never stands for itself.
struct CharSet {
  const PlainBytes& plain;
  bool operator()(char c) const noexcept { return plain[static_cast<unsigned char>(c)] && c != '%'; }
};

urls::string_view seen(std::string_view text) { return {text.data(), text.size()}; }

void append_encoded(std::string& out, std::string_view text, const PlainBytes& plain) {
  const CharSet set{plain};
  const std::size_t begin = out.size();
  const std::size_t size = urls::encoded_size(seen(text), set);
  out.resize(begin + size);
  urls::encode(out.data() + begin, size, seen(text), set);
}

std::optional<std::string> decode(std::string_view text, urls::encoding_opts options) {
  const auto escaped = urls::make_pct_string_view(seen(text));
  if (!escaped) return std::nullopt;
  return escaped->decode(options);
}

}  // namespace

void append_percent_encoded(std::string& out, std::string_view text, const PlainBytes& plain) {
  for (;;) {
    const std::size_t end = plain['%'] ? std::min(text.find('%'), text.size()) : text.size();
    append_encoded(out, text.substr(0, end), plain);
    if (end == text.size()) return;
    out += '%';
    text.remove_prefix(end + 1);
  }
}

std::string percent_encode(std::string_view text) {
  std::string out;
  append_percent_encoded(out, text);
  return out;
}

std::size_t percent_encoded_size(std::string_view text) { return urls::encoded_size(seen(text), CharSet{kUnreserved}); }

std::optional<std::string> percent_decode(std::string_view text) { return decode(text, {}); }

std::optional<std::string> form_decode(std::string_view text) {
  urls::encoding_opts options;
  options.space_as_plus = true;
  return decode(text, options);
}

}  // namespace acquit::base

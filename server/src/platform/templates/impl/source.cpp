#include "platform/templates/impl/source.h"

#include <algorithm>

#include "base/ascii.h"

namespace acquit::templates::impl {
namespace {

using base::ErrorCode;
using base::Result;

// Collects the text of a template and of the partials in it; `open_` holds the names being put in, to find circles.
class Expander {
 public:
  explicit Expander(const Sources& sources) : sources_(sources) {}

  Result<void> add(std::string_view name) {
    const auto found = sources_.find(name);
    if (found == sources_.end()) return broken(name, "no such partial");
    if (std::ranges::find(open_, name) != open_.end()) return broken(name, "includes itself");
    open_.push_back(name);
    ACQUIT_CHECK(add_source(name, found->second));
    open_.pop_back();
    return {};
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  Result<void> add_source(std::string_view name, std::string_view source) {
    while (true) {
      const auto begin = source.find("{{");
      if (begin == std::string_view::npos) break;
      const auto end = source.find("}}", begin);
      if (end == std::string_view::npos) return broken(name, "{{ without }}");
      const auto tag = base::trim(source.substr(begin + 2, end - begin - 2));
      if (tag.starts_with('{') || tag.starts_with('&')) return broken(name, "unescaped output");
      if (tag.starts_with('=')) return broken(name, "set delimiters");
      const bool partial = tag.starts_with('>');
      text_ += source.substr(0, partial ? begin : end + 2);
      if (partial) ACQUIT_CHECK(add(base::trim(tag.substr(1))));
      source.remove_prefix(end + 2);
      // A partial on a line of its own leaves no empty line behind.
      if (partial && text_.ends_with('\n') && source.starts_with('\n')) source.remove_prefix(1);
    }
    text_ += source;
    return {};
  }

  static std::unexpected<base::Error> broken(std::string_view name, std::string_view what) {
    return base::fail(ErrorCode::configuration_invalid, "template " + std::string(name) + ": " + std::string(what));
  }

  const Sources& sources_;
  std::vector<std::string_view> open_;
  std::string text_;
};

}  // namespace

Result<std::string> expand(const Sources& sources, std::string_view name) {
  Expander expander(sources);
  ACQUIT_CHECK(expander.add(name));
  return expander.take();
}

std::vector<std::string> tags(std::string_view source) {
  std::vector<std::string> found;
  while (true) {
    const auto begin = source.find("{{");
    const auto end = begin == std::string_view::npos ? begin : source.find("}}", begin);
    if (end == std::string_view::npos) return found;
    auto tag = base::trim(source.substr(begin + 2, end - begin - 2));
    if (!tag.empty() && (tag.front() == '#' || tag.front() == '^' || tag.front() == '/')) tag.remove_prefix(1);
    found.emplace_back(base::trim(tag));
    source.remove_prefix(end + 2);
  }
}

}  // namespace acquit::templates::impl

// Template variables from outside: whatever they hold, pages render, escape it, and ask for nothing that is missing.
//
// Links: base i18n templates pages
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "base/list.h"
#include "pages/pages.h"

namespace {

using acquit::pages::Pages;

const Pages& pages() {
  static const auto kTranslator = acquit::i18n::Translator::load().value();
  static const auto kLoaded = Pages::load(kTranslator).value();
  return kLoaded;
}

// Lines of the input in turn; the last one again when they run out.
class Lines {
 public:
  explicit Lines(std::string_view input) : lines_(acquit::base::split(input, '\n')) {}
  std::string next() { return std::string(lines_[at_ + 1 < lines_.size() ? at_++ : at_]); }

 private:
  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
};

acquit::pages::Frame frame(Lines& lines, std::uint8_t choice) {
  const auto all = acquit::i18n::all_languages();
  acquit::pages::Frame made;
  made.language = all[choice % all.size()];
  made.languages = {all.begin(), all.end()};
  made.language_url = lines.next();
  made.shop_name = lines.next();
  made.reference = lines.next();
  made.test = true;
  return made;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// Every address must lead to the web or to ourselves.
bool leads_astray(const std::string& text, std::string_view attribute) {
  for (auto at = text.find(attribute); at != std::string::npos; at = text.find(attribute, at + 1)) {
    const auto url = acquit::base::ascii_lower(std::string_view(text).substr(at + attribute.size(), 12));
    const bool ours = (url.starts_with('/') && !url.starts_with("//")) || url.starts_with('#');
    if (!ours && !url.starts_with("http") && !url.starts_with("about:blank")) return true;
  }
  return false;
}

// A quote or an angle bracket of a value that got through would open a tag or an attribute of its own.
void check(const acquit::base::Result<acquit::templates::Rendered>& page, std::size_t inputs) {
  if (!page || !page->missing.empty()) std::abort();
  if (count(page->text, "<script") != 1 || count(page->text, "<input") != inputs) std::abort();
  if (count(page->text, "<b>") != 0 || count(page->text, "</html>") != 1) std::abort();
  if (leads_astray(page->text, "<form method=\"post\" action=\"") || leads_astray(page->text, "<a href=\""))
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Lines lines({reinterpret_cast<const char*>(data) + 1, size - 1});  // NOLINT: bytes as text
  acquit::pages::CardEntryView card;
  card.frame = frame(lines, data[0]);
  // One hidden field, seven of browser data, four of the card.
  constexpr std::size_t kCardInputs = 12;
  card.form = {.action = lines.next(), .hidden = {{lines.next(), lines.next()}}};
  card.brands = {lines.next()};
  card.holder = lines.next();
  card.expiry = lines.next();
  check(pages().render(card), kCardInputs);

  acquit::pages::FormErrorTestView error;
  error.frame = card.frame;
  error.field = lines.next();
  error.value = lines.next();
  error.signature = {.algorithm = "SHA-1", .signed_text = lines.next(), .hints = {}};
  error.back = acquit::pages::ReturnForm{.post = true, .url = lines.next(), .redirect_message = lines.next()};
  check(pages().render(error), 0);
  return 0;
}

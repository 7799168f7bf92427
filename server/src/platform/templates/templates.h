// Templates: a set of mustache templates, compiled once at start, rendered with data from outside.
//
// The language is mustache without lambdas, set delimiters and unescaped output: {{name}} is always HTML-escaped,
// {{#list}}…{{/list}}, {{^flag}}…{{/flag}}, {{! comment}}, and {{> partial}}, which is put in when the set is loaded,
// so that nothing is parsed while rendering. {{t.key}} is the text of `key` in the reader's language; its
// {placeholders} are looked up as variables of the template. A loaded set does not change; rendering is safe from any
// thread.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "base/result.h"
#include "platform/i18n/translator.h"
#include "platform/templates/value.h"

namespace acquit::templates {

/// Bounds on what one rendering may take in and give out; far above any page of ours.
inline constexpr std::size_t kMaxDepth = 8;
inline constexpr std::size_t kMaxValues = 5000;
inline constexpr std::size_t kMaxInputBytes = 1U << 20U;
inline constexpr std::size_t kMaxOutputBytes = 4U << 20U;

struct Rendered {
  std::string text;
  /// Names in the template that the data and the catalogue don't know; they render as nothing. Tests want none.
  std::vector<std::string> missing;
};

class Templates {
 public:
  /// Takes the files that end in ".mustache", named by their path without that ending. configuration_invalid names the
  /// file if one can't be parsed, asks for an unknown or circular partial, or uses a part of mustache that we ban.
  static base::Result<Templates> load(std::span<const base::EmbeddedFile> files);

  Templates(Templates&&) noexcept;
  Templates& operator=(Templates&&) noexcept;
  ~Templates();

  /// not_found if there is no such template; body_too_large if a bound above is passed.
  [[nodiscard]] base::Result<Rendered> render(std::string_view name, const Object& data,
                                              const i18n::Translator& translator, i18n::Language language) const;

  /// Keys of {{t.key}} in any template of the set, each once.
  [[nodiscard]] std::vector<std::string> text_keys() const;

 private:
  struct Compiled;
  Templates();
  std::map<std::string, std::unique_ptr<Compiled>, std::less<>> compiled_;
};

}  // namespace acquit::templates

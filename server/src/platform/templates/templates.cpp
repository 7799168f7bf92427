#include "platform/templates/templates.h"

#include <algorithm>
#include <cctype>
#include <kainjow/mustache.hpp>
#include <set>

#include "base/html.h"
#include "base/utf8.h"
#include "platform/templates/impl/context.h"
#include "platform/templates/impl/source.h"

namespace acquit::templates {

using base::ErrorCode;
using base::Result;

struct Templates::Compiled {
  std::string source;
  // render() of this class is not const, but writes nothing once the template was parsed without error and has no
  // partials and lambdas, which we ban: several threads may share it.
  mutable kainjow::mustache::mustache mustache;
};

Templates::Templates() = default;
Templates::Templates(Templates&&) noexcept = default;
Templates& Templates::operator=(Templates&&) noexcept = default;
Templates::~Templates() = default;

Result<Templates> Templates::load(std::span<const base::EmbeddedFile> files) {
  impl::Sources sources;
  for (const auto& file : files) {
    constexpr std::string_view kEnding = ".mustache";
    if (!file.path.ends_with(kEnding)) continue;
    sources.emplace(file.path.substr(0, file.path.size() - kEnding.size()), file.content);
  }
  Templates templates;
  for (const auto& [name, source] : sources) {
    ACQUIT_TRY(auto whole, impl::expand(sources, name));
    kainjow::mustache::mustache mustache(whole);
    if (!mustache.is_valid()) {
      return base::fail(ErrorCode::configuration_invalid, name + ": " + mustache.error_message());
    }
    mustache.set_custom_escape([](const std::string& text) { return base::html_escape(base::valid_utf8(text)); });
    templates.compiled_.emplace(
        name, std::make_unique<Compiled>(Compiled{.source = std::move(whole), .mustache = std::move(mustache)}));
  }
  return templates;
}

Result<Rendered> Templates::render(std::string_view name, const Object& data, const i18n::Translator& translator,
                                   i18n::Language language) const {
  const auto found = compiled_.find(name);
  if (found == compiled_.end()) return base::fail(ErrorCode::not_found, "no template " + std::string(name));
  ACQUIT_TRY(const auto root, impl::to_mustache(data));

  Rendered rendered;
  bool overflow = false;
  impl::Context context(root, translator, language);
  // The library takes a handler only together with data, so the context goes through its stream overload.
  impl::BoundedBuffer buffer(rendered.text, kMaxOutputBytes, overflow);
  std::ostream stream(&buffer);
  found->second->mustache.render(context, stream);
  if (overflow) return base::fail(ErrorCode::body_too_large, "page too long: " + std::string(name));
  rendered.missing = context.missing();
  return rendered;
}

std::vector<std::string> Templates::text_keys() const {
  std::set<std::string> keys;
  for (const auto& [name, compiled] : compiled_) {
    for (auto& tag : impl::tags(compiled->source)) {
      if (tag.starts_with("t.")) keys.insert(tag.substr(2));
    }
  }
  return {keys.begin(), keys.end()};
}

}  // namespace acquit::templates

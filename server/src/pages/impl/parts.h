// The pieces of data that several pages share: frame, forms, way back, refusal. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pages/views.h"
#include "platform/i18n/translator.h"
#include "platform/templates/value.h"

namespace acquit::pages::impl {

/// `url` if it is an address that a page may lead to; else "about:blank", so that no script hides in one.
[[nodiscard]] std::string safe_url(std::string_view url);

/// `text` with marks for what is not seen: blanks at its ends, beside a "+" or in a row, tabs, line breaks.
[[nodiscard]] std::string visible_blanks(std::string_view text);

/// The text, or false where a template has to leave its place out.
[[nodiscard]] templates::Value text_or_no(std::string_view text);

/// Head, strip, shop, language selector and summary of a page with that title. All names that parts/top.mustache uses,
/// but `refresh` and `summary`.
void add_frame(templates::Object& data, const Frame& frame);

/// Puts `path` before every address of ours in `data`: what stands under a name of addresses (action, url, href, src
/// and
/// *_path, *_src) and begins with a single "/". Names of addresses hold nothing else.
void put_below(std::string_view path, templates::Object& data);

[[nodiscard]] templates::Value form_value(const PostForm& form);
[[nodiscard]] templates::Value form_value(const std::optional<PostForm>& form);
[[nodiscard]] templates::Value back_value(const std::optional<ReturnForm>& back, const i18n::Translator& translator,
                                          i18n::Language language);
[[nodiscard]] templates::Value refusal_value(const std::optional<Refusal>& refusal, const i18n::Translator& translator,
                                             i18n::Language language);
[[nodiscard]] std::string reason_text(RefusalReason reason, const i18n::Translator& translator,
                                      i18n::Language language);
/// {code, name, src} of each brand; src is false where we have no logo.
[[nodiscard]] templates::List brand_list(const std::vector<std::string>& brands);

}  // namespace acquit::pages::impl

// Pages: from views to HTML, in the 13 languages. Pure: the same view gives the same page.
//
// Made once at start; holds the compiled templates and a reference to the translator, which must outlive it. Rendering
// is safe from any thread and fails only with body_too_large, on views beyond the bounds of templates.h.
#pragma once

#include <string>

#include "base/result.h"
#include "pages/views.h"
#include "platform/i18n/translator.h"
#include "platform/templates/templates.h"

namespace acquit::pages {

class Pages {
 public:
  /// `below`: the path of the server's public address ("/pay", or empty), which goes before what pages link to of ours.
  /// configuration_invalid if a compiled-in template is broken: a bug, found by the tests.
  static base::Result<Pages> load(const i18n::Translator& translator, std::string below = {});

  /// The page's text; `missing` is empty unless a template asks for what its view does not give (tests check).
  [[nodiscard]] base::Result<templates::Rendered> render(const CardEntryView& view) const;
  [[nodiscard]] base::Result<templates::Rendered> render(const ThreedsMethodView& view) const;
  [[nodiscard]] base::Result<templates::Rendered> render(const ThreedsMethodDoneView& view) const;
  [[nodiscard]] base::Result<templates::Rendered> render(const ThreedsChallengeView& view) const;
  [[nodiscard]] base::Result<templates::Rendered> render(const WaitingView& view) const;
  [[nodiscard]] base::Result<templates::Rendered> render(const ResultView& view) const;
  [[nodiscard]] base::Result<templates::Rendered> render(const ExpiredView& view) const;
  [[nodiscard]] base::Result<templates::Rendered> render(const ReturnView& view) const;
  [[nodiscard]] base::Result<templates::Rendered> render(const FormErrorTestView& view) const;
  [[nodiscard]] base::Result<templates::Rendered> render(const FormErrorView& view) const;
  [[nodiscard]] base::Result<templates::Rendered> render(const ErrorView& view) const;

  [[nodiscard]] const i18n::Translator& translator() const { return *translator_; }
  [[nodiscard]] const templates::Templates& templates() const { return templates_; }

 private:
  Pages(const i18n::Translator& translator, templates::Templates templates, std::string below)
      : translator_(&translator), templates_(std::move(templates)), below_(std::move(below)) {}

  [[nodiscard]] base::Result<templates::Rendered> finish(std::string_view name, const Frame& frame,
                                                         templates::Object data) const;

  const i18n::Translator* translator_;  // Not a reference, so that Pages can be moved.
  templates::Templates templates_;
  std::string below_;
};

}  // namespace acquit::pages

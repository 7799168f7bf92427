// The pieces between our values and the mustache library; included by templates.cpp only (its header is heavy).
#pragma once

#include <deque>
#include <kainjow/mustache.hpp>
#include <streambuf>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/i18n/translator.h"
#include "platform/templates/value.h"

namespace acquit::templates::impl {

/// The library's form of `data`; body_too_large if it passes a bound of templates.h.
[[nodiscard]] base::Result<kainjow::mustache::data> to_mustache(const Object& data);

/// Looks names up: variables in the data, "t.key" in the catalogue. Remembers names that neither has. One rendering
/// each.
class Context final : public kainjow::mustache::basic_context<std::string> {
 public:
  Context(const kainjow::mustache::data& root, const i18n::Translator& translator, i18n::Language language)
      : translator_(translator), language_(language) {
    stack_.push_back(&root);
  }

  void push(const kainjow::mustache::data* data) override { stack_.push_back(data); }
  void pop() override { stack_.pop_back(); }
  [[nodiscard]] const kainjow::mustache::data* get(const std::string& name) const override;
  /// There are no partials left in a loaded template.
  [[nodiscard]] const kainjow::mustache::data* get_partial(const std::string&) const override { return nullptr; }

  [[nodiscard]] std::vector<std::string> missing() const { return missing_; }

 private:
  [[nodiscard]] const kainjow::mustache::data* find(const std::string& name) const;
  [[nodiscard]] const kainjow::mustache::data* text(const std::string& key) const;

  const i18n::Translator& translator_;
  i18n::Language language_;
  std::vector<const kainjow::mustache::data*> stack_;
  // The library asks through const functions and keeps pointers to the answers until the rendering ends.
  mutable std::deque<kainjow::mustache::data> texts_;
  mutable std::vector<std::string> missing_;
};

/// Appends to a string up to a limit, then drops what comes and sets `overflow`.
class BoundedBuffer final : public std::streambuf {
 public:
  BoundedBuffer(std::string& out, std::size_t limit, bool& overflow) : out_(out), limit_(limit), overflow_(overflow) {}

 protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int_type overflow(int_type character) override;

 private:
  std::string& out_;
  std::size_t limit_;
  bool& overflow_;
};

}  // namespace acquit::templates::impl

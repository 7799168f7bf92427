#include "platform/templates/impl/context.h"

#include <algorithm>
#include <utility>

#include "platform/templates/templates.h"

namespace acquit::templates::impl {
namespace {

using base::ErrorCode;
using base::Result;
using MustacheData = kainjow::mustache::data;

// Converts values while counting them, so that data from outside can't ask for unbounded work.
class Converter {
 public:
  Result<MustacheData> convert(const Object& object, std::size_t depth) {
    ACQUIT_CHECK(enter(depth));
    MustacheData data(MustacheData::type::object);
    for (const auto& [name, value] : object) {
      bytes_ += name.size();
      ACQUIT_TRY(data[name], convert(value, depth));
    }
    return data;
  }

 private:
  Result<MustacheData> convert(const Value& value, std::size_t depth) {
    if (++values_ > kMaxValues) return too_large();
    if (const auto* flag = std::get_if<bool>(&value.data())) return MustacheData(*flag);
    if (const auto* text = std::get_if<std::string>(&value.data())) return convert(*text);
    if (const auto* list = std::get_if<List>(&value.data())) return convert(*list, depth + 1);
    return convert(std::get<Object>(value.data()), depth + 1);
  }

  Result<MustacheData> convert(const std::string& text) {
    bytes_ += text.size();
    if (bytes_ > kMaxInputBytes) return too_large();
    return MustacheData(text);
  }

  Result<MustacheData> convert(const List& list, std::size_t depth) {
    ACQUIT_CHECK(enter(depth));
    MustacheData data(MustacheData::type::list);
    for (const auto& value : list) {
      ACQUIT_TRY(auto item, convert(value, depth));
      data.push_back(item);
    }
    return data;
  }

  static Result<void> enter(std::size_t depth) {
    if (depth > kMaxDepth) return too_large();
    return {};
  }

  static std::unexpected<base::Error> too_large() {
    return base::fail(ErrorCode::body_too_large, "too much data for a page");
  }

  std::size_t values_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

Result<MustacheData> to_mustache(const Object& data) { return Converter().convert(data, 0); }

const MustacheData* Context::find(const std::string& name) const {
  if (name == ".") return stack_.back();
  for (auto item = stack_.rbegin(); item != stack_.rend(); ++item) {
    if (const auto* found = (*item)->get(name)) return found;
  }
  return nullptr;
}

const MustacheData* Context::text(const std::string& key) const {
  if (!translator_.catalogue(language_).contains(key)) return nullptr;
  const auto argument = [&](std::string_view name) -> std::optional<std::string> {
    const auto* value = find(std::string(name));
    if (value && value->is_string()) return value->string_value();
    missing_.emplace_back(name);
    return std::string();
  };
  return &texts_.emplace_back(translator_.text(language_, key, i18n::Arguments(argument)));
}

const MustacheData* Context::get(const std::string& name) const {
  const auto* found = name.starts_with("t.") ? text(name.substr(2)) : find(name);
  if (!found) missing_.push_back(name);
  return found;
}

std::streamsize BoundedBuffer::xsputn(const char* text, std::streamsize size) {
  const auto count = static_cast<std::size_t>(size);
  if (count > limit_ - std::min(limit_, out_.size())) {
    overflow_ = true;
  } else if (!overflow_) {
    out_.append(text, count);
  }
  return size;
}

BoundedBuffer::int_type BoundedBuffer::overflow(int_type character) {
  const char single = traits_type::to_char_type(character);
  xsputn(&single, 1);
  return character;
}

}  // namespace acquit::templates::impl

#include "base/json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <set>

namespace acquit::base {
namespace {

// Receives Boost.JSON's events and builds the tree. `path_` holds the open containers, outermost first; pointers into
// a parent's members stay valid because a parent only grows while none of its children is open.
class TreeBuilder {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);
  using Error = boost::json::error_code;
  using Text = boost::json::string_view;

  JsonDocument document;

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return open(JsonValue::object()); }
  bool on_object_end(std::size_t, Error&) { return close(); }
  bool on_array_begin(Error&) { return open(JsonValue::array()); }
  bool on_array_end(std::size_t, Error&) { return close(); }
  bool on_key_part(Text part, std::size_t, Error&) { return append(part); }
  bool on_key(Text part, std::size_t, Error&) {
    append(part);
    key_ = std::exchange(pending_, {});
    if (!names_.back().insert(key_).second) document.duplicates.push_back(key_);
    return true;
  }
  bool on_string_part(Text part, std::size_t, Error&) { return append(part); }
  bool on_string(Text part, std::size_t, Error&) {
    append(part);
    put(JsonValue::of(std::exchange(pending_, {})));
    return true;
  }
  bool on_number_part(Text part, Error&) { return append(part); }
  bool on_int64(std::int64_t, Text part, Error&) { return number(part); }
  bool on_uint64(std::uint64_t, Text part, Error&) { return number(part); }
  bool on_double(double, Text part, Error&) { return number(part); }  // tidy: the parser names it; the text is kept.
  bool on_bool(bool flag, Error&) {
    put(JsonValue::of_flag(flag));
    return true;
  }
  bool on_null(Error&) {
    put(JsonValue{});
    return true;
  }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }

 private:
  bool append(Text part) {
    pending_.append(part.data(), part.size());
    return true;
  }
  bool number(Text part) {
    append(part);
    JsonValue value;
    value.kind = JsonKind::number;
    value.text = std::exchange(pending_, {});
    put(std::move(value));
    return true;
  }
  JsonValue* put(JsonValue value) {
    if (path_.empty()) {
      document.root = std::move(value);
      return &document.root;
    }
    path_.back()->members.push_back(JsonMember{.name = std::exchange(key_, {}), .value = std::move(value)});
    return &path_.back()->members.back().value;
  }
  bool open(JsonValue value) {
    path_.push_back(put(std::move(value)));
    names_.emplace_back();
    return true;
  }
  bool close() {
    path_.pop_back();
    names_.pop_back();
    return true;
  }

  std::vector<JsonValue*> path_;
  std::vector<std::set<std::string>> names_;
  std::string key_;
  std::string pending_;
};

void write_string(std::string& out, std::string_view text) {
  out += boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

void write(std::string& out, const JsonValue& value) {
  const bool object = value.kind == JsonKind::object;
  switch (value.kind) {
    case JsonKind::null: out += "null"; return;
    case JsonKind::boolean: out += value.flag ? "true" : "false"; return;
    case JsonKind::number: out += value.text; return;
    case JsonKind::string: write_string(out, value.text); return;
    case JsonKind::object:
    case JsonKind::array: break;
  }
  out += object ? '{' : '[';
  bool first = true;
  for (const JsonMember& member : value.members) {
    if (!std::exchange(first, false)) out += ',';
    if (object) {
      write_string(out, member.name);
      out += ':';
    }
    write(out, member.value);
  }
  out += object ? '}' : ']';
}

}  // namespace

JsonValue JsonValue::of(std::string_view text) {
  JsonValue value;
  value.kind = JsonKind::string;
  value.text = text;
  return value;
}

JsonValue JsonValue::of_flag(bool flag) {
  JsonValue value;
  value.kind = JsonKind::boolean;
  value.flag = flag;
  return value;
}

JsonValue JsonValue::object() {
  JsonValue value;
  value.kind = JsonKind::object;
  return value;
}

JsonValue JsonValue::array() {
  JsonValue value;
  value.kind = JsonKind::array;
  return value;
}

const JsonValue* JsonValue::find(std::string_view name) const {
  if (kind != JsonKind::object) return nullptr;
  const auto found = std::ranges::find(members, name, &JsonMember::name);
  return found == members.end() ? nullptr : &found->value;
}

std::string_view JsonValue::get(std::string_view name) const {
  const JsonValue* value = find(name);
  return value != nullptr && value->kind == JsonKind::string ? std::string_view(value->text) : std::string_view();
}

void JsonValue::add(std::string_view name, JsonValue value) {
  members.push_back(JsonMember{.name = std::string(name), .value = std::move(value)});
}

void JsonValue::add_text(std::string_view name, std::string_view value) {
  if (!value.empty()) add(name, of(value));
}

std::optional<JsonDocument> parse_json(std::string_view text, std::size_t size_max) {
  if (text.size() > size_max) return std::nullopt;
  boost::json::basic_parser<TreeBuilder> parser{boost::json::parse_options{}};
  boost::json::error_code error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (error.failed() || !parser.done()) return std::nullopt;
  if (text.find_first_not_of(" \t\r\n", used) != std::string_view::npos) return std::nullopt;
  return std::move(parser.handler().document);
}

std::string to_json(const JsonValue& value) {
  std::string out;
  write(out, value);
  return out;
}

}  // namespace acquit::base

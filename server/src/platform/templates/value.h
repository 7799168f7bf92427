// Value: what a template is filled with: text, yes/no, a list or an object. Only data: no value is ever read as a
// template, and none can call back into the program.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace acquit::templates {

class Value;
using List = std::vector<Value>;
/// Names and values; where a name comes twice the later one counts.
using Object = std::vector<std::pair<std::string, Value>>;

class Value {
 public:
  Value(bool flag) : data_(flag) {}                           // NOLINT(google-explicit-constructor)
  Value(std::string text) : data_(std::move(text)) {}         // NOLINT(google-explicit-constructor)
  Value(std::string_view text) : data_(std::string(text)) {}  // NOLINT(google-explicit-constructor)
  Value(const char* text) : data_(std::string(text)) {}       // NOLINT(google-explicit-constructor)
  Value(List list) : data_(std::move(list)) {}                // NOLINT(google-explicit-constructor)
  Value(Object object) : data_(std::move(object)) {}          // NOLINT(google-explicit-constructor)

  using Data = std::variant<bool, std::string, List, Object>;
  [[nodiscard]] const Data& data() const { return data_; }
  [[nodiscard]] Data& data() { return data_; }

 private:
  Data data_;
};

}  // namespace acquit::templates

#include "app/own_json.h"

#include <algorithm>
#include <boost/json.hpp>

namespace acquit::app {

std::string ready_json(std::string_view server, std::string_view sandbox) {
  boost::json::object ready{{"server", server}};
  if (!sandbox.empty()) ready["sandbox"] = sandbox;
  return boost::json::serialize(ready);
}

std::string url_json(std::string_view url) { return boost::json::serialize(boost::json::object{{"url", url}}); }

base::Result<std::string> text_member(std::string_view line, std::string_view name) {
  const auto said = base::fail(base::ErrorCode::protocol_violation, "it said: " + std::string(line));
  boost::json::error_code broken;
  const auto value = boost::json::parse(line.substr(std::min(line.find('{'), line.size())), broken);
  const auto* const object = broken ? nullptr : value.if_object();
  const auto* const found = object == nullptr ? nullptr : object->if_contains(name);
  if (found == nullptr || !found->is_string()) return said;
  return std::string(found->get_string());
}

}  // namespace acquit::app

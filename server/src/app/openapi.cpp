#include "app/openapi.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/ascii.h"
#include "base/list.h"

namespace acquit::app {
namespace {

namespace json = boost::json;

json::object described(std::string_view text) { return {{"description", text}}; }

std::string_view name_of(http::FieldType type) {
  switch (type) {
    case http::FieldType::text: return "string";
    case http::FieldType::integer: return "integer";
    case http::FieldType::boolean: return "boolean";
  }
  return "";
}

json::object schema_of(const http::Field& field) {
  const http::FieldRules& rules = field.rules;
  std::string about = rules.about;
  for (const http::Validator& validator : rules.validators) base::append_part(about, validator.rule, "; ");
  json::object schema{{"type", name_of(field.type)}};
  if (!about.empty()) schema["description"] = about;
  if (rules.length_max) schema["maxLength"] = *rules.length_max;
  if (rules.least) schema["minimum"] = *rules.least;
  if (rules.most) schema["maximum"] = *rules.most;
  if (!rules.one_of.empty()) schema["enum"] = json::array(rules.one_of.begin(), rules.one_of.end());
  return schema;
}

json::object empty_object() { return {{"type", "object"}, {"properties", json::object()}}; }

// "customer.email" of JSON is a member of a member; in a form it is a name like others.
void add_field(json::object& schema, const http::Field& field, std::string_view path, http::Takes takes) {
  const std::size_t dot = takes == http::Takes::json ? path.find('.') : std::string_view::npos;
  const std::string_view name = path.substr(0, dot);
  json::object& properties = schema["properties"].as_object();
  if (dot == std::string_view::npos) {
    properties[name] = schema_of(field);
  } else {
    if (!properties.contains(name)) properties[name] = empty_object();
    add_field(properties[name].as_object(), field, path.substr(dot + 1), takes);
  }
  if (!field.rules.required) return;
  if (!schema.contains("required")) schema["required"] = json::array();
  json::array& required = schema["required"].as_array();
  if (std::ranges::find(required, json::value(name)) == required.end()) required.emplace_back(name);
}

json::object schema_of(const std::vector<http::Field>& fields, http::Takes takes) {
  json::object schema = empty_object();
  for (const http::Field& field : fields) add_field(schema, field, field.name, takes);
  return schema;
}

json::object content(std::string_view type, json::object schema) {
  return {{type, json::object{{"schema", std::move(schema)}}}};
}

json::array parameters(std::string_view pattern) {
  json::array out;
  for (const std::string_view part : base::split(pattern, '/')) {
    if (!part.starts_with('{')) continue;
    out.push_back(json::object{{"name", part.substr(1, part.size() - 2)},
                               {"in", "path"},
                               {"required", true},
                               {"schema", json::object{{"type", "string"}}}});
  }
  return out;
}

// A form by GET comes in the query.
void add_query(json::array& parameters, const std::vector<http::Field>& fields) {
  for (const http::Field& field : fields) {
    parameters.push_back(json::object{
        {"name", field.name}, {"in", "query"}, {"required", field.rules.required}, {"schema", schema_of(field)}});
  }
}

json::object body(const http::Described& endpoint) {
  json::object schema = schema_of(endpoint.input, endpoint.takes);
  if (endpoint.takes == http::Takes::json) {
    return {{"required", true}, {"content", content("application/json", std::move(schema))}};
  }
  json::object both = content("application/x-www-form-urlencoded", schema);
  both["multipart/form-data"] = json::object{{"schema", std::move(schema)}};
  return {{"content", std::move(both)}};
}

// The status of an answer that the guard gives, and what it says.
std::pair<std::string_view, std::string_view> refusal_of(http::Access access) {
  switch (access) {
    case http::Access::open: return {};
    case http::Access::signed_form: return {"400", "The form is not signed by its shop, or wrong"};
    case http::Access::payment_token: return {"404", "No payment has this address"};
    case http::Access::step_token: return {"400", "Not the token of a step"};
    case http::Access::scheme:
      return {"200", "An Erro of 3-D Secure where the address was not given out for the results"};
    case http::Access::operator_only: return {"403", "The caller's address is not one of server.operator_addresses"};
  }
  return {};
}

json::object answers(const http::ListedRoute& listed) {
  const http::Described& endpoint = listed.endpoint;
  json::object out;
  if (const auto [status, says] = refusal_of(listed.access); !status.empty()) out[status] = described(says);
  if (listed.route.method == http::Method::post) {
    out["413"] = described("The body has more than " + std::to_string(listed.route.body_max) + " bytes");
  }
  if (endpoint.output.empty()) {
    out["default"] = described("A page, a file, or where to go on");
    return out;
  }
  json::object right = described("Done");
  right["content"] = content("application/json", schema_of(endpoint.output, http::Takes::json));
  out["200"] = std::move(right);
  json::object wrong = described("Not as it should be: the answer says why");
  if (endpoint.takes == http::Takes::json) {
    wrong["content"] = content("application/json", json::object{{"$ref", "#/components/schemas/Error"}});
  }
  out["default"] = std::move(wrong);
  return out;
}

json::object operation(const http::ListedRoute& listed) {
  const http::Route& route = listed.route;
  json::object out{{"summary", route.about},
                   {"x-access", http::to_string(listed.access)},
                   {"x-permission", route.permission},
                   {"x-body-max", route.body_max}};
  json::array named = parameters(route.pattern);
  const bool in_query = route.method == http::Method::get;
  if (in_query) add_query(named, listed.endpoint.input);
  if (!named.empty()) out["parameters"] = std::move(named);
  if (!in_query && !listed.endpoint.input.empty()) out["requestBody"] = body(listed.endpoint);
  out["responses"] = answers(listed);
  return out;
}

json::object error_schema() {
  const std::vector<http::Field> fields = {
      {.name = "error", .rules = {.about = "What went wrong, in a word", .required = true}},
      {.name = "field", .rules = {.about = "The field that it is about"}},
      {.name = "detail", .rules = {.about = "What went wrong, for a person"}}};
  return schema_of(fields, http::Takes::json);
}

}  // namespace

std::string openapi_json(const std::vector<http::ListedRoute>& routes, std::string_view version) {
  json::object paths;
  for (const http::ListedRoute& listed : routes) {
    json::value& path = paths[listed.route.pattern];
    if (path.is_null()) path = json::object();
    path.as_object()[base::ascii_lower(http::to_string(listed.route.method))] = operation(listed);
  }
  const json::object document{{"openapi", "3.1.0"},
                              {"info", json::object{{"title", "Acquit"}, {"version", version}}},
                              {"paths", std::move(paths)},
                              {"components", json::object{{"schemas", json::object{{"Error", error_schema()}}}}}};
  return json::serialize(document) + "\n";
}

}  // namespace acquit::app

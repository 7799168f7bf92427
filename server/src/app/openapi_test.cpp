#include "app/openapi.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "app/route_list.h"

namespace acquit::app {
namespace {

namespace json = boost::json;

bool is_reference(std::string_view) { return true; }

json::value document_of(const std::vector<http::ListedRoute>& routes) {
  return json::parse(openapi_json(routes, "1.2.3"));
}

TEST(OpenApi, SaysOfAnEndpointItsFieldsLimitsAndAnswers) {
  const http::ListedRoute orders{
      .route = {.method = http::Method::post,
                .pattern = "/shops/{shop}/orders",
                .about = "Takes an order",
                .permission = "order",
                .body_max = 1000},
      .access = http::Access::signed_form,
      .endpoint = {.takes = http::Takes::json,
                   .input = {{.name = "reference",
                              .rules = {.about = "Of the shop",
                                        .required = true,
                                        .length_max = 10,
                                        .validators = {{"capitals", is_reference}}}},
                             {.name = "amount", .type = http::FieldType::integer, .rules = {.least = 1, .most = 9}},
                             {.name = "customer.email", .rules = {.required = true}},
                             {.name = "mode", .rules = {.one_of = {"TEST", "PRODUCTION"}}}},
                   .output = {{.name = "taken", .type = http::FieldType::boolean, .rules = {.required = true}}}}};
  const json::value document = document_of({orders});
  EXPECT_EQ(document.at("openapi"), "3.1.0");
  EXPECT_EQ(document.at("info"), json::parse(R"({"title":"Acquit","version":"1.2.3"})"));
  EXPECT_EQ(document.at("paths"), json::parse(R"({"/shops/{shop}/orders":{"post":{
    "summary":"Takes an order","x-access":"signed_form","x-permission":"order","x-body-max":1000,
    "parameters":[{"name":"shop","in":"path","required":true,"schema":{"type":"string"}}],
    "requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object","properties":{
      "reference":{"type":"string","description":"Of the shop; capitals","maxLength":10},
      "amount":{"type":"integer","minimum":1,"maximum":9},
      "customer":{"type":"object","properties":{"email":{"type":"string"}},"required":["email"]},
      "mode":{"type":"string","enum":["TEST","PRODUCTION"]}},"required":["reference","customer"]}}}},
    "responses":{
      "400":{"description":"The form is not signed by its shop, or wrong"},
      "413":{"description":"The body has more than 1000 bytes"},
      "200":{"description":"Done","content":{"application/json":{"schema":{"type":"object",
        "properties":{"taken":{"type":"boolean"}},"required":["taken"]}}}},
      "default":{"description":"Not as it should be: the answer says why",
        "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}}}}}}}})"));
}

// What OpenAPI 3.1 demands of a document, as far as ours has it.
void expect_valid(const json::object& operation, const std::string& path) {
  EXPECT_FALSE(operation.at("summary").as_string().empty()) << path;
  EXPECT_FALSE(operation.at("responses").as_object().empty()) << path;
  for (const auto& [status, response] : operation.at("responses").as_object()) {
    EXPECT_TRUE(status == "default" || status.size() == 3) << path;
    EXPECT_FALSE(response.at("description").as_string().empty()) << path;
  }
  std::string named = path;
  if (const auto* const parameters = operation.if_contains("parameters")) {
    for (const json::value& parameter : parameters->as_array()) {
      if (parameter.at("in") == "query") continue;
      const std::string part = "{" + std::string(parameter.at("name").as_string()) + "}";
      ASSERT_NE(named.find(part), std::string::npos) << path << part;
      named.erase(named.find(part), part.size());
      EXPECT_EQ(parameter.at("required"), true) << path;
    }
  }
  EXPECT_EQ(named.find('{'), std::string::npos) << path << " has a part that no parameter describes";
}

TEST(OpenApi, IsAWholeDocumentOfTheProduct) {
  const auto routes = all_routes();
  const json::value document = document_of(routes);
  std::size_t operations = 0;
  for (const auto& [path, methods] : document.at("paths").as_object()) {
    for (const auto& [method, operation] : methods.as_object()) {
      expect_valid(operation.as_object(), std::string(path));
      ++operations;
    }
  }
  EXPECT_EQ(operations, routes.size());
  const json::value& paths = document.at("paths");
  const json::value& card = paths.at("/pay/{token}/card").at("post");
  EXPECT_TRUE(card.at("requestBody").at("content").as_object().contains("application/x-www-form-urlencoded"));
  EXPECT_TRUE(card.as_object()
                  .at("requestBody")
                  .at("content")
                  .at("multipart/form-data")
                  .at("schema")
                  .at("properties")
                  .as_object()
                  .contains("card_number"));
  const json::value& form = paths.at("/vads-payment/").at("get").at("parameters");
  EXPECT_TRUE(std::ranges::any_of(form.as_array(), [](const json::value& parameter) {
    return parameter.at("name") == "vads_amount" && parameter.at("in") == "query" && parameter.at("required") == true &&
           parameter.at("schema").at("maxLength") == 12;
  }));
  const json::value& health =
      paths.at("/health").at("get").at("responses").at("200").at("content").at("application/json").at("schema");
  EXPECT_EQ(health.at("properties").as_object().size(), 6U);
  EXPECT_EQ(health.at("properties").at("database").at("type"), "boolean");
}

}  // namespace
}  // namespace acquit::app

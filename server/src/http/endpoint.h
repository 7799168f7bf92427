// Endpoints: what a route takes, what it answers and what it does between, in one shape.
//
// An endpoint is a small class made from the object that its routes belong to (or from nothing):
//   Input, Output      plain structs; Output is http::Response where the answer is a page
//   kTakes             where the fields of Input come from
//   spec()             the rows that read them, see spec.h
//   shape()            the rows of the answer; not of a page
//   process()          the work: no rule of HTTP in it, and what it needs to know of the caller it is given as a proof
//   refuse()           how an error is told; JSON says code, field and rule by itself
// Routes::add<Guard, Endpoint>() makes a handler of it: guard, fields, work, answer.
#pragma once

#include <concepts>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "http/message.h"
#include "http/spec.h"

namespace acquit::http {

enum class Takes : std::uint8_t { nothing, form, json };

/// Who asks, and how: the whole request, for what is no field (address, headers), and what the guard has proven.
template <class Proof>
struct Call {
  const Request& request;
  Proof proof;
};

/// An answer that may have a status of its own.
template <class Output>
struct Answered {
  Output output;
  int status = 200;
};

struct NoInput {};
[[nodiscard]] const Spec<NoInput>& no_fields();

template <class E, class Proof>
concept PageEndpoint = std::same_as<typename E::Output, Response> &&
                       requires(E endpoint, Call<Proof> call, typename E::Input input, const base::Error& error) {
                         { endpoint.process(call, std::move(input)) } -> std::same_as<base::Task<Response>>;
                         { endpoint.refuse(call.request, error) } -> std::same_as<Response>;
                       };
template <class E, class Proof>
concept JsonEndpoint = requires(E endpoint, Call<Proof> call, typename E::Input input) {
  { E::shape() } -> std::convertible_to<const Shape<typename E::Output>&>;
  { endpoint.process(call, std::move(input)) } -> std::same_as<base::Task<base::Result<Answered<typename E::Output>>>>;
};
template <class E, class Proof>
concept Endpoint = requires {
  typename E::Input;
  typename E::Output;
  { E::kTakes } -> std::convertible_to<Takes>;
  { E::spec() } -> std::convertible_to<const Spec<typename E::Input>&>;
} && (PageEndpoint<E, Proof> || JsonEndpoint<E, Proof>);

/// What can be said of an endpoint without one.
struct Described {
  Takes takes = Takes::nothing;
  std::vector<Field> input{};
  std::vector<Field> output{};  ///< Of JSON; none of a page.
};
template <class E>
Described describe() {
  Described described{.takes = E::kTakes, .input = E::spec().fields()};
  if constexpr (requires { E::shape(); }) described.output = E::shape().fields();
  return described;
}

[[nodiscard]] base::Result<SentFields> sent_fields(Takes takes, const Request& request);
/// {"error":"field_missing","field":"amount","detail":"amount: must be there"}, with the status of the error's row. The
/// detail of a bug stays with us.
[[nodiscard]] Response json_refusal(const base::Error& error);

/// `request` stays here until the answer is there.
template <class E, class Proof>
  requires Endpoint<E, Proof>
base::Task<Response> answer(E endpoint, Request request, Proof proof) {
  const auto refuse = [&](const base::Error& error) {
    if constexpr (requires { endpoint.refuse(request, error); }) {
      return endpoint.refuse(request, error);
    } else {
      return json_refusal(error);
    }
  };
  const auto sent = sent_fields(E::kTakes, request);
  if (!sent) co_return refuse(sent.error());
  auto input = E::spec().read(*sent);
  if (!input) co_return refuse(input.error());
  Call<Proof> call{.request = request, .proof = std::move(proof)};
  if constexpr (PageEndpoint<E, Proof>) {
    co_return co_await endpoint.process(std::move(call), *std::move(input));
  } else {
    const auto answered = co_await endpoint.process(std::move(call), *std::move(input));
    if (!answered) co_return refuse(answered.error());
    co_return Response::json(answered->status, E::shape().json(answered->output));
  }
}

}  // namespace acquit::http

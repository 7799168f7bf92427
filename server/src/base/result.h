// Result<T>: a value or an Error that says which rule was broken and where.
//
// Every fallible function returns one; exceptions are for bugs, start-up and exhaustion only. Errors are small values
// that may be copied between threads.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "base/errors.h"

namespace acquit::base {

/// What went wrong. `field` names the input at fault (empty if none); `detail` is one sentence for a person and never
/// holds card data or a secret.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string field;
  std::string detail;

  [[nodiscard]] Family family() const { return error_row(code).family; }
  [[nodiscard]] Consequence consequence() const { return consequence_of(family()); }
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = std::expected<T, Error>;

/// An Error ready to be returned from any function that returns a Result.
[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string detail = {}, std::string field = {}) {
  return std::unexpected(Error{.code = code, .field = std::move(field), .detail = std::move(detail)});
}

}  // namespace acquit::base

#define ACQUIT_JOIN_(a, b) a##b
#define ACQUIT_JOIN(a, b) ACQUIT_JOIN_(a, b)
#define ACQUIT_TRY_(declaration, expression, name, leave)    \
  auto name = (expression);                                  \
  if (!name) leave std::unexpected(std::move(name).error()); \
  declaration = *std::move(name)

/// Declares `declaration` from the value of `expression`, or returns its error: ACQUIT_TRY(auto x, f());
#define ACQUIT_TRY(declaration, ...) ACQUIT_TRY_(declaration, (__VA_ARGS__), ACQUIT_JOIN(result_, __LINE__), return)
/// The same inside a coroutine.
#define ACQUIT_CO_TRY(declaration, ...) \
  ACQUIT_TRY_(declaration, (__VA_ARGS__), ACQUIT_JOIN(result_, __LINE__), co_return)
/// Returns the error of `expression` if it has one; drops its value.
#define ACQUIT_CHECK(...)                                                                   \
  if (auto ACQUIT_JOIN(result_, __LINE__) = (__VA_ARGS__); !ACQUIT_JOIN(result_, __LINE__)) \
  return std::unexpected(std::move(ACQUIT_JOIN(result_, __LINE__)).error())
/// The same inside a coroutine.
#define ACQUIT_CO_CHECK(...)                                                                \
  if (auto ACQUIT_JOIN(result_, __LINE__) = (__VA_ARGS__); !ACQUIT_JOIN(result_, __LINE__)) \
  co_return std::unexpected(std::move(ACQUIT_JOIN(result_, __LINE__)).error())

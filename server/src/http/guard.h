// Guards: who may call a route is decided before its handler runs, and proven to the handler.
//
// A guard is a value with an Access (what `acquit routes` says of it), a Proof (what a handler learns only from it: the
// payment that a token names, the form whose signature is right) and admit(), which gives the proof or the answer that
// refuses and says why. The router asks it; a handler that takes a Proof cannot be reached in another way. Guards
// borrow what they ask; admit() runs on any thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <expected>
#include <string_view>

#include "base/task.h"
#include "http/message.h"

namespace acquit::http {

/// What lets a request in.
enum class Access : std::uint8_t {
  open,           ///< Nothing: static files, health.
  signed_form,    ///< A form with the shop's signature.
  payment_token,  ///< The unguessable token of a payment in the path.
  step_token,     ///< The sealed token of a step of 3-D Secure in the form.
  scheme,         ///< The address that a 3-D Secure directory server was given for these results.
  operator_only,  ///< An address of server.operator_addresses, loopback without.
};
[[nodiscard]] constexpr std::string_view to_string(Access access) {
  switch (access) {
    case Access::open: return "open";
    case Access::signed_form: return "signed_form";
    case Access::payment_token: return "payment_token";
    case Access::step_token: return "step_token";
    case Access::scheme: return "scheme";
    case Access::operator_only: return "operator_only";
  }
  return "";
}

/// The proof, or the answer of a request that is not let in.
template <class Proof>
using Admission = std::expected<Proof, Response>;

template <class G>
concept Guard = requires(const G& guard, const Request& request) {
  typename G::Proof;
  { G::kAccess } -> std::convertible_to<Access>;
  { guard.admit(request) } -> std::same_as<base::Task<Admission<typename G::Proof>>>;
};

/// Lets everybody in and proves nothing.
struct Open {
  struct Proof {};
  static constexpr Access kAccess = Access::open;

  Open() = default;
  explicit Open(const auto&) {}
  [[nodiscard]] static base::Task<Admission<Proof>> admit(const Request&) { co_return Proof{}; }
};

/// Asks a member function of the object that the routes belong to.
template <Access A, auto Admit>
class MemberGuard;
template <Access A, class Owner, class P, base::Task<Admission<P>> (Owner::*Admit)(const Request&)>
class MemberGuard<A, Admit> {
 public:
  using Proof = P;
  static constexpr Access kAccess = A;

  explicit MemberGuard(Owner& owner) : owner_(&owner) {}
  [[nodiscard]] base::Task<Admission<P>> admit(const Request& request) const { return (owner_->*Admit)(request); }

 private:
  Owner* owner_;
};

}  // namespace acquit::http

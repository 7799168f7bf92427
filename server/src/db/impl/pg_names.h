// PgNames: the addresses of database hosts. The system's resolver waits as long as it likes for a name server that is
// dead, and libpq would let it hold up whoever connects, so names are looked up on threads of their own.
//
// One look-up of a name is under way at a time; what was found last is remembered, for when nobody can tell any more.
// Safe from any thread. A look-up may outlive the object: it holds what it needs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace acquit::db::impl {

class PgNames {
 public:
  using Addresses = std::vector<std::string>;
  /// Waits until it knows. Errors: database_unavailable.
  using Resolve = std::function<base::Result<Addresses>(const std::string& host)>;

  explicit PgNames(Resolve resolve = ask_system);

  /// False for an address, and for the directory of a socket.
  [[nodiscard]] static bool is_name(const std::string& host);
  /// Begins to look a name up, unless that is under way already; the number of the answer to wait for.
  [[nodiscard]] std::uint64_t ask(const std::string& host);
  /// That answer, or nothing yet. Without one (or where `impatient`, before it) what is remembered serves.
  [[nodiscard]] std::optional<base::Result<Addresses>> answer(const std::string& host, std::uint64_t number,
                                                              bool impatient) const;

 private:
  struct Known;
  static base::Result<Addresses> ask_system(const std::string& host);
  static void look_up(const std::shared_ptr<Known>& known, const std::string& host);

  std::shared_ptr<Known> known_;  // Shared with the look-ups.
};

}  // namespace acquit::db::impl

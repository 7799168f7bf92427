// AddressCountries: in which country an internet address is, by a file in MaxMind's format (.mmdb) that the operator
// has from whoever he likes.
//
// The file is read into memory, so that one that is overwritten where it lies harms nobody; reload() takes the new one.
// Safe from any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"

namespace acquit::platform {

class AddressCountries {
 public:
  /// `file`: path; empty: no address is known. Errors: configuration_invalid (not readable, not in this format).
  static base::Result<std::unique_ptr<AddressCountries>> load(const std::string& file);
  ~AddressCountries();
  /// Errors as load(); then the former file goes on.
  base::Result<void> reload();
  /// ISO 3166 alpha-2, of the place rather than of who registered the address; empty if not known.
  [[nodiscard]] std::string find(const std::string& address) const;

 private:
  class Database;
  explicit AddressCountries(std::string file);

  const std::string file_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Database> database_;  // Shared: a reload replaces it under readers. Null: none.
};

}  // namespace acquit::platform

// Health: what /health tells, to load balancers and people: whether payments can be taken.
//
// Belongs to the node, as what it asks does. Any thread.
#pragma once

#include <string_view>

#include "app/bank_lines.h"
#include "app/directories.h"
#include "app/write_check.h"
#include "http/routes.h"
#include "payments/store/line_faults.h"

namespace acquit::app {

/// The acquirer's members are those of its lines.
struct Health {
  bool database = false;
  bool acquirer = false;
  bool acquirer_fit = false;
  bool acquirer_in_clear = false;
  bool threeds = false;

  /// "ok", "degraded" where payments may be refused, "failing" without a database.
  [[nodiscard]] std::string_view status() const;
  static const http::Shape<Health>& shape();
};

class HealthDoor {
 public:
  struct Parts {
    WriteCheck& write_check;
    const BankLines& bank;
    const payments::LineFaults& line_faults;
    const Directories& directories;
  };
  explicit HealthDoor(const Parts& parts) : parts_(parts) {}

  static http::Routes<HealthDoor> routes();

 private:
  class Look;

  const Parts parts_;
};

}  // namespace acquit::app

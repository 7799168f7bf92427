// World: the simulated outside of a payment platform: acquirer, directory server and ACS, demo shop, inbox, control.
//
// Owns everything it runs on, its event loop included. Listens from start() to stop(). Safe from any thread; start and
// stop belong to the thread that owns it.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace acquit::sandbox {

struct WorldOptions {
  std::string listen = "127.0.0.1:18081";  ///< HTTP: pages, 3-D Secure, control.
  std::string acquirer_listen = "127.0.0.1:0";
  /// The acquirer's line: with a certificate it speaks TLS, and with an authority it wants certificates of its own.
  std::string acquirer_certificate{};
  std::string acquirer_key{};
  std::string acquirer_ca{};
  /// 3-D Secure by TLS: with a certificate, directory and issuer have doors of their own. The directory wants one of
  /// each who asks, of that authority, and shows its own where it brings results.
  std::string directory_certificate{};
  std::string directory_key{};
  std::string directory_ca{};
  std::string smtp_listen = "127.0.0.1:0";
  std::string server{};       ///< The payment server's URL; empty: told later by POST /control/server.
  std::string data_folder{};  ///< The bank's memory; empty: none beyond the process.
};

class World {
 public:
  /// Errors: configuration_invalid, connection_failed (an address is taken), field_format (the server's URL).
  static base::Result<std::unique_ptr<World>> start(const WorldOptions& options);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] std::string url() const;
  /// {"sandbox":"http://127.0.0.1:18081","acquirer":"127.0.0.1:40001","smtp":"127.0.0.1:40002",
  /// "directory":"http://127.0.0.1:18081/threeds/ds"}
  [[nodiscard]] std::string ready_json() const;
  /// Idempotent.
  void stop();

 private:
  struct Parts;
  explicit World(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace acquit::sandbox

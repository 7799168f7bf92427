// ThreeDsAddresses: where browsers and directory servers come back to during 3-D Secure. Made by the door that serves
// these addresses, which alone knows how they are spelled. A value; safe from any thread.
#pragma once

#include <functional>
#include <string>

#include "payments/threeds/results_address.h"

namespace acquit::payments {

struct ThreeDsAddresses {
  std::string method_done;                                      ///< From the 3DS Method's page.
  std::string challenge_done;                                   ///< From the issuer's page.
  std::function<std::string(const ResultsAddress&)> results{};  ///< For the directory server.
};

}  // namespace acquit::payments

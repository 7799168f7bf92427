#include "protocols/all/all.h"

#include "protocols/vads/vads_protocol.h"

namespace acquit::protocols {

Protocols all() {
  Protocols list;
  list.push_back(std::make_unique<vads::VadsProtocol>());
  return list;
}

}  // namespace acquit::protocols

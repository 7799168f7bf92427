#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

namespace acquit::base {
namespace {

const unsigned char* raw(std::string_view data) { return reinterpret_cast<const unsigned char*>(data.data()); }

}  // namespace

Sha1 sha1(std::string_view data) {
  Sha1 out;
  SHA1(raw(data), data.size(), reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

Sha256 sha256(std::string_view data) {
  Sha256 out;
  SHA256(raw(data), data.size(), reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

Sha256 hmac_sha256(std::string_view key, std::string_view data) {
  Sha256 out;
  unsigned int size = out.size();
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(data), data.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

bool constant_time_equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace acquit::base

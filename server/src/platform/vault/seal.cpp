#include "platform/vault/seal.h"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace acquit::platform {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* in(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* out(char* data) { return reinterpret_cast<unsigned char*>(data); }

// Allocation or key size: nothing that input can cause.
void must(bool ok) {
  if (!ok) throw std::runtime_error("AES-256-GCM failed");
}

}  // namespace

std::string seal(std::string_view key, std::string_view context, std::string_view text, base::Random& random) {
  must(key.size() == 32);
  std::string sealed(kNonceBytes + text.size() + kTagBytes, '\0');
  random.fill(std::as_writable_bytes(std::span(sealed.data(), kNonceBytes)));
  const Context cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  must(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, in(key), in(sealed)) == 1);
  must(EVP_EncryptUpdate(cipher.get(), nullptr, &size, in(context), static_cast<int>(context.size())) == 1);
  must(EVP_EncryptUpdate(cipher.get(), out(sealed.data() + kNonceBytes), &size, in(text),
                         static_cast<int>(text.size())) == 1);
  must(EVP_EncryptFinal_ex(cipher.get(), out(sealed.data() + kNonceBytes + text.size()), &size) == 1);
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, sealed.data() + kNonceBytes + text.size()) ==
       1);
  return sealed;
}

base::Result<std::string> open_sealed(std::string_view key, std::string_view context, std::string_view sealed) {
  must(key.size() == 32);
  const auto broken = [] { return base::fail(base::ErrorCode::signature_mismatch, "sealed text can't be opened"); };
  if (sealed.size() < kNonceBytes + kTagBytes) return broken();
  const std::string_view body = sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string text(body.size(), '\0');
  const Context cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  must(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, in(key), in(sealed)) == 1);
  must(EVP_DecryptUpdate(cipher.get(), nullptr, &size, in(context), static_cast<int>(context.size())) == 1);
  must(EVP_DecryptUpdate(cipher.get(), out(text.data()), &size, in(body), static_cast<int>(body.size())) == 1);
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(cipher.get(), out(text.data() + text.size()), &size) != 1) return broken();
  return text;
}

}  // namespace acquit::platform

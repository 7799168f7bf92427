// Buffers that live long and hold card data for a moment: what leaves them is overwritten, not just forgotten. Memory
// that is freed is wiped elsewhere (app/wiping_delete.cpp). Pure functions; any thread.
#pragma once

#include <openssl/crypto.h>

#include <string>

namespace acquit::base {

/// Removes the first `count` bytes of `text`, or all if there are fewer; nothing of them stays behind its new end.
inline void wipe_front(std::string& text, std::size_t count) {
  const std::size_t size = text.size();
  text.erase(0, count);
  const std::size_t left = text.size();
  text.resize(size);
  OPENSSL_cleanse(text.data() + left, size - left);
  text.resize(left);
}

}  // namespace acquit::base

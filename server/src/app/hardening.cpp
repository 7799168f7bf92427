#include "app/hardening.h"

#include <openssl/crypto.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/log.h"

namespace acquit::app {
namespace {

// A few keys of 32 bytes each, some of them for a moment twice.
constexpr std::size_t kKeyMemory = 64 * 1024;
constexpr int kKeyAtLeast = 32;

}  // namespace

void keep_memory_in() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  const bool undumpable = ::setrlimit(RLIMIT_CORE, &none) == 0 && ::prctl(PR_SET_DUMPABLE, 0) == 0;
  // 2: made, but not locked; memlock may be too small for it.
  const int made = CRYPTO_secure_malloc_init(kKeyMemory, kKeyAtLeast);
  if (undumpable && made == 1) return;
  base::log::warning("memory_not_kept_in",
                     {{"dumpable", !undumpable},
                      {"keys_may_be_swapped", made != 1},
                      {"detail", "raise LimitMEMLOCK (ulimit -l) to at least 64 kB, or switch swap off"}});
}

}  // namespace acquit::app

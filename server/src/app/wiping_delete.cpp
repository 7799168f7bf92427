// Whatever this process frees is overwritten first: card numbers and security codes pass through request bodies, parsed
// forms, messages to the bank and their buffers, and none of those is to keep them. Replaces the global operator delete
// of the program; ADR 0014.
#include <malloc.h>

#include <cstdlib>
#include <cstring>
#include <new>  // tidy: the header, not the operator

namespace {

void wipe_and_free(void* memory) noexcept {
  if (memory == nullptr) return;
  explicit_bzero(memory, malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

// The sized and array forms of the library come to these two.
void operator delete(void* memory) noexcept { wipe_and_free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { wipe_and_free(memory); }

#include "base/wipe.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/secret.h"

namespace acquit::base {
namespace {

TEST(WipeFront, LeavesNothingBehindTheNewEnd) {
  const std::string before = "4970100000000055 first, 5970100300000067 t";
  for (const std::size_t count : {0U, 1U, 20U, 40U, 42U, 99U}) {
    std::string text = before;
    wipe_front(text, count);
    EXPECT_EQ(text, count < before.size() ? before.substr(count) : "");
    // As it lies in memory: the string ends before what was moved from there.
    const std::string behind(text.data() + text.size(), before.size() - text.size());
    EXPECT_EQ(behind.find_first_not_of('\0'), std::string::npos) << count;
  }
}

TEST(KeyAllocator, HoldsKeysWithAndWithoutLockedMemory) {
  const std::string bytes(32, 'k');
  const SecretKey ordinary{std::string(bytes)};
  EXPECT_EQ(ordinary.reveal(), bytes);
  ASSERT_NE(CRYPTO_secure_malloc_init(4096, 32), 0);
  {
    const SecretKey locked{std::string(bytes)};
    EXPECT_TRUE(CRYPTO_secure_allocated(locked.reveal().data()));
    EXPECT_FALSE(CRYPTO_secure_allocated(ordinary.reveal().data()));
    std::vector<SecretKey> more;
    for (int i = 0; i < 200; ++i) more.emplace_back(std::string(bytes));
    for (const SecretKey& key : more) EXPECT_EQ(key.reveal(), bytes) << "also those that find no room there";
  }
  CRYPTO_secure_malloc_done();
}

}  // namespace
}  // namespace acquit::base

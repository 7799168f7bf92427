#include "platform/vault/master_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace acquit::platform {
namespace {

class MasterKeyTest : public testing::Test {
 protected:
  MasterKeyTest() {
    std::string name = (std::filesystem::temp_directory_path() / "acquit-key-XXXXXX").string();
    directory_ = mkdtemp(name.data());
  }
  ~MasterKeyTest() override { std::filesystem::remove_all(directory_); }
  [[nodiscard]] std::string path() const { return (directory_ / "master.key").string(); }
  void write(const std::string& text, mode_t mode = 0600) const {
    std::ofstream(path()) << text;
    ::chmod(path().c_str(), mode);
  }

  std::filesystem::path directory_;
  base::SeededRandom random_{1};
};

TEST_F(MasterKeyTest, IsReadAsItWasMade) {
  ASSERT_TRUE(create_master_key(path(), random_));
  struct stat status{};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const auto key = load_master_key(path());
  ASSERT_TRUE(key);
  EXPECT_EQ(key->key.reveal().size(), 32U);
  EXPECT_EQ(key->id.size(), 16U);
  EXPECT_EQ(load_master_key(path())->id, key->id);
}

TEST_F(MasterKeyTest, IsNeverOverwritten) {
  ASSERT_TRUE(create_master_key(path(), random_));
  const std::string id = load_master_key(path())->id;
  EXPECT_FALSE(create_master_key(path(), random_));
  EXPECT_EQ(load_master_key(path())->id, id);
}

TEST_F(MasterKeyTest, OfOtherBytesHasAnotherId) {
  write(std::string(64, 'a') + "\n");
  const std::string first = load_master_key(path())->id;
  write(std::string(63, 'a') + "b\n");
  EXPECT_NE(load_master_key(path())->id, first);
}

TEST_F(MasterKeyTest, IsRefusedWhereOthersCanReadOrWriteIt) {
  for (const mode_t mode : {0644U, 0640U, 0604U, 0660U, 0601U}) {
    write(std::string(64, 'a'), mode);
    const auto key = load_master_key(path());
    ASSERT_FALSE(key) << mode;
    EXPECT_EQ(key.error().code, base::ErrorCode::configuration_invalid);
    EXPECT_NE(key.error().detail.find("chmod 600"), std::string::npos) << "says what to do";
  }
}

TEST_F(MasterKeyTest, IsRefusedWhereItIsNoKey) {
  for (const std::string& text : {std::string(), std::string(63, 'a'), std::string(66, 'a'), std::string(64, 'g'),
                                  std::string("\n") + std::string(64, 'a')}) {
    write(text);
    const auto key = load_master_key(path());
    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error().detail.find(std::string(60, 'a')), std::string::npos) << "the key is not told";
  }
}

TEST_F(MasterKeyTest, ThatIsMissingSaysHowToMakeOne) {
  const auto key = load_master_key(path());
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().field, "vault.master_key_file");
  EXPECT_NE(key.error().detail.find("create-master-key"), std::string::npos);
}

}  // namespace
}  // namespace acquit::platform

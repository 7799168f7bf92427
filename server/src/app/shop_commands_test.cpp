#include "app/shop_commands.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "app/shop_file.h"
#include "db/testing/uncertain_database.h"
#include "payments/testing/environment.h"
#include "protocols/vads/signature.h"

namespace acquit::app {
namespace {

using db::testing::UncertainDatabase;
using payments::testing::Environment;

/// A desk on the database of an environment, whose commits may get lost.
class UncertainDesk final : public Desk {
 public:
  explicit UncertainDesk(Environment& environment)
      : environment_(environment),
        database_(db::Database::open(environment.place().options(), environment.loop).value(), environment.loop),
        services_(with_own_database()) {}

  [[nodiscard]] const payments::Services& services() const override { return services_; }
  [[nodiscard]] platform::Vault& vault() override { return *environment_.node().vault; }
  [[nodiscard]] notifications::Notifier& notifier() override { throw std::logic_error("nobody is called here"); }
  [[nodiscard]] const std::string& acquirer() const override { return acquirer_; }
  UncertainDatabase& database() { return database_; }

 private:
  payments::Services with_own_database() {
    const payments::Services& given = environment_.services();
    return {.database = database_,
            .store = given.store,
            .merchant_store = given.merchant_store,
            .directory = given.directory,
            .vault = given.vault,
            .outbox = given.outbox,
            .acquirers = given.acquirers,
            .clock = given.clock,
            .random = given.random};
  }

  Environment& environment_;
  const std::string acquirer_ = "acquirer";
  UncertainDatabase database_;
  payments::Services services_;
};

/// The example that `acquit add-shop --print-example` prints, as a file, in a company and a group of its own.
class ExampleFile {
 public:
  ExampleFile()
      : path_(std::filesystem::temp_directory_path() / ("acquit-shop-" + std::to_string(getpid()) + ".toml")) {
    std::string text(shop_example());
    for (const std::string_view noun : {"[company]\nid = 1", "[group]\nid = 1"}) {
      text.replace(text.find(noun) + noun.size() - 1, 1, "7");
    }
    std::ofstream(path_) << text;
  }
  ~ExampleFile() { std::filesystem::remove(path_); }
  ExampleFile(const ExampleFile&) = delete;
  ExampleFile& operator=(const ExampleFile&) = delete;
  [[nodiscard]] std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(ShopCommands, ShowTheKeysOfAShopWhoseCommitWasLost) {
  const auto environment = Environment::make({});
  UncertainDesk desk(*environment);
  const ExampleFile file;
  desk.database().lose(0, UncertainDatabase::Truth::committed);
  const auto lost = add_shop(desk, file.path());
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().consequence(), base::Consequence::perhaps_done);
  EXPECT_TRUE(lost.error().detail.contains("the same command again says whether")) << lost.error().detail;
  const auto shop = base::sync_wait(environment->services().directory.find(base::ShopId{12345678}));
  ASSERT_TRUE(shop) << "it is there";
  EXPECT_TRUE(lost.error().detail.contains(
      "form key TEST: " + std::string(vads::form_key(**shop, merchants::Mode::test).reveal()) + "\n"));
  EXPECT_TRUE(lost.error().detail.contains(vads::form_key(**shop, merchants::Mode::production).reveal()));
  const auto again = add_shop(desk, file.path());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, base::ErrorCode::already_exists);
  EXPECT_FALSE(again.error().detail.contains("form key")) << "these keys were never written";
}

}  // namespace
}  // namespace acquit::app

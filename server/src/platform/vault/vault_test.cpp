#include "platform/vault/vault.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/embedded.h"
#include "base/hex.h"
#include "base/manual_clock.h"
#include "db/testing/temporary_database.h"

ACQUIT_EMBEDDED(sql_vault_testing)

namespace acquit::platform {
namespace {

using db::testing::TemporaryDatabase;

constexpr base::ShopId kShop{69876357};
constexpr base::ShopId kOtherShop{87654321};
constexpr base::Milliseconds kUntilANewKeySeals{120'000};
constexpr std::string_view kNumber = "4970100000000055";

MasterKey master(char fill) {
  return {.key = base::SecretKey(std::string(32, fill)), .id = std::string("id of ") + fill};
}

class VaultTest : public testing::TestWithParam<db::Engine> {
 protected:
  void SetUp() override {
    place_ = TemporaryDatabase::make_migrated(GetParam());
    if (!place_) GTEST_SKIP() << "PostgreSQL is not installed here";
    open_database();
    vault_ = load(master('a')).value();
  }
  void open_database() {
    database_.reset();
    database_ = db::Database::open(place_->options(), executor_).value();
  }
  base::Result<std::unique_ptr<Vault>> load(MasterKey key) {
    return base::sync_wait(Vault::load(*database_, std::move(key), clock_, random_));
  }
  VaultedCard store(std::string_view number = kNumber, base::ShopId shop = kShop) {
    const base::Pan pan{std::string(number)};
    const VaultedCard card = vault_->describe(pan, 2030, 12);
    const auto stored = base::sync_wait(
        database_->write(db::LaneKey{}, [&](db::Tx& tx) { return vault_->store(tx, shop, card, pan); }));
    EXPECT_TRUE(stored);
    return card;
  }
  base::Result<OpenedCard> open(const Vault& vault, const CardId& id, base::ShopId shop = kShop) {
    return base::sync_wait(database_->read([&](db::ReadTx& tx) { return vault.open(tx, shop, id.hex()); }));
  }
  [[nodiscard]] std::string raw_bytes() const {
    std::string all;
    const std::string file = place_->url().substr(std::string("sqlite:").size());
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(file).parent_path())) {
      const std::ifstream stream(entry.path(), std::ios::binary);
      std::stringstream bytes;
      bytes << stream.rdbuf();
      all += bytes.str();
    }
    return all;
  }

  base::InlineExecutor executor_;
  base::ManualClock clock_;
  base::SeededRandom random_{3};
  std::unique_ptr<TemporaryDatabase> place_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<Vault> vault_;
};
INSTANTIATE_TEST_SUITE_P(BothEngines, VaultTest, testing::Values(db::Engine::sqlite, db::Engine::postgresql),
                         [](const auto& engine) { return db::testing::engine_name(engine.param); });

TEST_P(VaultTest, GivesBackTheCardThatItWasGiven) {
  const VaultedCard card = store();
  EXPECT_EQ(card.masked, "497010XXXXXX0055");
  EXPECT_EQ(card.first_digits, "497010");
  EXPECT_EQ(card.last_digits, "0055");
  const auto opened = open(*vault_, card.id);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->pan.reveal(), kNumber);
  EXPECT_EQ(opened->expiry_year, 2030);
  EXPECT_EQ(opened->expiry_month, 12);
}

TEST_P(VaultTest, MasksNumbersOfEveryLength) {
  EXPECT_EQ(vault_->describe(base::Pan("4222222222222"), 2030, 1).masked, "422222XXX2222");
  EXPECT_EQ(vault_->describe(base::Pan("6304000000000000000"), 2030, 1).masked, "630400XXXXXXXXX0000");
}

TEST_P(VaultTest, HidesTheCardsOfOneShopFromTheOthers) {
  const VaultedCard card = store();
  const auto elsewhere = open(*vault_, card.id, kOtherShop);
  ASSERT_FALSE(elsewhere);
  EXPECT_EQ(elsewhere.error().code, base::ErrorCode::not_found);
}

TEST_P(VaultTest, OpensNoCardThatWasMovedToAnotherShopInTheDatabase) {
  const VaultedCard card = store();
  place_->execute(std::string(embedded::sql_vault_testing().front().content));
  const auto moved = open(*vault_, card.id, kOtherShop);
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, base::ErrorCode::signature_mismatch);
}

TEST_P(VaultTest, KnowsTheSameNumberAgainAndNoOther) {
  const auto print = [&](std::string_view number) {
    return vault_->describe(base::Pan(std::string(number)), 2030, 1).fingerprint;
  };
  EXPECT_EQ(print(kNumber).size(), 32U);
  EXPECT_EQ(print(kNumber), print(kNumber));
  EXPECT_EQ(print(kNumber), load(master('a')).value()->describe(base::Pan(std::string(kNumber)), 2031, 2).fingerprint);
  EXPECT_NE(print(kNumber), print("4970100000000063"));
  const std::string plain = base::to_hex(base::sha256(kNumber));
  EXPECT_NE(print(kNumber), plain.substr(0, 32)) << "keyed: nobody can try all numbers";
  EXPECT_NE(store().id, store().id);
}

TEST_P(VaultTest, OpensATextInItsContextOnly) {
  const std::string sealed = vault_->seal_text("form key 1", "1122334455667788");
  EXPECT_EQ(sealed.find("1122334455667788"), std::string::npos);
  EXPECT_NE(sealed, vault_->seal_text("form key 1", "1122334455667788")) << "a fresh nonce each time";
  EXPECT_EQ(vault_->open_text("form key 1", sealed).value(), "1122334455667788");
  EXPECT_EQ(vault_->open_text("form key 2", sealed).error().code, base::ErrorCode::signature_mismatch);
}

TEST_P(VaultTest, NoticesEveryChangedOrMissingByte) {
  const std::string sealed = vault_->seal_text("c", "secret");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(vault_->open_text("c", changed)) << i;
    EXPECT_FALSE(vault_->open_text("c", sealed.substr(0, i))) << i;
  }
  EXPECT_FALSE(vault_->open_text("c", sealed + "x"));
}

TEST_P(VaultTest, SealsUnderANewKeyAfterARotationAndOpensWhatIsOld) {
  const VaultedCard before = store();
  const std::string text_before = vault_->seal_text("c", "old");
  EXPECT_EQ(base::sync_wait(vault_->rotate_data_key()), 3);
  clock_.advance(kUntilANewKeySeals);
  const VaultedCard after = store("4970100000000063");
  const std::string text_after = vault_->seal_text("c", "new");
  EXPECT_NE(text_before.substr(0, 4), text_after.substr(0, 4)) << "the number of the key";
  const auto started_later = load(master('a')).value();
  for (const Vault* const vault : {vault_.get(), started_later.get()}) {
    EXPECT_EQ(open(*vault, before.id).value().pan.reveal(), kNumber);
    EXPECT_EQ(open(*vault, after.id).value().pan.reveal(), "4970100000000063");
    EXPECT_EQ(vault->open_text("c", text_before).value(), "old");
    EXPECT_EQ(vault->open_text("c", text_after).value(), "new");
  }
  EXPECT_EQ(vault_->describe(base::Pan(std::string(kNumber)), 2030, 1).fingerprint, before.fingerprint);
}

TEST_P(VaultTest, SealsUnderTheOldKeyUntilEveryServerKnowsTheNewOne) {
  const auto key_of = [](const std::string& sealed) { return static_cast<int>(sealed.at(3)); };
  const auto here = load(master('a')).value();
  ASSERT_TRUE(base::sync_wait(vault_->rotate_data_key()));
  clock_.advance(kUntilANewKeySeals - base::Milliseconds{1});
  EXPECT_EQ(key_of(vault_->seal_text("c", "early")), 1);
  EXPECT_EQ(here->open_text("c", vault_->seal_text("c", "early")).value(), "early") << "it has not read the new key";
  EXPECT_TRUE(open(*here, store().id));
  ASSERT_TRUE(base::sync_wait(vault_->rotate_data_key()));
  clock_.advance(base::Milliseconds{1});
  EXPECT_EQ(key_of(vault_->seal_text("c", "x")), 3) << "the newest that is old enough";
  EXPECT_FALSE(here->open_text("c", vault_->seal_text("c", "x")));
  ASSERT_TRUE(base::sync_wait(here->reload()));
  EXPECT_EQ(here->open_text("c", vault_->seal_text("c", "x")).value(), "x");
  EXPECT_EQ(key_of(here->seal_text("c", "x")), 3) << "both seal alike";
  clock_.advance(kUntilANewKeySeals);
  EXPECT_EQ(key_of(vault_->seal_text("c", "x")), 4);
}

TEST_P(VaultTest, GoesOnWithTheKeysItKnowsWhereItCannotReadThemAgain) {
  const VaultedCard card = store();
  const auto here = load(master('a')).value();
  EXPECT_EQ(base::sync_wait(vault_->rewrap(master('b'))), 2);
  const auto reloaded = base::sync_wait(here->reload());
  ASSERT_FALSE(reloaded);
  EXPECT_EQ(reloaded.error().code, base::ErrorCode::configuration_invalid);
  EXPECT_EQ(open(*here, card.id).value().pan.reveal(), kNumber);
  EXPECT_EQ(here->open_text("c", here->seal_text("c", "x")).value(), "x");
}

TEST_P(VaultTest, StartsOnlyWithTheMasterKeyThatItsKeysAreWrappedWith) {
  const auto other = load(master('b'));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, base::ErrorCode::configuration_invalid);
  EXPECT_EQ(other.error().field, "vault.master_key_file");
  const auto same_id = load({.key = base::SecretKey(std::string(32, 'b')), .id = master('a').id});
  ASSERT_FALSE(same_id) << "the id alone opens nothing";
}

TEST_P(VaultTest, MovesToANewMasterKeyAndLocksTheOldOneOut) {
  const VaultedCard card = store();
  ASSERT_TRUE(base::sync_wait(vault_->rotate_data_key()));
  ASSERT_TRUE(base::sync_wait(vault_->rewrap(master('b'))));
  EXPECT_EQ(open(*vault_, card.id).value().pan.reveal(), kNumber) << "goes on working";
  EXPECT_FALSE(load(master('a')));
  const auto again = load(master('b'));
  ASSERT_TRUE(again);
  EXPECT_EQ(open(**again, card.id).value().pan.reveal(), kNumber);
  ASSERT_TRUE(base::sync_wait(vault_->rotate_data_key())) << "new keys are wrapped with the new master";
  EXPECT_TRUE(load(master('b')));
}

TEST_P(VaultTest, IsMadeOnceByTwoServersThatStartTogether) {
  const auto place = TemporaryDatabase::make_migrated(GetParam());
  std::vector<std::unique_ptr<db::Database>> databases;
  std::vector<std::future<base::Result<std::unique_ptr<Vault>>>> starts;
  databases.reserve(4);
  starts.reserve(4);
  for (int i = 0; i < 4; ++i) databases.push_back(db::Database::open(place->options(), executor_).value());
  for (const auto& database : databases)
    starts.push_back(db::testing::start(Vault::load(*database, master('a'), clock_, random_)));
  std::optional<std::string> fingerprint;
  for (auto& start : starts) {
    const auto vault = start.get();
    ASSERT_TRUE(vault) << vault.error().detail;
    const std::string here = (*vault)->describe(base::Pan(std::string(kNumber)), 2030, 1).fingerprint;
    EXPECT_EQ(fingerprint.value_or(here), here);
    fingerprint = here;
  }
}

TEST_P(VaultTest, OpensWhatAnotherServerSealedAfterARotation) {
  const auto here = load(master('a')).value();
  ASSERT_TRUE(base::sync_wait(vault_->rotate_data_key()));
  clock_.advance(kUntilANewKeySeals);
  const VaultedCard card = store();
  const std::string text = vault_->seal_text("c", "new");
  const auto opened = open(*here, card.id);
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->pan.reveal(), kNumber);
  EXPECT_EQ(here->open_text("c", text).value(), "new") << "the key is known now";
}

TEST_P(VaultTest, MakesTokensThatAreNoFingerprints) {
  EXPECT_EQ(vault_->token_mac("a").size(), 32U);
  EXPECT_EQ(vault_->token_mac("a"), vault_->token_mac("a"));
  EXPECT_NE(vault_->token_mac("a"), vault_->token_mac("b"));
  const std::string mac = vault_->token_mac(kNumber);
  EXPECT_NE(base::to_hex(base::as_bytes(mac)).substr(0, 32),
            vault_->describe(base::Pan(std::string(kNumber)), 2030, 1).fingerprint);
}

TEST_P(VaultTest, LeavesNoCardNumberNorKeyInTheDatabase) {
  if (GetParam() != db::Engine::sqlite) GTEST_SKIP() << "reads the file of SQLite";
  store();
  ASSERT_TRUE(base::sync_wait(vault_->rotate_data_key()));
  clock_.advance(kUntilANewKeySeals);
  store("375900000010015");
  const std::string open = raw_bytes();
  database_.reset();  // Nothing may show in the write-ahead log either, before or after it is folded in.
  const std::string closed = raw_bytes();
  for (const std::string& bytes : {open, closed}) {
    ASSERT_NE(bytes.find("497010"), std::string::npos) << "the first digits are there: this is the right file";
    for (const std::string& number : {std::string(kNumber), std::string("375900000010015")}) {
      EXPECT_EQ(bytes.find(number), std::string::npos);
      EXPECT_EQ(bytes.find(number.substr(5)), std::string::npos);
    }
    EXPECT_EQ(bytes.find(std::string(32, 'a')), std::string::npos) << "the master key";
  }
}

}  // namespace
}  // namespace acquit::platform

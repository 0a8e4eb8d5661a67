// The folder of keys: names, modes, look-up, and what a second process or a damaged file may do to it.
#include "wallet/keystore.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/unit/wallet/support.hpp"
#include "wallet/files.hpp"

namespace moot::wallet {
namespace {

using test::key_number;
using test::kPassword;

namespace fs = std::filesystem;

class KeystoreFolder : public ::testing::Test {
 protected:
  Result<KeyEntry> add(u8 number, const std::string& alias = "") {
    clock.advance(DurationMs{1000});
    return keystore.add(key_number(number), kPassword, {.alias = alias, .cost = KeyCost::light}, clock);
  }

  test::TempFolder folder;
  ManualClock clock{TimeMs{1'769'850'299'250}};  // 2026-01-31T09:04:59.250Z
  Keystore keystore{folder / "deep" / "keystore"};
};

TEST_F(KeystoreFolder, AMissingFolderHasNoKeys) {
  EXPECT_TRUE(keystore.list()->empty());
  EXPECT_FALSE(keystore.find("alice").has_value());
  EXPECT_FALSE(fs::exists(keystore.folder()));
}

TEST_F(KeystoreFolder, FilesAreNamedAsGethNamesThemAndPrivate) {
  const auto entry = add(1, "alice");
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->file.filename(),
            "UTC--2026-01-31T09-05-00.250000000Z--7e5f4552091a69125d5dfcb7b8c2659029395bdf");
  EXPECT_EQ(test::mode_of(entry->file), "600");
  EXPECT_EQ(test::mode_of(keystore.folder()), "700");
  EXPECT_EQ(test::mode_of(keystore.folder() / ".aliases.json"), "600");
}

TEST_F(KeystoreFolder, NothingTemporaryStaysBehind) {
  ASSERT_TRUE(add(1, "alice").has_value());
  std::vector<std::string> names;
  for (const auto& file : fs::directory_iterator(keystore.folder())) names.push_back(file.path().filename());
  EXPECT_THAT(names, ::testing::UnorderedElementsAre(".aliases.json", ::testing::StartsWith("UTC--")));
}

TEST_F(KeystoreFolder, AKeyIsFoundByAddressAliasAndFileName) {
  const auto entry = add(1, "alice");
  ASSERT_TRUE(add(2).has_value());
  for (const std::string& name : {std::string("alice"), crypto::to_eip55(*entry->address),
                                  "0x" + to_hex(entry->address->view()), entry->file.filename().string()}) {
    const auto found = keystore.find(name);
    ASSERT_TRUE(found.has_value()) << name;
    EXPECT_EQ(found->file, entry->file);
    EXPECT_EQ(to_hex(keystore.open(*found, kPassword)->view()), to_hex(key_number(1).view()));
  }
  EXPECT_FALSE(keystore.find("").has_value());
  EXPECT_FALSE(keystore.find("alic").has_value());
}

TEST_F(KeystoreFolder, AnAddressWithAWrongChecksumFindsNothing) {
  const auto entry = add(1);
  std::string text = crypto::to_eip55(*entry->address);
  const auto letter = text.find_first_of("abcdef", 2);
  text[letter] = static_cast<char>(text[letter] - 'a' + 'A');
  EXPECT_FALSE(keystore.find(text).has_value());
}

TEST_F(KeystoreFolder, ListsOldestFirst) {
  for (const u8 number : {3, 1, 2}) ASSERT_TRUE(add(number).has_value());
  std::vector<Address> addresses;
  const auto entries = keystore.list();
  for (const auto& entry : *entries) addresses.push_back(*entry.address);
  EXPECT_THAT(addresses,
              ::testing::ElementsAre(crypto::address_of(key_number(3)), crypto::address_of(key_number(1)),
                                     crypto::address_of(key_number(2))));
}

TEST_F(KeystoreFolder, OneNameAndOneKeyAreThereOnce) {
  ASSERT_TRUE(add(1, "alice").has_value());
  EXPECT_FALSE(add(2, "alice").has_value());
  EXPECT_FALSE(add(1, "bob").has_value());
  EXPECT_EQ(keystore.list()->size(), 1U);
}

TEST_F(KeystoreFolder, NamesThatCouldBeMistakenAreRefused) {
  for (const std::string alias :
       {"Alice", "-a", ".a", "_a", "a b", "a/b", "0xabc", "7e5f4552091a69125d5dfcb7b8c2659029395bdf", "ä",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    EXPECT_FALSE(is_alias(alias)) << alias;
    const auto added = add(1, alias);
    ASSERT_FALSE(added.has_value());
    EXPECT_EQ(added.error().code, ExitCode::usage);
  }
  for (const std::string alias : {"a", "treasurer-1", "9lives", "a.b_c", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    EXPECT_TRUE(is_alias(alias)) << alias;
}

TEST_F(KeystoreFolder, RemovingFreesTheName) {
  ASSERT_TRUE(add(1, "alice").has_value());
  ASSERT_TRUE(keystore.remove(*keystore.find("alice")).has_value());
  EXPECT_TRUE(keystore.list()->empty());
  ASSERT_TRUE(add(2, "alice").has_value());
  EXPECT_EQ(keystore.find("alice")->address, crypto::address_of(key_number(2)));
}

TEST_F(KeystoreFolder, OtherFilesArePassedOver) {
  ASSERT_TRUE(add(1).has_value());
  std::ofstream(keystore.folder() / "notes.txt") << "buy milk";
  std::ofstream(keystore.folder() / ".hidden") << "{}";
  fs::create_directory(keystore.folder() / "folder");
  EXPECT_EQ(keystore.list()->size(), 1U);
}

TEST_F(KeystoreFolder, ADamagedFileIsListedAndSaysSoWhenOpened) {
  const auto entry = add(1, "alice");
  std::ofstream(entry->file, std::ios::trunc) << "{\"version\":3";
  const auto found = keystore.find("alice");
  ASSERT_TRUE(found.has_value());
  const auto opened = keystore.open(*found, kPassword);
  ASSERT_FALSE(opened.has_value());
  EXPECT_NE(opened.error().what.find(entry->file.filename().string()), std::string::npos);
}

TEST_F(KeystoreFolder, AFileUnderAnotherAddressIsNotOpened) {
  const auto entry = add(1);
  auto text = test::read_all(entry->file);
  const auto at = text.find("\"address\":");
  text.erase(at, text.find(',', at) + 1 - at);
  const auto other =
      keystore.folder() / "UTC--2026-01-31T09-05-00.250000000Z--0000000000000000000000000000000000000001";
  std::ofstream(other) << text;
  const auto opened = keystore.open(*keystore.find(other.filename().string()), kPassword);
  ASSERT_FALSE(opened.has_value());
  EXPECT_NE(opened.error().what.find("another key"), std::string::npos);
}

TEST_F(KeystoreFolder, DamagedNamesAreReportedAndChangeNothing) {
  ASSERT_TRUE(add(1, "alice").has_value());
  std::ofstream(keystore.folder() / ".aliases.json", std::ios::trunc) << "[1";
  EXPECT_FALSE(keystore.list().has_value());
  EXPECT_FALSE(add(2, "bob").has_value());
  EXPECT_EQ(test::read_all(keystore.folder() / ".aliases.json"), "[1");
}

TEST_F(KeystoreFolder, WalletsAtWorkTogetherLoseNoName) {
  std::vector<std::thread> wallets;
  for (u8 number = 1; number <= 8; ++number)
    wallets.emplace_back([this, number] {
      Keystore mine(keystore.folder());
      const ManualClock still(TimeMs{1'769'850'300'250});
      EXPECT_TRUE(mine.add(key_number(number), kPassword,
                           {.alias = "k" + std::to_string(number), .cost = KeyCost::light}, still)
                      .has_value());
    });
  for (auto& wallet : wallets) wallet.join();
  for (u8 number = 1; number <= 8; ++number)
    EXPECT_EQ(keystore.find("k" + std::to_string(number))->address, crypto::address_of(key_number(number)));
}

TEST(PrivateFile, IsNotOverwrittenUnlessAsked) {
  const test::TempFolder folder;
  const auto file = folder / "secret";
  ASSERT_TRUE(write_private_file(file, "one", Existing::refuse).has_value());
  EXPECT_FALSE(write_private_file(file, "two", Existing::refuse).has_value());
  EXPECT_EQ(test::read_all(file), "one");
  ASSERT_TRUE(write_private_file(file, "two", Existing::replace).has_value());
  EXPECT_EQ(test::read_all(file), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(PrivateFile, AFolderThatCannotBeWrittenIsAFailure) {
  const test::TempFolder folder;
  EXPECT_FALSE(write_private_file(folder / "none" / "file", "x", Existing::refuse).has_value());
  EXPECT_FALSE(make_private_folder("/proc/nowhere").has_value());
}

}  // namespace
}  // namespace moot::wallet

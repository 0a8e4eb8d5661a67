// What the wallet's tests share: a folder that ends with the test, and keys and passwords that stand for any.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "crypto/keys.hpp"

namespace moot::wallet::test {

namespace fs = std::filesystem;

class TempFolder {
 public:
  TempFolder() {
    std::string name = (fs::temp_directory_path() / "moot-wallet-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] const fs::path& path() const { return path_; }

  // Writes a file and gives its path as text, as an argument of a command.
  [[nodiscard]] std::string file(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }

 private:
  fs::path path_;
};

inline std::string read_all(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string mode_of(const fs::path& path) {
  const auto bits = static_cast<unsigned>(fs::status(path).permissions()) & 0777U;
  std::string out;
  for (const int shift : {6, 3, 0}) out += static_cast<char>('0' + (bits >> shift & 7U));
  return out;
}

inline crypto::SecretKey key_number(u8 number) {
  std::array<u8, 32> raw{};
  raw[31] = number;
  return std::move(*crypto::SecretKey::from_bytes(raw));
}

inline constexpr const char* kPhrase = "test test test test test test test test test test test junk";
inline constexpr const char* kFirstAddress = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
inline constexpr const char* kSecondAddress = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
inline constexpr const char* kPassword = "correct horse";

}  // namespace moot::wallet::test

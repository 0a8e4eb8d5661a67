// Memory that held a secret, and comparison that does not tell where two strings differ.
#pragma once

#include <span>
#include <utility>

#include "base/bytes.hpp"

namespace moot::crypto {

// Overwrites with zeros in a way the compiler keeps.
void wipe(std::span<u8> secret);
inline void wipe(std::string& secret) { wipe({reinterpret_cast<u8*>(secret.data()), secret.size()}); }

// Takes the same time wherever the first difference is. Lengths are not secret: different lengths are unequal
// at once.
[[nodiscard]] bool equal_constant_time(ByteView a, ByteView b);

// A byte string wiped when it ends. Move-only, so that copies are deliberate.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(Bytes bytes) : bytes_(std::move(bytes)) {}
  explicit SecretBytes(std::size_t size) : bytes_(size) {}
  ~SecretBytes() { wipe(bytes_); }
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    if (this == &other) return *this;
    wipe(bytes_);
    bytes_ = std::exchange(other.bytes_, {});
    return *this;
  }

  [[nodiscard]] ByteView view() const { return bytes_; }
  [[nodiscard]] std::span<u8> span() { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  Bytes bytes_;
};

}  // namespace moot::crypto

// Reads one flat JSON object of texts strictly: every member that is asked for is there, is of its form, and no other is.
// The first thing that is wrong is kept; values read after it are zeros.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace moot::wallet {

// "0x" and lower-case digits.
std::string hex_text(ByteView bytes);

class StatementReader {
 public:
  explicit StatementReader(std::string_view json);
  ~StatementReader();

  std::string text(std::string_view name);
  u64 number(std::string_view name);  // decimal text
  Address address(std::string_view name);
  template <class Fixed>
  Fixed fixed(std::string_view name) {
    if (const auto value = fixed_from_hex<Fixed>(text(name))) return *value;
    complain(std::string(name) + " is not 0x and " + std::to_string(2 * Fixed{}.bytes.size()) + " digits");
    return {};
  }
  [[nodiscard]] bool has(std::string_view name) const;

  // Keeps the problem when it is the first.
  void complain(std::string problem);
  // The first problem, or a member that nobody asked for.
  std::expected<void, std::string> finish();

 private:
  struct Object;
  std::unique_ptr<Object> object_;
  std::string problem_;
};

}  // namespace moot::wallet

// Published test vectors, which stand beside the repository and not in it. Without them the tests that read
// them are skipped.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace moot::test {

inline std::string vector_path(const std::string& name) {
  const char* chosen = std::getenv("MOOT_VECTORS");
  return std::string(chosen != nullptr ? chosen : MOOT_VECTORS) + "/" + name;
}

inline std::optional<std::string> read_vectors(const std::string& name) {
  std::ifstream in(vector_path(name), std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

inline Bytes hex(std::string_view text) { return from_hex(text).value(); }
inline Hash hash_of_hex(std::string_view text) { return fixed_from_hex<Hash>(text).value(); }

}  // namespace moot::test

#define MOOT_VECTORS_OR_SKIP(name, file)                                                           \
  const auto name##_read = ::moot::test::read_vectors(file);                                       \
  if (!name##_read) GTEST_SKIP() << "no published vectors at " << ::moot::test::vector_path(file); \
  const std::string& name = *name##_read

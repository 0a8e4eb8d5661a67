// Runs one fuzz target over its corpus without libFuzzer, so that every ordinary build replays what fuzzing has found.
//
// Each corpus file, and each good sample that the target makes, is fed whole, cut short at every length up to a bound, and
// with single bytes changed: the two kinds of damage that decoders get wrong most often. The target aborts by itself when
// one of its properties fails. `--write FOLDER` writes the good samples there instead.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// A target need not have any.
__attribute__((weak)) moot::fuzz::Samples moot::fuzz::good_samples();

namespace {

using Input = std::vector<std::uint8_t>;

constexpr std::size_t kMostCuts = 512;     // prefixes tried of one file
constexpr std::size_t kMostChanges = 512;  // changed bytes tried of one file

std::size_t run(const Input& input) {
  LLVMFuzzerTestOneInput(input.data(), input.size());
  return 1;
}

std::size_t run_damaged(const Input& input) {
  std::size_t runs = run(input);
  for (std::size_t cut = 0; cut < std::min(input.size(), kMostCuts); ++cut)
    runs += run(Input(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(cut)));
  const std::size_t stride = std::max<std::size_t>(1, input.size() / kMostChanges);
  for (std::size_t at = 0; at < input.size(); at += stride) {
    for (const std::uint8_t change : {0x01, 0x80, 0xff}) {
      Input changed = input;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
      runs += run(changed);
    }
  }
  return runs;
}

// What a decoder should meet even before it has a corpus: nothing, and runs of one byte of each telling value.
std::vector<Input> built_in_inputs() {
  std::vector<Input> out{{}};
  for (const std::uint8_t byte : {0x00, 0x01, 0x7f, 0x80, 0xff})
    for (const std::size_t size : {1, 2, 4, 8, 16, 32, 33, 64, 65, 256, 4096}) out.emplace_back(size, byte);
  return out;
}

std::vector<Input> samples() {
  return moot::fuzz::good_samples != nullptr ? moot::fuzz::good_samples() : std::vector<Input>{};
}

int write_samples(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  for (const Input& sample : samples()) {
    const auto file = folder / ("good_" + std::to_string(number++));
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(sample.data()), static_cast<std::streamsize>(sample.size()));
  }
  std::printf("%zu samples written\n", number);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == "--write") return write_samples(argv[2]);
  std::size_t files = 0;
  std::size_t runs = 0;
  for (const Input& input : built_in_inputs()) runs += run(input);
  const std::vector<Input> made = samples();
  for (const Input& input : made) runs += run_damaged(input);
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) continue;
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    for (const auto& path : paths) {
      std::ifstream in(path, std::ios::binary);
      runs += run_damaged(Input(std::istreambuf_iterator<char>(in), {}));
      ++files;
    }
  }
  std::printf("%zu good samples, %zu corpus files, %zu runs\n", made.size(), files, runs);
  return 0;
}

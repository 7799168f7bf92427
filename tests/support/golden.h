// Golden files: texts in the source tree that a test compares what it made with, byte for byte. With UPDATE_GOLDEN=1 in
// the environment they are written anew instead; `git diff` then shows what has changed.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace acquit::support {

/// A file of the source tree, by its path from the top.
[[nodiscard]] inline std::string read_source_file(std::string_view path) {
  std::ifstream file(std::filesystem::path(ACQUIT_SOURCE_DIR) / path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Fails the test if the file at `path` (from the top of the source tree) does not hold just `text`.
inline void expect_golden(const std::string& path, const std::string& text) {
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe): nobody writes the environment.
    const auto whole = std::filesystem::path(ACQUIT_SOURCE_DIR) / path;
    std::filesystem::create_directories(whole.parent_path());
    std::ofstream(whole) << text;
  }
  EXPECT_EQ(text, read_source_file(path)) << path << ": run again with UPDATE_GOLDEN=1 if this is wanted";
}

}  // namespace acquit::support

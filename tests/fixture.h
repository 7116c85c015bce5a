// SPDX-License-Identifier: Apache-2.0
// Fixture folders: tests/fixtures/<folder>/<row>/<case>/{in/,want} is a test each. `in/` is the input; a case whose input
// is binary has an executable `make` instead, which is run as `make OUT_DIR` and fills it. `want` is all that came out, as
// text. PEEKR_ACCEPT=1 rewrites `want`: the diff is the review.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace peekr::fixture {

namespace fs = std::filesystem;

struct Case {
  std::string row, name;
  fs::path folder;
};

inline fs::path root() { return fs::path(PEEKR_SOURCE_DIR) / "tests" / "fixtures"; }

inline std::string slurp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// All cases of tests/fixtures/<folder>, sorted.
inline std::vector<Case> cases(const std::string& folder) {
  std::vector<Case> all;
  if (!fs::exists(root() / folder)) return all;
  for (const auto& row : fs::directory_iterator(root() / folder)) {
    for (const auto& one : fs::directory_iterator(row.path())) {
      all.push_back({row.path().filename(), one.path().filename(), one.path()});
    }
  }
  std::ranges::sort(all, {}, [](const Case& c) { return c.folder; });
  return all;
}

// The folder with the case's input; made first where the case has a `make`.
inline fs::path input(const Case& one) {
  if (!fs::exists(one.folder / "make")) return one.folder / "in";
  const fs::path out = fs::temp_directory_path() /
                       ("peekr-fixture-" + one.row + "-" + one.name + "-" + std::to_string(::getpid()));
  fs::remove_all(out);
  fs::create_directories(out);
  const std::string command = "'" + (one.folder / "make").string() + "' '" + out.string() + "' >&2";
  if (std::system(command.c_str()) != 0) ADD_FAILURE() << command << " failed";
  return out;
}

// Every regular file below a folder, relative, sorted.
inline std::vector<std::string> files(const fs::path& folder) {
  std::vector<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) all.push_back(fs::relative(entry.path(), folder));
  }
  std::ranges::sort(all);
  return all;
}

// Compares with `want`, or rewrites it.
inline void expect(const Case& one, const std::string& got) {
  const fs::path want = one.folder / "want";
  if (std::getenv("PEEKR_ACCEPT") != nullptr) {
    std::ofstream(want, std::ios::binary) << got;
    return;
  }
  ASSERT_TRUE(fs::exists(want)) << want << " is missing: run the test with PEEKR_ACCEPT=1 and read the diff";
  EXPECT_EQ(slurp(want), got) << "in " << one.folder;
}

class Test : public testing::Test {
 public:
  explicit Test(std::function<void()> body) : body_(std::move(body)) {}
  void TestBody() override { body_(); }

 private:
  std::function<void()> body_;
};

// One test a case: "<folder>_<row>.<case>". A "-" would make a filter of ctest's choose none, and none passes.
inline bool register_all(const std::string& folder, void (*run)(const Case&)) {
  const auto plain = [](std::string name) {
    std::ranges::replace(name, '-', '_');
    return name;
  };
  for (const Case& one : cases(folder)) {
    testing::RegisterTest(plain(folder + "_" + one.row).c_str(), plain(one.name).c_str(), nullptr, nullptr,
                          __FILE__, __LINE__,
                          [one, run]() -> testing::Test* { return new Test([one, run] { run(one); }); });
  }
  return true;
}

}  // namespace peekr::fixture

// SPDX-License-Identifier: Apache-2.0
// What the tests of this folder, and of those above, share: real databases, of a few advisories each.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "match/explain.h"
#include "match/match.h"

namespace peekr {

// From the beginning; without a fix where that is empty.
inline Affected affected(std::string ecosystem, std::string package, std::string fix = "") {
  Affected one{.ecosystem = std::move(ecosystem), .package = std::move(package)};
  Range range{.type = "ECOSYSTEM", .events = {{Event::Kind::introduced, "0"}}};
  if (!fix.empty()) range.events.push_back({Event::Kind::fixed, std::move(fix)});
  one.ranges.push_back(std::move(range));
  return one;
}

// A database of these advisories, gone at the end of the test.
class TemporaryDb {
 public:
  explicit TemporaryDb(const std::vector<Advisory>& advisories) {
    std::filesystem::remove_all(folder_);
    Result<DbWriter> writer = DbWriter::fresh(folder_, "2026-11-23T00:00:00Z");
    EXPECT_TRUE(writer) << writer.error().message;
    for (const Advisory& one : advisories) EXPECT_TRUE(writer->put("test", one));
    EXPECT_TRUE(writer->commit());
  }
  ~TemporaryDb() { std::filesystem::remove_all(folder_); }
  TemporaryDb(const TemporaryDb&) = delete;
  TemporaryDb& operator=(const TemporaryDb&) = delete;

  [[nodiscard]] Result<Db> open() const { return Db::open(folder_); }
  [[nodiscard]] Findings match(const Inventory& inventory) const {
    Result<Db> db = open();
    EXPECT_TRUE(db) << db.error().message;
    Result<Findings> findings = peekr::match(inventory, *db);
    EXPECT_TRUE(findings) << findings.error().message;
    return *std::move(findings);
  }
  // "ADVISORY ECOSYSTEM: what it says"
  [[nodiscard]] std::vector<std::string> explained(const Inventory& inventory, std::string_view id) const {
    Result<Db> db = Db::open(folder_);
    Report report{.inventory = inventory};
    EXPECT_TRUE(explain(id, *db, report));
    std::vector<std::string> lines;
    for (const Account& one : report.accounts)
      lines.push_back(one.advisory + " " + one.ecosystem + ": " + one.says);
    return lines;
  }

 private:
  std::string folder_ = std::filesystem::temp_directory_path() /
                        ("peekr-match-test-" + std::to_string(::getpid()) + "-" +
                         testing::UnitTest::GetInstance()->current_test_info()->name());
};

inline Inventory on(Distro distro, std::vector<Package> packages) {
  distro.path = Path("etc/os-release");
  return {.distro = std::move(distro), .packages = std::move(packages)};
}

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// What is too large for a fixture: tests/fixtures/catalog/sbom has the others.
#include "catalog/sbom.h"

#include <gtest/gtest.h>

#include "catalog/cataloger.h"

namespace peekr {
namespace catalogers {
extern const Cataloger sbom;
}  // namespace catalogers

namespace {

Inventory read(const Path& path, std::string_view bytes) {
  Inventory found;
  catalogers::sbom.run({.path = path, .bytes = bytes}, found);
  return found;
}

TEST(Sbom, a_licence_that_many_packages_name_is_not_copied_without_end) {
  constexpr std::size_t kPackages = 100, kText = 1 << 20;
  std::string text = R"({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
    {"type": "simplelicensing_LicenseExpression", "spdxId": "l", "simplelicensing_licenseExpression": ")" +
                     std::string(kText, 'x') + "\"}";
  for (std::size_t i = 0; i < kPackages; ++i) {
    const std::string id = "p" + std::to_string(i);
    text += R"(, {"type": "software_Package", "spdxId": ")" + id +
            R"(", "name": "a", "software_packageVersion": ")" + std::to_string(i) +
            R"("}, {"type": "Relationship", "from": ")" + id +
            R"(", "relationshipType": "hasDeclaredLicense", "to": ["l"]})";
  }
  const Inventory found = read(Path("a.spdx3.json"), text + "]}");
  EXPECT_EQ(found.packages.size(), kPackages);
  std::size_t bytes = 0;
  for (const Package& one : found.packages) {
    for (const std::string& license : one.licenses) bytes += license.size();
  }
  EXPECT_LE(bytes, std::size_t{64} << 20);
  EXPECT_GT(bytes, std::size_t{32} << 20);
  ASSERT_FALSE(found.notes.empty());
  EXPECT_EQ(found.notes.front().what, "licences of more than 67108864 bytes");
  EXPECT_EQ(found.notes.front().why, Why::too_big);
}

// Each of them would be looked for to the end of the file.
TEST(Sbom, a_text_without_its_end_is_looked_for_once) {
  constexpr std::size_t kLines = 200'000;
  std::string text = "SPDXVersion: SPDX-2.3\n";
  for (std::size_t i = 0; i < kLines; ++i) text += "PackageComment: <text>\n";
  const Inventory found = read(Path("a.spdx"), text);
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_EQ(found.notes.front().what, "not \"Tag: value\": line 2 and 199999 more");
}

}  // namespace
}  // namespace peekr

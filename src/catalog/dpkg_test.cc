// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "catalog/cataloger.h"

namespace peekr {
namespace catalogers {
extern const Cataloger dpkg;
}

namespace {

Package package(const std::string& fields) {
  const std::string bytes =
      "Package: a\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n" + fields;
  Inventory found;
  catalogers::dpkg.run({Path("var/lib/dpkg/status"), bytes, {}}, found);
  return found.packages.size() == 1 ? found.packages[0] : Package();
}

using Texts = std::vector<std::string>;

TEST(Dpkg, says_what_a_package_needs_and_provides) {
  const Package one = package(
      "Depends: libc6 (>= 2.34), debconf (>= 0.5) | debconf-2.0,perl:any\nPre-Depends: init\n"
      "Provides: mail-agent, http (= 1), http\nRecommends: docs, libc6\n");
  EXPECT_EQ(one.needs, (Texts{"debconf|debconf-2.0", "docs", "init", "libc6", "perl"}));
  EXPECT_EQ(one.provides, (Texts{"http", "mail-agent"}));
  EXPECT_FALSE(one.essential);
  for (const char* field : {"Essential: yes\n", "Protected: yes\n", "Priority: required\n"})
    EXPECT_TRUE(package(field).essential) << field;
}

TEST(Dpkg, a_package_that_needs_more_than_any_stays_where_it_is) {
  std::string many = "Depends: b";
  for (int i = 0; i < 100'000; ++i) many += ",b";
  const Package one = package(many + "\n");
  EXPECT_TRUE(one.essential);
  EXPECT_EQ(one.needs, Texts{"b"});
}

}  // namespace
}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// What dpkg and vcpkg had not yet brought into their status.
#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "catalog/test_catalog.h"

namespace peekr {
namespace {

using namespace testing_catalog;

TEST(Catalog, of_dpkg_the_newest_update_counts_before_the_status) {
  const std::string
      there = stanza("openssl", "3"),
      gone = "Package: tar\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n\n";
  const std::string updates = "var/lib/dpkg/updates/";
  const std::vector<Made> base = {file(kStatus, stanza("openssl", "1") + stanza("tar", "1")),
                                  file("var/lib/dpkg/info/curl.list", "/usr/bin/curl\n"),
                                  file("usr/bin/curl", "#!/bin/sh\n")};
  const Inventory all = catalogue(
      {base,
       {file(updates + "0000", stanza("curl", "1") + gone), file(updates + "0001", stanza("openssl", "2")),
        file(updates + "0002", there), file(updates + "tmp.i", stanza("half", "1"))}});
  EXPECT_EQ(packages(all), (Texts{"curl 1 @1", "openssl 3 @1"}));
  EXPECT_EQ(all.packages[0].files, Texts{"usr/bin/curl"});
  EXPECT_EQ(notes(all), "");
}

TEST(Catalog, of_vcpkg_the_newest_update_counts_before_the_status) {
  const auto port = [](const std::string& name, const std::string& version, const std::string& state) {
    return "Package: " + name + "\nVersion: " + version + "\nArchitecture: x64-linux\nStatus: " + state +
           "\n\n";
  };
  const std::string there = "install ok installed", gone = "purge ok not-installed";
  const Made status = file("app/vcpkg/status", port("fmt", "9.1.0", there) + port("xz", "5.4", there) +
                                                   port("zlib", "1.3.0", there));
  const Made first =
      file("app/vcpkg/updates/0000000009", port("zlib", "1.3.0", gone) + port("fmt", "10", there));
  const Made second =
      file("app/vcpkg/updates/0000000010", port("fmt", "10", gone) + port("zlib", "1.3.1", there));
  const Made other = file("b/vcpkg/status", port("fmt", "9.1.0", there));
  EXPECT_EQ(packages(catalogue({{status, first, other}, {second}})),
            (Texts{"fmt 9.1.0 @0", "xz 5.4 @0", "zlib 1.3.1 @1"}));
  EXPECT_EQ(
      packages(catalogue({{file("app/vcpkg/status", port("fmt", "10", gone) + port("xz", "5.4", there))}})),
      Texts{"xz 5.4 @0"});
}

}  // namespace
}  // namespace peekr

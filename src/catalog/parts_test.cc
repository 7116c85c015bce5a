// SPDX-License-Identifier: Apache-2.0
// The layer that a package came with.
#include "catalog/parts.h"

#include <gtest/gtest.h>

#include "catalog/test_catalog.h"

namespace peekr {
namespace {

using namespace testing_catalog;

TEST(Parts, what_was_removed_and_brought_again_is_of_the_layer_that_brought_it_again) {
  const Made ms = file("app/node_modules/ms/package.json", R"({"name": "ms", "version": "2.0.0"})");
  EXPECT_EQ(packages(catalogue({{ms}, {ms}})), Texts{"ms 2.0.0 @0"});
  EXPECT_EQ(packages(catalogue({{ms}, {file("app/node_modules/.wh.ms", "")}, {ms}})), Texts{"ms 2.0.0 @2"});
  EXPECT_EQ(packages(catalogue({{ms}, {file("app/node_modules/.wh..wh..opq", ""), ms}})),
            Texts{"ms 2.0.0 @1"});
}

TEST(Parts, what_something_else_had_taken_the_place_of_is_of_the_layer_that_brought_it_again) {
  const Made status = file(kStatus, stanza("a", "1"));
  const Made fifo{.name = kStatus, .type = '6', .body = ""};
  const Made folder{.name = kStatus + "/", .type = '5', .body = ""};
  for (const Made& other : {file("var/lib/dpkg", ""), symlink(kStatus, "/nowhere"),
                            symlink("var/lib/dpkg", "/d"), fifo, folder}) {
    const Inventory found = catalogue({{status}, {other}, {file("var/lib/.wh.dpkg", ""), status}});
    EXPECT_EQ(packages(found), Texts{"a 1 @2"}) << other.name << other.type;
  }
  EXPECT_EQ(packages(catalogue({{status}, {symlink(kStatus, "/nowhere")}, {status}})), Texts{"a 1 @2"});
  EXPECT_EQ(packages(catalogue({{status}, {file(kStatus, stanza("a", "1") + stanza("b", "1"))}})),
            (Texts{"a 1 @0", "b 1 @1"}));
}

TEST(Parts, a_whiteout_says_the_same_before_and_behind_what_its_layer_brings) {
  const Made status = file(kStatus, stanza("a", "1"));
  for (const std::string whiteout :
       {"var/lib/dpkg/.wh.status", "var/lib/.wh.dpkg", "var/lib/dpkg/.wh..wh..opq"}) {
    const Made gone = file(whiteout, "");
    EXPECT_EQ(packages(catalogue({{status}, {gone, status}})), Texts{"a 1 @1"}) << whiteout;
    EXPECT_EQ(packages(catalogue({{status}, {status, gone}})), Texts{"a 1 @1"}) << whiteout;
    EXPECT_EQ(packages(catalogue({{status}, {status, status, gone}})), Texts{"a 1 @1"}) << whiteout;
  }
}

TEST(Parts, a_database_is_moved_within_its_root_file_system_only) {
  const auto with = [](const std::string& from, const std::string& to) {
    const Made old = file(from + kStatus, stanza("a", "1"));
    return packages(catalogue({{file("etc/os-release", "ID=debian\n"), old},
                               {file(from + "var/lib/.wh.dpkg", "")},
                               {file(to, stanza("a", "1")), file("opt/r/usr/bin/a", "")}}));
  };
  EXPECT_EQ(with("", "usr/lib/dpkg/status"), Texts{"a 1 @0"});
  EXPECT_EQ(with("opt/r/", "opt/r/usr/lib/dpkg/status"), Texts{"a 1 @0"});
  EXPECT_EQ(with("", "opt/r/" + kStatus).front(), "a 1 @2");
  EXPECT_EQ(with("srv/q/", "opt/r/" + kStatus).front(), "a 1 @2");
}

}  // namespace
}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "feed/purl.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

TEST(FeedPurl, its_parts_are_decoded) {
  const std::optional<Purl> purl =
      parse_purl("pkg:DEB/ubuntu/libstdc%2B%2B6@1:2.0%2Bb1?arch=amd64&Distro=esm-infra/focal#sub/path");
  ASSERT_TRUE(purl);
  EXPECT_EQ(purl->type, "deb");
  EXPECT_EQ(purl->space, "ubuntu");
  EXPECT_EQ(purl->name, "libstdc++6");
  EXPECT_EQ(purl->version, "1:2.0+b1");
  EXPECT_EQ(purl->qualifier("distro"), "esm-infra/focal");
  EXPECT_EQ(purl->qualifier("os"), "");
}

TEST(FeedPurl, a_scope_is_a_namespace_and_a_path_may_be_long) {
  EXPECT_EQ(parse_purl("pkg:npm/%40babel/core@7.0.0")->space, "@babel");
  EXPECT_EQ(parse_purl("pkg:npm/@babel/core")->name, "core");
  EXPECT_EQ(parse_purl("pkg:golang/golang.org/x/crypto@v0.1.0")->space, "golang.org/x");
  EXPECT_EQ(parse_purl("pkg:oci/dhi%2Fredis")->name, "dhi/redis");
}

TEST(FeedPurl, what_is_none_is_nothing) {
  for (const char* text :
       {"", "pkg:", "pkg:deb", "pkg:deb/", "pkg:deb/debian/", "http://example.org", "pkg:#", "pkg:?"}) {
    EXPECT_FALSE(parse_purl(text)) << text;
  }
  EXPECT_EQ(parse_purl("pkg:a/b%")->name, "b%");
  EXPECT_EQ(parse_purl("pkg:a/b%4")->name, "b%4");
}

}  // namespace
}  // namespace peekr

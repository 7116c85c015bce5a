// SPDX-License-Identifier: Apache-2.0
#include "source/link.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

TEST(Link, the_target_of_a_relation_is_found_among_several) {
  EXPECT_EQ(link_target("</a?n=1>; rel=\"next\"", "next"), "/a?n=1");
  EXPECT_EQ(link_target("</first>; rel=first, </a,b>;title=\"x, <y>; rel=next\" ; REL=\"up Next\"", "next"),
            "/a,b");
  EXPECT_EQ(link_target("</a>; rel=prev; rel=next", "next"), "/a");
  EXPECT_EQ(link_target("</a>; rel=\"prev\", </b>", "next"), "");
  EXPECT_EQ(link_target("</a>; rel=nextone", "next"), "");
}

TEST(Link, what_is_no_header_has_no_target) {
  for (const std::string_view odd : {"", "<", ">", "<a", "a>; rel=next", ",,,", "<>", "<a>;;;,",
                                     "<a>; rel=\"next", "<a>; rel=\"\\", "<a>\""})
    EXPECT_EQ(link_target(odd, "next"), odd.starts_with("<a>; rel=\"next") ? "a" : "") << odd;
}

}  // namespace
}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "catalog/dnf_history.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

using Texts = std::vector<std::string>;

TEST(DnfHistory, its_repositories_count_beside_content_sets) {
  Texts alone = {"dnf ubi-9-appstream-rpms"}, both = {"dnf b-rpms", "a-rpms"};
  settle_dnf_repositories(alone);
  settle_dnf_repositories(both);
  EXPECT_EQ(alone, Texts());
  EXPECT_EQ(both, (Texts{"b-rpms", "a-rpms"}));
}

}  // namespace
}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "service/spelling.h"

#include <gtest/gtest.h>

#include <utility>

namespace peekr {
namespace {

TEST(Spelling, is_that_of_what_packages_are_looked_up_by) {
  for (const auto& [written, wanted] :
       {std::pair("pypi", "PyPI"),
        {"PyPI", "PyPI"},
        {"Debian:bookworm", "Debian:12"},
        {"debian:12", "Debian:12"},
        {"Debian:sid", "Debian:sid"},
        {"Ubuntu:jammy", "Ubuntu:22.04"},
        {"Ubuntu:22.04:LTS", "Ubuntu:22.04:LTS"},
        {"Alpine:3.18", "Alpine:v3.18"},
        {"Alpine:edge", "Alpine:edge"},
        {"Red Hat:enterprise_linux:9::appstream", "Red Hat:enterprise_linux:9::appstream"},
        {"Node.js", "Node.js"},
        {"Nmp", ""},
        {"", ""}})
    EXPECT_EQ(looked_up_as(written), wanted) << written;
}

}  // namespace
}  // namespace peekr

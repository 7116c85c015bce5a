// SPDX-License-Identifier: Apache-2.0
#include "catalog/licenses.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

using Names = std::vector<std::string>;

TEST(Licenses, of_a_copyright_file_are_names_and_never_prose) {
  EXPECT_EQ(licenses_of_copyright("License: GPL-1+ or Artistic\n"), (Names{"Artistic", "GPL-1+"}));
  EXPECT_EQ(licenses_of_copyright("License: BSD-2-clause, MIT, and zlib\n"),
            (Names{"BSD-2-clause", "MIT", "zlib"}));
  EXPECT_EQ(licenses_of_copyright("License: Permission to use, copy and modify\n"), Names{});
}

TEST(Licenses, of_a_copyright_file_without_names_are_the_common_texts_it_refers_to) {
  EXPECT_EQ(
      licenses_of_copyright("in /usr/share/common-licenses/GPL-2. And `/usr/share/common-licenses/BSD'"),
      (Names{"BSD", "GPL-2"}));
  EXPECT_EQ(licenses_of_copyright("License: MIT\n see /usr/share/common-licenses/GPL-3\n"), Names{"MIT"});
  EXPECT_EQ(licenses_of_copyright("/usr/share/common-licenses/"), Names{});
}

}  // namespace
}  // namespace peekr

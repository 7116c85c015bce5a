// SPDX-License-Identifier: Apache-2.0
#include "report/spdx_license.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

TEST(SpdxLicense, several_are_joined_and_what_is_no_expression_makes_none) {
  EXPECT_EQ(spdx_expression({"MIT"}), "MIT");
  EXPECT_EQ(spdx_expression({"Apache-2.0 OR MIT", "ISC"}), "(Apache-2.0 OR MIT) AND ISC");
  EXPECT_EQ(spdx_expression({"(MIT OR (ISC AND Zlib))"}), "(MIT OR (ISC AND Zlib))");
  EXPECT_EQ(spdx_expression({"GPL-2.0-only WITH Classpath-exception-2.0"}),
            "GPL-2.0-only WITH Classpath-exception-2.0");
  for (const char* text : {"", "GPL-2+", "MIT OR", "OR MIT", "MIT MIT", "(MIT", "MIT)", "()", "MIT WITH MIT",
                           "(MIT) WITH LLVM-exception", "LLVM-exception", "MIT\nPackageName: evil",
                           "MIT WITH LLVM-exception WITH LLVM-exception"})
    EXPECT_EQ(spdx_expression({text}), "") << text;
  EXPECT_EQ(spdx_expression({"MIT", "BSD"}), "");
  EXPECT_EQ(spdx_expression({}), "");
}

}  // namespace
}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "lib/literals.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace peekr {
namespace {

using std::string_view_literals::operator""sv;
using Hits = std::vector<std::pair<std::size_t, std::size_t>>;  // literal, place

Hits hits(const Literals& literals, std::string_view bytes) {
  Hits all;
  literals.find_all(bytes, [&](std::size_t literal, std::size_t at) { all.emplace_back(literal, at); });
  return all;
}

TEST(Literals, are_found_wherever_they_stand_also_overlapping_and_with_nul_bytes) {
  constexpr std::array kTexts = {"ab"sv, "\0b"sv, "b.*"sv, "aba"sv};
  const Result<Literals> literals = Literals::make(kTexts);
  ASSERT_TRUE(literals) << literals.error().message;
  EXPECT_EQ(hits(*literals, "ababab"), (Hits{{0, 0}, {3, 0}, {0, 2}, {3, 2}, {0, 4}}));
  EXPECT_EQ(hits(*literals, "x\0bxx"sv), (Hits{{1, 1}}));
  EXPECT_EQ(hits(*literals, "xb.*"), (Hits{{2, 1}}));
  EXPECT_EQ(hits(*literals, ""), Hits());
  EXPECT_EQ(hits(*literals, {}), Hits());
}

}  // namespace
}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "base/packed_texts.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace peekr {
namespace {

using Texts = std::vector<std::string>;
static_assert(std::forward_iterator<PackedTexts::Iterator>);

Texts unpacked(const PackedTexts& texts) { return {texts.begin(), texts.end()}; }

TEST(PackedTexts, gives_what_was_put_in_in_order) {
  const Texts all = {"b", "", "a/b c", std::string(300, 'x'), std::string("nul\0l", 5)};
  PackedTexts packed = all;
  EXPECT_EQ(unpacked(packed), all);
  EXPECT_EQ(packed.size(), 5u);
  EXPECT_EQ(packed.front(), "b");
  packed.push_back("last");
  EXPECT_EQ(unpacked(packed).back(), "last");
  packed.clear();
  EXPECT_TRUE(packed.empty());
  EXPECT_EQ(packed, PackedTexts());
}

TEST(PackedTexts, are_sorted_each_once) {
  PackedTexts texts = {"c", "a", "b", "a"};
  sort_unique(texts);
  EXPECT_EQ(texts, (PackedTexts{"a", "b", "c"}));
  sort_unique(texts);
  EXPECT_EQ(texts, (Texts{"a", "b", "c"}));
  PackedTexts twice = {"a", "a"};
  sort_unique(twice);
  EXPECT_EQ(twice, PackedTexts{"a"});
}

TEST(PackedTexts, are_read_only_where_they_are_whole) {
  const PackedTexts texts = {"usr/bin/a", "", std::string(200, 'x')};
  const std::optional<PackedTexts> parsed = PackedTexts::parse(texts.packed());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, texts);
  EXPECT_EQ(parsed->size(), 3u);
  for (const std::string_view bad : {"\x05"
                                     "abcd",
                                     "\x80",
                                     "\x01"
                                     "a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"})
    EXPECT_FALSE(PackedTexts::parse(bad)) << bad;
  EXPECT_TRUE(PackedTexts::parse("")->empty());
}

}  // namespace
}  // namespace peekr

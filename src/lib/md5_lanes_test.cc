// SPDX-License-Identifier: Apache-2.0
#include "lib/md5_lanes.h"

#include <gtest/gtest.h>

#include <array>

#include "lib/digest.h"

namespace peekr {
namespace {

std::string text_of(std::size_t size, unsigned seed) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i)
    text += static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return text;
}

void expect_right(const std::vector<std::string>& texts) {
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  for (const Md5By by : {Md5By::best, Md5By::avx2, Md5By::plain}) {
    const std::vector<std::string> got = md5_of_each(views, by);
    ASSERT_EQ(got.size(), texts.size());
    for (std::size_t i = 0; i < got.size(); ++i)
      EXPECT_EQ(got[i], hex_digest("md5", texts[i])) << i << ": " << texts[i].size() << " bytes";
  }
}

TEST(Md5Lanes, GiveWhatRfc1321Says) {
  const std::vector<std::string_view> texts = {"", "a", "abc", "message digest"};
  EXPECT_EQ(md5_of_each(texts), (std::vector<std::string>{
                                    "d41d8cd98f00b204e9800998ecf8427e", "0cc175b9c0f1b6a831c399e269772661",
                                    "900150983cd24fb0d6963f7d28e17f72", "f96b697d7cb7938d525a2f31aaf161d0"}));
  EXPECT_TRUE(md5_of_each({}).empty());
}

TEST(Md5Lanes, AgreeWithOpenSslForEachLengthAloneAndBesideAllOthers) {
  std::vector<std::string> all;
  for (unsigned size = 0; size <= 300; ++size) {
    all.push_back(text_of(size, size));
    expect_right({all.back()});
  }
  expect_right(all);
}

TEST(Md5Lanes, AgreeWithOpenSslForEachNumberOfTextsOfMixedLengths) {
  constexpr std::array<std::size_t, 7> kSizes = {0, 63, 64, 20000, 1, 4096, 777};
  std::vector<std::string> texts;
  for (unsigned count = 1; count <= 25; ++count) {
    texts.push_back(text_of(kSizes[count % kSizes.size()] + count, count));
    expect_right(texts);
  }
}

}  // namespace
}  // namespace peekr

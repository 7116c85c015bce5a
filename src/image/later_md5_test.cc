// SPDX-License-Identifier: Apache-2.0
#include "image/later_md5.h"

#include <gtest/gtest.h>

#include "image/layer.h"
#include "image/test_layers.h"
#include "lib/digest.h"

namespace peekr {
namespace {

std::string text_of(std::size_t size) {
  std::string text = std::to_string(size);
  text.resize(size, 'x');
  return text;
}

TEST(LaterMd5, TellsThatOfEachFileInItsOwnPlace) {
  std::vector<Found> found(30);
  LaterMd5 later(found, 1000);
  for (std::size_t i = 0; i < found.size(); i += 2) EXPECT_TRUE(later.add(i, text_of(37 * i)) || i >= 28);
  EXPECT_FALSE(later.add(1, text_of(1001))) << "too many bytes to keep";
  later.finish();
  later.finish();
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool added = i % 2 == 0 && 37 * i <= 1000;
    EXPECT_EQ(found[i].digests.md5, added ? hex_digest("md5", text_of(37 * i)) : "") << i;
  }
}

// All files are programs of which something is said, in an image that dpkg has made.
constexpr Reader kReader = {.interest =
                                [](std::string_view path, std::string_view) {
                                  if (path.ends_with(".later")) return Interest::read_later;
                                  return path.ends_with(".whole") ? Interest::read : Interest::pieces;
                                },
                            .read =
                                [](const File& file, Inventory& found) {
                                  if (!file.path.str().contains("silent"))
                                    found.packages.push_back({.path = file.path});
                                },
                            .checksums = [](std::string_view) { return only(Checksum::Kind::md5); }};

TEST(LaterMd5, OfALayerIsThatOfEachFileWhateverLiesBesideIt) {
  using testing_layers::Made;
  std::vector<Made> made = {{"var/lib/dpkg", '5', "", ""}};
  const auto add = [&](const std::string& name, std::size_t size) {
    made.push_back({std::to_string(made.size()) + name, '0', text_of(size), ""});
  };
  for (std::size_t i = 0; i < 12; ++i) {
    add(".pieces", 30000 * i);
    add(".silent", 1000 * i + 1);
    add(".whole", 777 * i);
    if (i % 4 == 0) add(".later", 1000 * i);
    if (i % 5 == 0) add(".pieces", 1000000);
    if (i == 7) add(".pieces", 5 << 20);  // more than is kept
    if (i == 9) add(".whole", 9 << 20);   // what is kept gives way
  }
  const std::vector<std::string> layers = {testing_layers::tar(made)};
  ReadOptions options;
  options.limits.file_bytes = 10 << 20;
  const Result<Tree> tree = read_layers(testing_layers::image_of(layers), kReader, options, {});
  ASSERT_TRUE(tree) << tree.error().message;
  ASSERT_EQ(tree->found().size() + 1, made.size());
  for (const Made& one : made) {
    if (one.type == '5') continue;
    const auto at = std::ranges::find(tree->found(), Path(one.name), &Found::path);
    ASSERT_NE(at, tree->found().end()) << one.name;
    EXPECT_EQ(at->digests.md5, one.name.contains("silent") ? "" : hex_digest("md5", one.body)) << one.name;
  }
}

}  // namespace
}  // namespace peekr

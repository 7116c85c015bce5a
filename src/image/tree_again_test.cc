// SPDX-License-Identifier: Apache-2.0
// The second reading: files of the merged tree out of their layers.
#include <gtest/gtest.h>

#include "image/test_tree.h"
#include "image/tree.h"
#include "lib/digest.h"

namespace peekr {
namespace {

using namespace testing_tree;

TEST(Tree, read_again_gives_the_bytes_of_the_merged_tree) {
  const auto all =
      read({{{"d/file", '0', "old", ""}}, {{"d/file", '0', "new", ""}, {"other", '0', "o", ""}}});
  std::vector<std::string> got;
  const Status status = all->tree.read_again(all->image, {Path("d/file"), Path("other")}, {},
                                             [&](const Path& path, std::string_view bytes, const Node&) {
                                               got.push_back(path.str() + "=" + std::string(bytes));
                                             });
  EXPECT_TRUE(status);
  EXPECT_EQ(got, (Files{"d/file=new", "other=o"}));
}

TEST(Tree, for_checksums_a_file_of_any_size_comes_again_in_pieces) {
  const std::string body = "#pieces" + std::string(5 << 20, 'a');
  const auto all = read({{{"d/x", '0', body, ""}, {"y", '1', "", "d/x"}, {"z", '0', "", ""}}});
  std::map<std::string, std::string> got;
  std::size_t largest = 0;
  const Limits limits{.file_bytes = 1 << 20};
  const Status status =
      all->tree.read_pieces_again(all->image, {Path("d/x"), Path("y"), Path("z")}, limits,
                                  [&](const Path& path, std::string_view bytes, const Node&) {
                                    got[path.str()] += bytes;
                                    largest = std::max(largest, bytes.size());
                                  });
  EXPECT_TRUE(status);
  EXPECT_EQ(got, (std::map<std::string, std::string>{{"d/x", body}, {"y", body}, {"z", ""}}));
  EXPECT_LE(largest, std::size_t{1} << 20);
}

// The second reading of "file" in an image whose one layer has other bytes by then.
Status read_again_changed(LayerInfo layer, const std::string& first, const std::string& second) {
  Image image;
  image.info.layers.push_back(std::move(layer));
  const auto opened = std::make_shared<int>(0);
  image.layers.emplace_back([&, opened] { return memory_bytes((*opened)++ == 0 ? first : second); });
  const Result<Tree> tree = read_layers(image, testing_layers::kWantedReader, {}, {});
  EXPECT_TRUE(tree);
  return tree->read_again(image, {Path("file")}, {}, [](const Path&, std::string_view, const Node&) {});
}

TEST(Tree, bytes_that_have_changed_since_are_a_mismatch_in_the_second_reading_too) {
  const std::string first = testing_layers::tar({{"file", '0', "good", ""}});
  const Status status = read_again_changed(
      {.digest = *Digest::parse("sha256:" + hex_digest("sha256", first)), .size = first.size()}, first,
      testing_layers::tar({{"file", '0', "evil", ""}}));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::mismatch);
}

TEST(Tree, a_file_that_is_not_where_it_was_is_an_error_of_the_second_reading) {
  // Nobody says its digest: an archive of an old Docker.
  const Status status = read_again_changed({}, testing_layers::tar({{"file", '0', "good", ""}}),
                                           testing_layers::tar({{"other", '5', "", ""}}));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "layer 1 of 1: file: is not where it was when the layer was read first");
}

}  // namespace
}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "image/items.h"

#include <gtest/gtest.h>

#include <limits>

namespace peekr {
namespace {

struct Text {
  std::string folder, name, link;
};

// Names of many lengths, some longer than a chunk.
std::vector<Text> texts() {
  std::vector<Text> all;
  for (int i = 0; i < 3000; ++i)
    all.push_back({"d" + std::to_string(i / 7), std::string(static_cast<std::size_t>(i % 300), 'n'), "x"});
  all.push_back({std::string(100'000, 'd'), std::string(70'000, 'n'), std::string(65'536, 'l')});
  all.push_back({"", "last", ""});
  return all;
}

Item item_of(const Text& text) {
  return {.kind = Item::Kind::symlink,
          .mode = 0777,
          .size = text.name.size(),
          .folder = text.folder,
          .name = text.name,
          .link = text.link,
          .place = 512 * text.name.size(),
          .found = static_cast<std::int32_t>(text.name.size()) - 1};
}

TEST(Items, come_back_in_order_and_from_where_they_are) {
  Items items;
  std::vector<Items::Position> positions;
  const std::vector<Text> all = texts();
  for (const Text& text : all) positions.push_back(items.add(item_of(text)));
  ItemReader reader(items);
  items.add({.name = "later"});
  Item item;
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_TRUE(reader.next(item));
    EXPECT_EQ(reader.position(), positions[i]);
    EXPECT_EQ(item.folder, all[i].folder);
    for (const Item& one : {item, items.at(positions[i])}) {
      EXPECT_EQ(one.name, all[i].name);
      EXPECT_EQ(one.link, all[i].link);
      EXPECT_EQ(one.place, 512 * all[i].name.size());
      EXPECT_EQ(one.found, static_cast<std::int32_t>(all[i].name.size()) - 1);
    }
  }
  EXPECT_FALSE(reader.next(item));
  EXPECT_LT(positions.back(), items.end());
}

TEST(Items, of_others_are_read_chunk_by_chunk_as_they_become_full_and_own_ones_lie_between) {
  Items items, sharing;
  std::vector<Items::Chunk> full;
  items.tell_of_full([&](Items::Chunk chunk) { full.push_back(std::move(chunk)); });
  const std::vector<Text> all = texts();
  for (const Text& text : all) items.add(item_of(text));
  ASSERT_EQ(full.size() + 1, items.chunks().size());
  full.push_back(items.chunks().back());
  std::size_t i = 0;
  std::string_view folder;
  std::vector<Items::Position> own;
  for (const Items::Chunk& chunk : full) {
    ItemReader reader(sharing, sharing.share(chunk), folder);
    for (Item item; reader.next(item); ++i) {
      if (i % 100 == 0) own.push_back(sharing.add({.name = "own"}));
      EXPECT_EQ(item.folder, all[i].folder);
      EXPECT_EQ(sharing.at(reader.position()).name, all[i].name);
    }
    folder = reader.folder();
  }
  EXPECT_EQ(i, all.size());
  for (const Items::Position position : own) EXPECT_EQ(sharing.at(position).name, "own");
}

TEST(Items, are_parsed_from_the_bytes_of_their_chunks_and_more_are_added) {
  Items items;
  const std::vector<Text> all = texts();
  for (const Text& text : all) items.add(item_of(text));
  std::string bytes;
  for (const Items::Chunk& chunk : items.chunks()) bytes += *chunk;
  std::optional<Items> parsed = Items::parse(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->count(), all.size());
  EXPECT_EQ(parsed->highest_found(), items.highest_found());
  ItemReader front(*parsed);
  Item second;
  ASSERT_TRUE(front.next(second) && front.next(second));
  const Items::Position later = parsed->add({.folder = "elsewhere", .name = "later"});
  std::size_t i = 0;
  ItemReader reader(*parsed);
  for (Item item; reader.next(item); ++i) {
    const std::string name = i < all.size() ? all[i].name : "later";
    EXPECT_EQ(item.folder, i < all.size() ? all[i].folder : "elsewhere");
    for (const Item& one : {item, parsed->at(reader.position())}) EXPECT_EQ(one.name, name);
  }
  EXPECT_EQ(i, all.size() + 1);
  EXPECT_EQ(parsed->at(later).name, "later");
  EXPECT_EQ(second.name.data(), parsed->at(front.position()).name.data()) << "nothing has moved";
  bytes.pop_back();
  EXPECT_FALSE(Items::parse(bytes));
}

TEST(Items, keep_the_largest_numbers) {
  Items items;
  items.add({.mode = std::numeric_limits<std::uint32_t>::max(),
             .size = std::numeric_limits<std::uint64_t>::max(),
             .name = "n",
             .place = std::numeric_limits<std::uint64_t>::max() - 1});
  ItemReader reader(items);
  Item item;
  ASSERT_TRUE(reader.next(item));
  EXPECT_EQ(item.mode, std::numeric_limits<std::uint32_t>::max());
  EXPECT_EQ(item.size, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(item.place, std::numeric_limits<std::uint64_t>::max() - 1);
  EXPECT_EQ(item.found, -1);
}

TEST(Items, of_an_empty_file_cost_its_name_and_about_ten_bytes) {
  Items items;
  for (int i = 0; i < 1000; ++i)
    items.add({.mode = 0644, .folder = "d", .name = "file00000000", .place = std::uint64_t{1} << 30});
  std::size_t size = 0;
  for (const Items::Chunk& chunk : items.chunks()) size += chunk->size();
  EXPECT_LE(size, 1000u * (12 + 10) + 10);
}

}  // namespace
}  // namespace peekr

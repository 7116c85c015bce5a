// SPDX-License-Identifier: Apache-2.0
#include "image/nodes.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/hash.h"

namespace peekr {
namespace {

TEST(Hash, differs_by_length_seed_and_every_byte) {
  constexpr std::uint64_t kSeed = 0x6A09E667F3BCC908;
  std::set<std::uint64_t> seen;
  std::size_t count = 0;
  const auto add = [&](std::uint64_t seed, const std::string& text) {
    seen.insert(hash_of(seed, text));
    ++count;
  };
  for (std::size_t size = 0; size <= 33; ++size) {
    const std::string text(size, 'a');
    add(kSeed, text);
    add(~kSeed, text);
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = 'b';
      add(kSeed, other);
    }
  }
  EXPECT_EQ(seen.size(), count);
}

// One layer with a file of each name.
struct Folder {
  explicit Folder(std::size_t count) : nodes(1) {
    for (std::size_t i = 0; i < count; ++i) put(i);
  }
  static std::string text(std::size_t i) { return "name" + std::to_string(i); }
  Nodes::Index put(std::size_t i) {
    const std::string name = text(i);
    const Items::Position at = nodes.layer_items(0).add({.kind = Item::Kind::file, .name = name});
    return nodes.put(nodes.place(Nodes::kRoot, name),
                     {.name = nodes.layer_items(0).at(at).name, .kind = NodeKind::file, .entry = at});
  }
  Nodes nodes;
};

TEST(Nodes, every_name_of_a_large_folder_is_found_and_no_other) {
  constexpr std::size_t kCount = 20000;
  const Folder folder(kCount);
  std::set<Nodes::Index> found;
  for (std::size_t i = 0; i < kCount; ++i) found.insert(folder.nodes.child(Nodes::kRoot, Folder::text(i)));
  EXPECT_EQ(found.size(), kCount);
  EXPECT_FALSE(found.contains(Nodes::kNone));
  for (std::size_t i = kCount; i < 2 * kCount; ++i)
    ASSERT_EQ(folder.nodes.child(Nodes::kRoot, Folder::text(i)), Nodes::kNone);
  const Nodes::Directory& root = folder.nodes.directory(Nodes::kRoot);
  EXPECT_EQ(root.children, kCount);
  EXPECT_LE(4 * std::size_t{root.used}, 3 * root.slots.size());
}

TEST(Nodes, what_is_removed_is_gone_until_it_is_put_again_and_takes_no_more_room) {
  Folder folder(100);
  for (int round = 0; round < 50; ++round) {
    const Nodes::Index old = folder.nodes.child(Nodes::kRoot, "name7");
    folder.nodes.remove(old);
    EXPECT_EQ(folder.nodes.child(Nodes::kRoot, "name7"), Nodes::kNone);
    EXPECT_FALSE(folder.nodes.is_reachable(old));
    const Nodes::Index again = folder.put(7);
    EXPECT_EQ(folder.nodes.child(Nodes::kRoot, "name7"), again);
  }
  EXPECT_EQ(folder.nodes.directory(Nodes::kRoot).used, 100u);
  EXPECT_EQ(folder.nodes.directory(Nodes::kRoot).children, 100u);
  EXPECT_EQ(folder.nodes.names_in(Nodes::kRoot).size(), 100u);
}

TEST(Nodes, names_in_their_order_are_indexed_when_one_is_looked_for_or_comes_out_of_it) {
  const auto is_indexed = [](const Folder& folder) {
    return !folder.nodes.directory(Nodes::kRoot).slots.empty();
  };
  Folder folder(10);
  EXPECT_EQ(folder.nodes.child(Nodes::kRoot, "name9"), 10u);
  EXPECT_EQ(folder.nodes.child(Nodes::kRoot, "name9x"), Nodes::kNone);
  EXPECT_FALSE(is_indexed(folder));
  EXPECT_EQ(folder.nodes.child(Nodes::kRoot, "name0"), 1u);
  EXPECT_EQ(folder.nodes.child(Nodes::kRoot, "name55"), Nodes::kNone);
  EXPECT_TRUE(is_indexed(folder));
  Folder other(10);
  const Nodes::Index last = other.put(9), first = other.put(0);
  EXPECT_TRUE(is_indexed(other));
  EXPECT_TRUE(other.nodes.is_gone(10) && other.nodes.is_gone(1));
  EXPECT_EQ(other.nodes.child(Nodes::kRoot, "name9"), last);
  EXPECT_EQ(other.nodes.child(Nodes::kRoot, "name0"), first);
  EXPECT_EQ(other.nodes.directory(Nodes::kRoot).children, 10u);
  Folder removed(10);
  removed.nodes.remove(10);
  EXPECT_EQ(removed.nodes.child(Nodes::kRoot, "name9"), Nodes::kNone);
  const Nodes::Index again = removed.put(9);
  EXPECT_EQ(removed.nodes.child(Nodes::kRoot, "name9"), again);
  EXPECT_EQ(removed.nodes.names_in(Nodes::kRoot).size(), 10u);
}

TEST(Nodes, one_of_the_same_name_replaces) {
  Folder folder(3);
  const Nodes::Index old = folder.nodes.child(Nodes::kRoot, "name1");
  const Nodes::Index renewed = folder.put(1);
  EXPECT_NE(old, renewed);
  EXPECT_TRUE(folder.nodes.is_gone(old));
  EXPECT_EQ(folder.nodes.directory(Nodes::kRoot).children, 3u);
}

TEST(Nodes, a_straight_walk_ends_at_links) {
  Nodes nodes(1);
  const auto put = [&](Nodes::Index in, std::string_view text, Item item, NodeKind kind) {
    item.name = text;
    const Items::Position at = nodes.layer_items(0).add(item);
    return nodes.put(nodes.place(in, text), {.name = text, .kind = kind, .entry = at});
  };
  const Nodes::Index folder = put(Nodes::kRoot, "d", {.kind = Item::Kind::directory}, NodeKind::directory);
  const Nodes::Index file = put(folder, "f", {}, NodeKind::file);
  put(Nodes::kRoot, "l", {.kind = Item::Kind::symlink, .link = "d"}, NodeKind::symlink);
  nodes.settle_links();
  EXPECT_EQ(nodes.walk_straight(""), Nodes::kRoot);
  EXPECT_EQ(nodes.walk_straight("d"), folder);
  EXPECT_EQ(nodes.walk_straight("d/f"), file);
  for (const char* path : {"l", "l/f", "d/g", "d/f/f", "e"})
    EXPECT_EQ(nodes.walk_straight(path), Nodes::kNone) << path;
  EXPECT_EQ(nodes.walk("l/f", Nodes::Last::follow), file);
}

}  // namespace
}  // namespace peekr

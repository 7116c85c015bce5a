// SPDX-License-Identifier: Apache-2.0
#include "image/lister.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <string>

namespace peekr {
namespace {

// "kind folder|name" of each entry.
std::vector<std::string> listed(const std::vector<std::string_view>& names) {
  const Limits limits;
  std::atomic<std::uint64_t> entries{0};
  Listing listing;
  Lister lister(limits, entries, listing);
  for (const std::string_view name : names) {
    TarEntry entry;
    entry.kind = name.ends_with('/') ? TarEntry::Kind::directory : TarEntry::Kind::file;
    entry.name = name;
    EXPECT_TRUE(lister.add(entry, [](const TarEntry&, std::string_view, Item&) -> Status { return {}; }));
  }
  std::vector<std::string> all;
  ItemReader reader(listing.items);
  for (Item item; reader.next(item);)
    all.push_back(std::to_string(static_cast<int>(item.kind)) + " " + std::string(item.folder) + "|" +
                  std::string(item.name));
  return all;
}

TEST(Lister, a_name_is_what_it_is_whatever_came_before_it) {
  constexpr std::array<std::string_view, 19> kNames = {"srv/a/x",
                                                       "srv/a/",
                                                       "srv/a/.hidden",
                                                       "srv/a/..",
                                                       "srv/a/../b",
                                                       "srv/a/.",
                                                       "srv/a//y",
                                                       "./srv/a/z",
                                                       "/srv/a/",
                                                       "srv/a/b/c",
                                                       "srv/ab",
                                                       "srv/a",
                                                       "x",
                                                       "",
                                                       "./",
                                                       "srv/a/x/",
                                                       "../srv/a/x",
                                                       "srv/a/.wh.q",
                                                       "srv/a/.wh..wh..opq"};
  for (const std::string_view before : kNames) {
    for (const std::string_view name : kNames)
      EXPECT_EQ(listed({before, name}).back(), listed({name}).back()) << before << " before " << name;
  }
  EXPECT_EQ(
      listed({"srv/a/x", "srv/a/.hidden", "srv/a/../b", "./srv/a/z", "srv/a/b/c"}),
      (std::vector<std::string>{"0 srv/a|x", "0 srv/a|.hidden", "0 srv|b", "0 srv/a|z", "0 srv/a/b|c"}));
}

}  // namespace
}  // namespace peekr

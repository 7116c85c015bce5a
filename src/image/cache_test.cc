// SPDX-License-Identifier: Apache-2.0
#include "image/cache.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "base/pool.h"
#include "image/record.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

struct CacheTest : testing::Test {
  ~CacheTest() override { fs::remove_all(folder_); }
  fs::path folder_ = fs::temp_directory_path() / ("peekr-cache-" + std::to_string(::getpid()));
};

TEST_F(CacheTest, what_is_saved_is_loaded) {
  Cache cache(folder_);
  const std::string key = Cache::key("a");
  EXPECT_FALSE(cache.load(key));
  cache.save(key, "bytes");
  cache.save(key, "bytes");
  EXPECT_EQ(cache.load(key), "bytes");
  EXPECT_EQ(Cache(folder_).load(key), "bytes");
  EXPECT_EQ(cache.entries().size(), 1u);
  Cache memory("");
  memory.save(key, "bytes");
  EXPECT_EQ(memory.load(key), "bytes");
}

TEST_F(CacheTest, what_is_there_already_is_not_written_anew_but_was_used) {
  const std::string key = Cache::key("a");
  Cache memory(""), disk(folder_);
  for (Cache* cache : {&memory, &disk}) {
    EXPECT_FALSE(cache->use(key));
    cache->save(key, "first");
    EXPECT_TRUE(cache->use(key));
  }
  const auto hour = fs::file_time_type::clock::now() - std::chrono::hours(1);
  for (const bool saved : {false, true}) {
    fs::last_write_time(folder_ / key, hour);
    saved ? disk.save(key, "second") : static_cast<void>(disk.use(key));
    EXPECT_GT(fs::last_write_time(folder_ / key), hour);
  }
  memory.save(key, "second");
  EXPECT_EQ(memory.load(key), "first");
  EXPECT_EQ(disk.load(key), "first");
  std::ofstream(folder_ / Cache::key("of another process")) << std::string(1000, 'x');
  Cache later(folder_, 100);
  later.save(key, "third");
  later.keep_to_limit();
  EXPECT_EQ(later.entries().size(), 2u) << "who has written nothing looks through nothing";
}

TEST_F(CacheTest, the_keys_of_a_family_are_found_together) {
  Cache memory(""), disk(folder_);
  for (Cache* cache : {&memory, &disk}) {
    EXPECT_TRUE(cache->keys_of("debian").empty());
    for (const char* one : {"12", "13"}) cache->save(Cache::key("debian", one), one);
    cache->save(Cache::key("ubuntu", "12"), "another");
    cache->save(Cache::key("12"), "alone");
    std::vector<std::string> found;
    for (const std::string& key : cache->keys_of("debian")) found.push_back(cache->load(key).value_or(""));
    std::ranges::sort(found);
    EXPECT_EQ(found, (std::vector<std::string>{"12", "13"}));
  }
  EXPECT_EQ(disk.entries().size(), 4u) << "peekr cache knows them as it knows all";
  const auto hour = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(folder_ / Cache::key("debian", "12"), hour);
  EXPECT_EQ(disk.keys_of("debian").front(), Cache::key("debian", "13")) << "what was used last";
  for (const auto& [earlier, later] : {std::pair("12", "13"), std::pair("13", "12")}) {
    fs::last_write_time(folder_ / Cache::key("debian", earlier), hour);
    fs::last_write_time(folder_ / Cache::key("debian", later), hour + std::chrono::nanoseconds(1000));
    EXPECT_EQ(disk.keys_of("debian").front(), Cache::key("debian", later)) << "in one second";
  }
}

TEST_F(CacheTest, a_damaged_entry_is_none) {
  Cache cache(folder_);
  const std::string key = Cache::key("a");
  cache.save(key, "bytes");
  std::ofstream(folder_ / key, std::ios::app) << "x";
  EXPECT_FALSE(cache.load(key));
  EXPECT_FALSE(fs::exists(folder_ / key));
  EXPECT_EQ(cache.damaged(), 1u);
}

TEST_F(CacheTest, what_cannot_be_unpacked_is_no_entry_and_gives_way) {
  const std::string listing = Cache::key("listing"), inventory = Cache::key("inventory");
  Cache memory(""), disk(folder_);
  for (Cache* cache : {&memory, &disk}) {
    for (const std::string& key : {listing, inventory}) cache->save(key, "whole, but of another peekr");
    EXPECT_FALSE(load_listing(listing, *cache));
    EXPECT_FALSE(load_inventory(inventory, *cache));
    EXPECT_EQ(cache->damaged(), 2u);
    cache->save(listing, pack(Listing{.notes = {{Path("a"), Why::too_big, "large"}}}));
    cache->save(inventory, pack(Inventory{.repositories = {"main"}}));
    EXPECT_EQ(load_listing(listing, *cache).value_or(Listing()).notes.size(), 1u);
    EXPECT_EQ(load_inventory(inventory, *cache).value_or(Inventory()).repositories.size(), 1u);
    EXPECT_FALSE(load_listing(Cache::key("none"), *cache));
    EXPECT_EQ(cache->damaged(), 2u);
  }
}

TEST_F(CacheTest, what_was_used_longest_ago_goes_first) {
  Cache cache(folder_, 300);
  for (const char* name : {"a", "b", "c"}) cache.save(Cache::key(name), std::string(100, 'x'));
  const auto age = [&](const char* name, int hours) {
    fs::last_write_time(folder_ / Cache::key(name),
                        fs::file_time_type::clock::now() - std::chrono::hours(hours));
  };
  age("a", 2);
  age("b", 3);
  age("c", 1);
  EXPECT_TRUE(cache.load(Cache::key("b")));  // which is now the one that was used last
  cache.keep_to_limit();
  EXPECT_FALSE(cache.load(Cache::key("a")));
  EXPECT_TRUE(cache.load(Cache::key("b")));
  EXPECT_TRUE(cache.load(Cache::key("c")));
  cache.save(Cache::key("d"), std::string(1000, 'x'));  // larger than the cache may be
  EXPECT_FALSE(cache.load(Cache::key("d")));
}

TEST_F(CacheTest, what_cannot_be_written_is_said) {
  std::ofstream(folder_) << "a file";
  Cache cache(folder_);
  cache.save(Cache::key("a"), "bytes");
  EXPECT_NE(cache.trouble().find(folder_.string()), std::string::npos);
}

// As somebody who may read the folder, and no more; root is nobody meanwhile.
class ReadOnly {
 public:
  explicit ReadOnly(const fs::path& folder) : folder_(folder), root_(::geteuid() == 0) {
    fs::permissions(folder_, fs::perms(0555));
    if (root_) EXPECT_EQ(::seteuid(65534), 0);
  }
  ReadOnly(const ReadOnly&) = delete;
  ReadOnly& operator=(const ReadOnly&) = delete;
  ~ReadOnly() {
    if (root_) EXPECT_EQ(::seteuid(0), 0);
    fs::permissions(folder_, fs::perms(0755));
  }

 private:
  fs::path folder_;
  bool root_;
};

TEST_F(CacheTest, what_cannot_be_removed_is_said_and_not_counted) {
  const std::string key = Cache::key("a");
  Cache(folder_).save(key, "bytes");
  {
    const ReadOnly folder(folder_);
    Cache cache(folder_);
    EXPECT_EQ(cache.prune(0), 0u);
    EXPECT_EQ(cache.trouble(),
              "cache " + (folder_ / key).string() + ": cannot be removed: Permission denied");
  }
  Cache cache(folder_);
  EXPECT_EQ(cache.prune(0), 1u);
  EXPECT_EQ(cache.trouble(), "");
}

TEST_F(CacheTest, what_another_process_has_removed_is_not_counted) {
  constexpr std::size_t kEntries = 500;
  Cache all(folder_);
  for (std::size_t i = 0; i < kEntries; ++i) all.save(Cache::key(std::to_string(i)), "bytes");
  const std::vector<std::size_t> removed =
      Pool(4).map(4, [&](std::size_t) { return Cache(folder_).prune(0); });
  EXPECT_EQ(std::accumulate(removed.begin(), removed.end(), std::size_t{0}), kEntries);
  EXPECT_EQ(all.entries().size(), 0u);
}

TEST_F(CacheTest, what_may_not_be_read_is_said) {
  const std::string key = Cache::key("a");
  Cache(folder_).save(key, "bytes");
  fs::permissions(folder_ / key, fs::perms(0));
  const ReadOnly folder(folder_);
  Cache cache(folder_);
  EXPECT_FALSE(cache.load(key));
  EXPECT_EQ(cache.trouble(),
            "cache " + (folder_ / key).string() + ": Permission denied: what it has is read again");
  EXPECT_FALSE(cache.load(Cache::key("b")));
}

TEST_F(CacheTest, a_folder_that_cannot_be_read_is_not_an_empty_one) {
  Cache none(folder_);
  EXPECT_TRUE(none.entries().empty());
  EXPECT_EQ(none.trouble(), "");
  std::ofstream(folder_) << "a file";
  EXPECT_TRUE(none.entries().empty());
  EXPECT_EQ(none.trouble(), "cache " + folder_.string() + ": Not a directory");
}

TEST(Record, a_listing_comes_back_as_it_was) {
  Listing listing;
  listing.items.add({.kind = Item::Kind::file,
                     .mode = 0755,
                     .size = 1u << 31,
                     .folder = "a",
                     .name = "b",
                     .place = 512,
                     .found = 0});
  listing.items.add({.kind = Item::Kind::symlink, .name = "l", .link = "a"});
  auto inventory = std::make_shared<Inventory>();
  inventory->packages.push_back({.type = "deb",
                                 .name = "n",
                                 .version = "1",
                                 .epoch = 0,
                                 .files = {"x"},
                                 .checksums = {{.file = ~std::uint64_t{1}, .sum = {}}},
                                 .by_content = true,
                                 .at_least = true});
  inventory->distro = Distro{.id = "debian"};
  listing.found.push_back(
      {.path = Path("a/b"), .layer = 3, .neighbours = {Path("a/c")}, .inventory = inventory});
  listing.notes.push_back({Path("a"), Why::too_big, "large"});
  const std::string bytes = pack(listing);
  const std::optional<Listing> again = unpack_listing(bytes);
  ASSERT_TRUE(again);
  EXPECT_EQ(pack(*again), bytes);
  ItemReader reader(again->items);
  Item item;
  ASSERT_TRUE(reader.next(item));
  EXPECT_EQ(item.folder, "a");
  EXPECT_EQ(item.name, "b");
  EXPECT_EQ(item.size, 1u << 31);
  EXPECT_EQ(item.found, 0);
  ASSERT_TRUE(reader.next(item));
  EXPECT_EQ(item.folder, "");
  EXPECT_EQ(item.found, -1);
  EXPECT_EQ(item.link, "a");
  EXPECT_FALSE(reader.next(item));
  const Package& package = again->found[0].inventory->packages[0];
  EXPECT_EQ(package.epoch, 0u);
  EXPECT_EQ(package.files, PackedTexts{"x"});
  EXPECT_EQ(package.checksums[0].file, ~std::uint64_t{1});
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(unpack_listing(bytes.substr(0, size)));
}

TEST(Record, files_of_which_nothing_but_that_they_are_programs_is_said_share_that) {
  Listing listing;
  for (const bool executable : {true, false, true, false}) {
    const Inventory said{.executable = executable};
    listing.found.push_back({.path = Path("a"), .inventory = std::make_shared<Inventory>(said)});
  }
  const Inventory declared{.executable = true, .declared = true};
  listing.found.push_back({.path = Path("a"), .inventory = std::make_shared<Inventory>(declared)});
  const std::string bytes = pack(listing);
  const std::optional<Listing> again = unpack_listing(bytes);
  ASSERT_TRUE(again);
  EXPECT_EQ(pack(*again), bytes);
  EXPECT_EQ(again->found[0].inventory, again->found[2].inventory);
  EXPECT_EQ(again->found[1].inventory, again->found[3].inventory);
  EXPECT_TRUE(again->found[0].inventory->executable);
  EXPECT_FALSE(again->found[1].inventory->executable);
  EXPECT_TRUE(again->found[4].inventory->declared);
}

TEST(Record, a_listing_with_a_list_of_files_that_is_none_is_none) {
  Listing listing;
  auto inventory = std::make_shared<Inventory>();
  inventory->claims.push_back({.files = {"usr/bin/x"}});
  listing.found.push_back({.path = Path("a"), .inventory = inventory});
  std::string bytes = pack(listing);
  ASSERT_TRUE(unpack_listing(bytes));
  bytes[bytes.find("usr/bin/x") - 1] = 10;  // which has 9 bytes
  EXPECT_FALSE(unpack_listing(bytes));
}

TEST(Record, a_listing_whose_entries_have_found_more_than_is_there_is_none) {
  for (const std::int32_t found : {-2, -1, 0, 1}) {
    Listing listing;
    listing.items.add({.kind = Item::Kind::file, .folder = "a", .name = "b", .found = found});
    listing.items.add({.kind = Item::Kind::file, .folder = "a", .name = "c", .found = -1});
    listing.found.push_back({.path = Path("a/b"), .inventory = std::make_shared<Inventory>()});
    EXPECT_EQ(unpack_listing(pack(listing)).has_value(), found == -1 || found == 0) << found;
  }
}

}  // namespace
}  // namespace peekr

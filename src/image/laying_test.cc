// SPDX-License-Identifier: Apache-2.0
#include "image/laying.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <thread>

#include "image/test_layers.h"

namespace peekr {
namespace {

// Says what it is told to do.
class Telling : public LayerBuilder {
 public:
  void begin(std::uint32_t layer) override {
    said.push_back("begin " + std::to_string(layer));
    folder_ = {};
  }
  Status lay(Items::Chunk chunk) override {
    ItemReader reader(items_, items_.share(std::move(chunk)), folder_);
    for (Item item; reader.next(item);) {
      said.push_back(std::string(item.folder) + "/" + std::string(item.name));
      if (item.name == "bad") return fail(Errc::limit, "bad");
    }
    folder_ = reader.folder();
    return {};
  }
  void end(Listing& listing) override { said.push_back("end of " + std::to_string(listing.found.size())); }

  std::vector<std::string> said;

 private:
  Items items_;
  std::string_view folder_;
};

std::string folder_of(int item) {
  return "a folder with a name of some bytes, number " + std::to_string(item / 100);
}

void fill(Items& items, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string folder = folder_of(i), name = std::to_string(i);
    items.add({.folder = folder, .name = name});
  }
}

Listing listing_of(int count, std::size_t found) {
  Listing listing;
  fill(listing.items, count);
  listing.found.resize(found);
  return listing;
}

std::vector<std::string> said_of(std::uint32_t layer, int count, std::size_t found) {
  std::vector<std::string> all = {"begin " + std::to_string(layer)};
  for (int i = 0; i < count; ++i) all.push_back(folder_of(i) + "/" + std::to_string(i));
  all.push_back("end of " + std::to_string(found));
  return all;
}

TEST(Laying, LaysFromTheLowestOnWhateverIsReadFirst) {
  for (const int count : {0, 1, 30'000}) {
    Telling builder;
    Laying laying(builder, 3);
    Listing lowest;
    laying.begin(0, lowest.items);
    laying.add(2, listing_of(2, 2));
    Listing second;
    laying.begin(1, second.items);  // too early
    fill(lowest.items, count);
    fill(second.items, 5000);
    lowest.found.resize(7);
    laying.add(0, std::move(lowest));
    laying.add(1, std::move(second));
    EXPECT_TRUE(laying.finish());
    std::vector<std::string> want = said_of(0, count, 7);
    std::ranges::copy(said_of(1, 5000, 0), std::back_inserter(want));
    std::ranges::copy(said_of(2, 2, 2), std::back_inserter(want));
    EXPECT_EQ(builder.said, want);
  }
}

TEST(Laying, BeginsWithEachLayerThatIsTheNext) {
  Telling builder;
  Laying laying(builder, 3);
  std::vector<std::string> want;
  for (const std::uint32_t layer : {0u, 1u, 2u}) {
    Listing listing;
    laying.begin(layer, listing.items);
    fill(listing.items, 10'000);
    laying.add(layer, std::move(listing));
    std::ranges::copy(said_of(layer, 10'000, 0), std::back_inserter(want));
  }
  EXPECT_TRUE(laying.finish());
  EXPECT_EQ(builder.said, want);
}

TEST(Laying, StopsWhereItFails) {
  for (const bool at_once : {false, true}) {
    Telling builder;
    Laying laying(builder, 2);
    Listing listing;
    if (at_once) laying.begin(0, listing.items);
    listing.items.add({.folder = "a", .name = "bad"});
    fill(listing.items, 30'000);
    laying.add(0, std::move(listing));
    laying.add(1, listing_of(1, 0));
    EXPECT_EQ(laying.finish().error().message, "bad");
    EXPECT_EQ(builder.said, (std::vector<std::string>{"begin 0", "a/bad"}));
  }
}

// Takes its time, once it may begin.
class Slow : public LayerBuilder {
 public:
  void begin(std::uint32_t) override {}
  Status lay(Items::Chunk) override {
    may_begin.wait(false);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    ++laid;
    return {};
  }
  void end(Listing&) override { ended = true; }

  std::atomic<bool> may_begin = false;
  std::size_t laid = 0;
  bool ended = false;
};

TEST(Laying, LaysNothingMoreWhereTheLayerIsNotReadToItsEnd) {
  Slow builder;
  Listing listing;
  {
    Laying laying(builder, 1);
    laying.begin(0, listing.items);
    fill(listing.items, 100'000);
    builder.may_begin = true;
    builder.may_begin.notify_one();
  }
  EXPECT_LT(builder.laid, listing.items.chunks().size() / 2);
  EXPECT_FALSE(builder.ended);
}

// One layer, laid while it is read or afterwards.
TEST(Laying, GivesOneTreeWhateverReadsOrLays) {
  using testing_layers::Made;
  std::vector<Made> made;
  for (int i = 0; i < 4000; ++i) {
    const std::string name = std::to_string(i);
    made.push_back({"some/implied/folders/" + folder_of(i) + "/some name " + name, '0', "", ""});
    if (i % 1500 == 7) made.push_back({"twice/wanted", '0', name, ""});
    if (i % 1000 == 9) made.push_back({"d" + name + "/wanted", '0', name, ""});
    if (i % 1000 == 10) made.push_back({"hard" + name, '1', "", "twice/wanted"});
    if (i % 1000 == 11) made.push_back({"link" + name, '2', "", "made/of/link"});
    if (i % 1000 == 12) made.push_back({"link" + std::to_string(i - 1) + "/wanted", '0', name, ""});
    if (i % 2000 == 13) made.push_back({"hard" + name, '1', "", "nothing"});
    if (i % 2000 == 15) made.push_back({"d9/.wh.wanted", '0', "", ""});
  }
  const std::vector<std::string> layers = {testing_layers::tar(made)};
  std::array<std::vector<std::string>, 2> seen;
  for (const unsigned threads : {1u, 2u}) {
    const Result<Tree> tree = read_layers(testing_layers::image_of(layers), testing_layers::kWantedReader,
                                          {.threads = threads}, {});
    ASSERT_TRUE(tree) << tree.error().message;
    std::vector<std::string>& all = seen[threads - 1];
    for (const Found& one : tree->found())
      all.push_back(one.path.str() + "=" + one.inventory->packages.at(0).name +
                    (one.visible ? "" : ", hidden"));
    for (const Note& one : tree->notes()) all.push_back(one.path.str() + ": " + one.what);
    for (const Made& one : made) {
      const std::optional<Node> node = tree->find(Path(one.name));
      all.push_back(one.name + (node ? " " + std::to_string(node->size) : ""));
    }
    for (const std::string_view name : tree->list(Path("some/implied/folders"))) all.emplace_back(name);
  }
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_EQ(seen[0].at(0), "d1009/wanted=1009");
}

}  // namespace
}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// An image that comes as one stream is what it is in layers, in whatever order they come.
#include <gtest/gtest.h>

#include "image/record.h"
#include "image/test_layers.h"
#include "lib/digest.h"

namespace peekr {
namespace {

using testing_layers::kWantedReader;

std::string_view version() { return "1"; }
constexpr Reader kKept{.interest = kWantedReader.interest, .read = kWantedReader.read, .version = version};

// Layers, and the names and contents of the blobs that come for them.
struct Sent {
  std::vector<std::string> layers;
  std::vector<std::pair<std::string, std::string>> blobs;
  std::vector<std::string> read;  // names of those whose bytes were asked for
};

Digest digest_of(const std::string& bytes) { return {"sha256", hex_digest("sha256", bytes)}; }

// Bytes that say when they are asked for.
class Asked : public ByteSource {
 public:
  Asked(std::string_view bytes, std::function<void()> asked) : bytes_(bytes), asked_(std::move(asked)) {}

 private:
  Result<std::string_view> fill() override {
    if (!bytes_.empty()) asked_();
    return std::exchange(bytes_, {});
  }

  std::string_view bytes_;
  std::function<void()> asked_;
};

Image image_of(Sent& sent) {
  Image image;
  for (const std::string& layer : sent.layers) image.info.layers.push_back({.digest = digest_of(layer)});
  image.layers.resize(sent.layers.size());
  image.stream = std::make_shared<BlobStream>();
  image.stream->read = [&sent](const BlobStream::Use& use) -> Status {
    for (const auto& [name, bytes] : sent.blobs) {
      auto blob = std::make_unique<Asked>(bytes, [&sent, &one = name] { sent.read.push_back(one); });
      const bool more = TRY(use(name, std::move(blob)));
      if (!more) return {};
    }
    return {};
  };
  return image;
}

// "path layer contents" of what was found.
std::vector<std::string> found(const Tree& tree) {
  std::vector<std::string> all;
  for (const Found& one : tree.found()) {
    if (one.inventory == nullptr) continue;
    all.push_back(one.path.str() + " " + std::to_string(one.layer) + " " +
                  one.inventory->packages.front().name);
  }
  return all;
}

Sent two_layers() {
  Sent sent;
  sent.layers = {testing_layers::tar({{"wanted", '0', "low", ""}, {"file", '0', "low", ""}}),
                 testing_layers::tar({{"wanted", '0', "high", ""}, {"other", '0', "high", ""}})};
  sent.blobs = {{"x/layer.tar", sent.layers[1]}, {"y/layer.tar", sent.layers[0]}};
  return sent;
}

TEST(Stream, blobs_are_the_layers_whose_digest_they_have) {
  Sent sent = two_layers();
  const Result<Tree> tree = read_layers(image_of(sent), kWantedReader, {}, {});
  ASSERT_TRUE(tree) << tree.error().message;
  EXPECT_EQ(found(*tree), (std::vector<std::string>{"wanted 0 low", "wanted 1 high"}));
}

TEST(Stream, one_blob_is_all_layers_that_have_its_digest) {
  Sent sent = two_layers();
  sent.layers.push_back(sent.layers.front());
  const Image image = image_of(sent);
  const Result<Tree> tree = read_layers(image, kWantedReader, {}, {});
  ASSERT_TRUE(tree) << tree.error().message;
  EXPECT_EQ(found(*tree), (std::vector<std::string>{"wanted 0 low", "wanted 1 high", "wanted 2 low"}));
  EXPECT_EQ(tree->find(Path("file"))->layer, 2u);
}

TEST(Stream, a_layer_that_does_not_come_is_an_error) {
  Sent sent = two_layers();
  sent.blobs.back().second += std::string(512, '\0');
  const Result<Tree> tree = read_layers(image_of(sent), kWantedReader, {}, {});
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().code, Errc::mismatch);
  EXPECT_EQ(tree.error().message,
            "layer 1 of 2 (" + digest_of(sent.layers[0]).str() + "): nothing that was sent has this digest");
}

TEST(Stream, a_damaged_blob_is_named) {
  Sent sent = two_layers();
  sent.blobs.front().second.resize(512);
  const Result<Tree> tree = read_layers(image_of(sent), kWantedReader, {}, {});
  ASSERT_FALSE(tree);
  EXPECT_TRUE(tree.error().message.starts_with(
      "layer 2 of 2 (" + digest_of(sent.layers[1]).str() +
      "): nothing that was sent has this digest; of what was sent, x/layer.tar: "))
      << tree.error().message;
}

TEST(Stream, what_is_no_layer_is_passed_over_and_an_empty_one_need_not_come) {
  Sent sent = two_layers();
  sent.layers.emplace_back();
  sent.blobs.insert(sent.blobs.begin(), {{"wasm", std::string("\0asm\1\0\0\0", 8) + std::string(2000, 'w')},
                                         {"packed", "\x1f\x8b\x08 and no more"},
                                         {"document", "\n{}"}});
  const Image image = image_of(sent);
  const Result<Tree> tree = read_layers(image, kWantedReader, {}, {});
  ASSERT_TRUE(tree) << tree.error().message;
  EXPECT_EQ(found(*tree), (std::vector<std::string>{"wanted 0 low", "wanted 1 high"}));
  EXPECT_TRUE(tree->notes().empty());
  image.stream->plain.with([](auto& known) { known.clear(); });
  std::string got;
  const Status status = tree->read_again(
      image, {Path("file")}, {}, [&](const Path&, std::string_view bytes, const Node&) { got += bytes; });
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(got, "low");
}

TEST(Stream, what_the_cache_has_is_not_read) {
  Sent sent = two_layers();
  Cache cache("");
  Sent lower{.layers = {sent.layers[0]}, .blobs = {sent.blobs[1]}};
  ASSERT_TRUE(read_layers(image_of(lower), kKept, {.cache = &cache}, {}));
  sent.blobs = {{digest_of(sent.layers[0]).hex + ".tar", sent.layers[0]}, {"upper.tar", sent.layers[1]}};
  const Result<Tree> tree = read_layers(image_of(sent), kKept, {.cache = &cache}, {});
  ASSERT_TRUE(tree) << tree.error().message;
  EXPECT_EQ(found(*tree), (std::vector<std::string>{"wanted 0 low", "wanted 1 high"}));
  EXPECT_EQ(sent.read, std::vector<std::string>{"upper.tar"});
  sent.read.clear();
  ASSERT_TRUE(read_layers(image_of(sent), kKept, {.cache = &cache}, {}));
  EXPECT_TRUE(sent.read.empty());
}

TEST(Stream, the_second_reading_is_one_pass_also_where_the_first_was_the_cache) {
  Sent sent = two_layers();
  sent.layers.push_back(sent.layers.front());
  Cache cache("");
  for (int i = 0; i < 2; ++i) {
    const Image image = image_of(sent);
    const Result<Tree> tree = read_layers(image, kKept, {.cache = &cache}, {});
    ASSERT_TRUE(tree) << tree.error().message;
    std::vector<std::string> got;
    const Status status = tree->read_again(image, {Path("file"), Path("other"), Path("wanted")}, {},
                                           [&](const Path& path, std::string_view bytes, const Node&) {
                                             got.push_back(path.str() + "=" + std::string(bytes));
                                           });
    ASSERT_TRUE(status) << status.error().message;
    std::ranges::sort(got);
    EXPECT_EQ(got, (std::vector<std::string>{"file=low", "other=high", "wanted=low"}));
  }
}

TEST(Stream, some_layers_may_be_had_one_by_one) {
  Sent sent = two_layers();
  const std::string top =
      testing_layers::tar({{"wanted", '0', "top", ""}, {".wh.file", '0', "", ""}, {"more", '0', "top", ""}});
  Image image = image_of(sent);
  image.info.layers.emplace_back();
  image.layers.emplace_back([&] { return memory_bytes(top); });
  const Result<Tree> tree = read_layers(image, kWantedReader, {}, {});
  ASSERT_TRUE(tree) << tree.error().message;
  EXPECT_EQ(found(*tree), (std::vector<std::string>{"wanted 0 low", "wanted 1 high", "wanted 2 top"}));
  EXPECT_FALSE(tree->find(Path("file")));
  std::vector<std::string> got;
  const Status status = tree->read_again(image, {Path("more"), Path("other")}, {},
                                         [&](const Path& path, std::string_view bytes, const Node&) {
                                           got.push_back(path.str() + "=" + std::string(bytes));
                                         });
  ASSERT_TRUE(status) << status.error().message;
  std::ranges::sort(got);
  EXPECT_EQ(got, (std::vector<std::string>{"more=top", "other=high"}));
}

TEST(Stream, bytes_that_have_changed_since_are_a_mismatch) {
  Sent sent = two_layers();
  const Image image = image_of(sent);
  const Result<Tree> tree = read_layers(image, kWantedReader, {}, {});
  ASSERT_TRUE(tree);
  sent.blobs.back().second = testing_layers::tar({{"wanted", '0', "low", ""}, {"file", '0', "bad", ""}});
  const Status status =
      tree->read_again(image, {Path("file")}, {}, [](const Path&, std::string_view, const Node&) {});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::mismatch);
}

}  // namespace
}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// Layers from hostile bytes: unpacking, tar walking, merging, links. Input: two layers, the first one's
// length in two bytes (little endian) in front. Seeds: made by tools/fuzz.py from small tars, plain, gzip and
// zstd.
#include <cassert>
#include <cstdint>

#include "base/cursor.h"
#include "image/test_layers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace peekr;
  const std::string input(data, data + size);
  Cursor in(input);
  const std::string first(in.take(in.le<std::uint16_t>()));
  const std::vector<std::string> layers = {first, std::string(in.take(in.remaining()))};
  const Image image = testing_layers::image_of(layers);
  const ReadOptions options{
      .limits = {.layer_bytes = 1 << 22, .entries = 2000, .file_bytes = 1 << 20, .window_log = 20},
      .threads = 1};
  const Result<Tree> tree = read_layers(image, testing_layers::kWantedReader, options, {});
  if (!tree) return 0;
  for (const Found& found : tree->found()) {
    if (!found.visible) continue;
    const std::optional<Node> node = tree->find_no_follow(found.path);
    assert(node && node->kind == NodeKind::file);
    assert(tree->real_path(found.path) == found.path);
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Tables of contents from hostile bytes, and layers that are read by them. Input: the document, a NUL, the bytes before the table;
// or the end of an eStargz blob. Seeds: made by tools/fuzz.py.
#include <cassert>
#include <cstdint>

#include "base/text.h"
#include "image/partial.h"
#include "image/test_layers.h"
#include "lib/digest.h"
#include "lib/zstd.h"

namespace peekr {
namespace {

// A zstd:chunked layer of these bytes and that table.
void read_by(const std::string& payload, const std::string& json) {
  const std::string table = *zstd_packed(json);
  const std::vector<std::string> layers = {payload + "\x50\x2a\x4d\x18...." + table};
  Image image = testing_layers::image_of(layers);
  LayerTable& own = image.tables[0];
  own.place = {TocPlace::Format::zstd_chunked,
               {"sha256", hex_digest("sha256", table)},
               layers[0].size() - table.size(),
               table.size()};
  own.part = [&](std::uint64_t from, std::uint64_t size) -> Result<std::unique_ptr<ByteSource>> {
    assert(from <= layers[0].size() && size <= layers[0].size() - from);
    return memory_bytes(std::string_view(layers[0]).substr(from, size));
  };
  image.info.layers[0].size *= 4;  // else reading all of it would be worth more
  const ReadOptions options{
      .limits = {.layer_bytes = 1 << 22, .entries = 2000, .file_bytes = 1 << 20, .window_log = 20},
      .partial = true,
      .threads = 1};
  const Result<Tree> tree = read_layers(image, testing_layers::kWantedReader, options, {});
  if (tree)
    assert(toc_in_use(image, 0) ||
           image.whole_because->with([](const auto& all) { return all.contains(0); }));
}

void check(const Toc& toc, std::uint64_t payload) {
  for (const Toc::Entry& entry : toc.entries) {
    std::uint64_t covered = 0;
    for (const Toc::Chunk& chunk : entry.chunks) {
      assert(chunk.zeros || (chunk.offset < chunk.end && chunk.end <= payload));
      covered += chunk.size;
    }
    assert(entry.tar.kind != TarEntry::Kind::file || covered == entry.tar.size);
  }
}

}  // namespace
}  // namespace peekr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace peekr;
  const std::string input(data, data + size);
  (void)toc_offset(input);
  (void)toc_place(
      {{"containerd.io/snapshot/stargz/toc.digest", input},
       {"io.github.containers.zstd-chunked.manifest-position", input},
       {"io.github.containers.zstd-chunked.manifest-checksum", "sha256:" + std::string(64, 'a')}});
  const auto [json, payload] = cut(input, '\0');
  const Result<Toc> toc = parse_toc(json, payload.size(), {.entries = 2000});
  if (!toc) return 0;
  check(*toc, payload.size());
  read_by(std::string(payload), std::string(json));
  return 0;
}

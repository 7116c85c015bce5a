// SPDX-License-Identifier: Apache-2.0
// Tables of contents from hostile bytes. Input: a document, or the end of an eStargz blob. Seeds: made by tools/fuzz.py.
#include <cassert>
#include <cstdint>

#include "image/toc.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace peekr;
  constexpr std::uint64_t kPayload = 1 << 20;
  const std::string input(data, data + size);
  (void)toc_offset(input);
  (void)toc_place(
      {{"containerd.io/snapshot/stargz/toc.digest", input},
       {"io.github.containers.zstd-chunked.manifest-position", input},
       {"io.github.containers.zstd-chunked.manifest-checksum", "sha256:" + std::string(64, 'a')}});
  const Result<Toc> toc = parse_toc(input, kPayload, {.entries = 2000});
  if (!toc) return 0;
  for (const Toc::Entry& entry : toc->entries) {
    std::uint64_t covered = 0;
    for (const Toc::Chunk& chunk : entry.chunks) {
      assert(chunk.zeros || (chunk.offset < chunk.end && chunk.end <= kPayload));
      covered += chunk.size;
    }
    assert(entry.tar.kind != TarEntry::Kind::file || covered == entry.tar.size);
  }
  return 0;
}

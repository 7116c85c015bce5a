// SPDX-License-Identifier: Apache-2.0
// Toc: the table of contents that some layers carry. It lists the entries of the tar in their order, and where in the compressed
// blob the bytes of each file begin, so that a reader may take single files. Two writers have the same JSON:
//   eStargz       github.com/containerd/stargz-snapshotter docs/estargz.md. Many gzip members; the table is the last but one, a tar
//                 of one file, and the last 51 bytes say where that begins
//   zstd:chunked  github.com/containers/storage pkg/chunked. Many zstd frames; the table is zstd in a skippable frame behind them
// What a manifest says of a table is what it is verified by: without that nobody believes it. Pure: bytes in, values out.
//
// A table is not the tar: it may leave out what an unpacker sees, and say what it does not (image/toc_check.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "image/tar.h"
#include "model/digest.h"
#include "model/limits.h"

namespace peekr {

// What the annotations of a layer say of its table.
struct TocPlace {
  enum class Format : std::uint8_t { estargz, zstd_chunked };
  Format format{};
  Digest digest;                       // eStargz: of the JSON; zstd:chunked: of the compressed table
  std::uint64_t offset = 0, size = 0;  // zstd:chunked: of the compressed table in the blob
  auto operator<=>(const TocPlace&) const = default;
};

// Nothing: they say nothing of one, or not all that it takes to verify it.
[[nodiscard]] std::optional<TocPlace> toc_place(const std::map<std::string, std::string>& annotations);

// The end of an eStargz blob, and where its table begins by that.
constexpr std::uint64_t kFooterBytes = 51;
[[nodiscard]] std::optional<std::uint64_t> toc_offset(std::string_view footer);

// The name of the file that an eStargz blob has its table in.
constexpr std::string_view kTocName = "stargz.index.json";
constexpr std::uint64_t kMostToc = 64
                                   << 20;  // bytes, packed or not: it takes ten times that while it is read

struct Toc {
  // So many bytes of a file.
  struct Chunk {
    std::uint64_t
        offset = 0,
        end = 0;  // in the blob: a member or frame begins at `offset`, and nothing of it lies behind `end`
    std::uint64_t inner = 0;  // so many unpacked bytes come before its own
    std::uint64_t size = 0;   // of its own
    std::string digest;       // of those, "sha256:.."; may be empty
    bool zeros = false;       // they are zeros, which the blob does not have
  };
  struct Entry {
    TarEntry tar;               // its `offset` is the place of the entry in `entries`
    std::string digest;         // of the file; may be empty
    std::vector<Chunk> chunks;  // of a file that is not empty: all of it, in order
  };
  std::vector<Entry> entries;
};

// `payload`: so many bytes of the blob come before the table. Errc::damaged: it is none that a reader can go by; limit: over
// kMostToc or limits.entries.
[[nodiscard]] Result<Toc> parse_toc(std::string_view json, std::uint64_t payload, const Limits& limits);

// A name of the tar as a table has it: for each byte that is no UTF-8, the writers (Go's JSON) put U+FFFD.
[[nodiscard]] std::string as_in_table(std::string_view name);

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// Limits: how much of an untrusted input peekr is willing to take in. Every unpacker is given one. Each field is an option
// of the program (--limit NAME=VALUE); going over one is an error or a Note that names it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace peekr {

struct Limits {
  std::uint64_t layer_bytes = std::uint64_t{128} << 30;  // one layer, unpacked
  std::uint64_t ratio = 400;  // unpacked : packed, asked after the first ratio_from bytes
  std::uint64_t ratio_from = std::uint64_t{1} << 30;    // unpacked bytes that are fine at any ratio
  std::uint64_t entries = 4'000'000;                    // tar entries of all layers together
  std::uint64_t packages = 500'000;                     // found in files of all layers together
  std::uint64_t file_bytes = std::uint64_t{512} << 20;  // one file that a cataloger wants to see
  std::uint64_t path_bytes = 4096;  // one name in a layer: PATH_MAX, no kernel opens a longer one
  std::uint64_t header_bytes = std::uint64_t{16}
                               << 20;  // what stands before a file's bytes: names, pax records, sparse maps
  std::uint64_t manifest_bytes = std::uint64_t{16} << 20;  // a manifest, index or image configuration
  std::uint64_t archive_bytes = std::uint64_t{1}
                                << 30;            // an archive that is compressed as a whole: held in memory
  std::uint64_t image_bytes = ~std::uint64_t{0};  // all layers of an image, as they are stored
  std::uint64_t layers = 4096;                    // of one image: engines allow 127
  unsigned window_log = 27;                       // zstd window, as 2^n bytes
};

constexpr std::size_t kSbomHead = 64 << 10;  // within so many bytes an SBOM says what it is

}  // namespace peekr

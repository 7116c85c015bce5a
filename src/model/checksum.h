// SPDX-License-Identifier: Apache-2.0
// Checksums of files: what a package database says that the bytes of a file are, and what they are.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace peekr {

// The first 16 bytes of a digest: there is one for every file of every package, and 128 bits tell two files apart.
struct Checksum {
  enum class Kind : std::uint8_t { md5, sha1, sha256 };
  Kind kind{};
  std::array<char, 16> start{};

  // Of a digest as it is, at least 16 bytes of it.
  static Checksum of(Kind kind, std::string_view digest);
  // Nothing: not of so many hex digits.
  static std::optional<Checksum> of_hex(Kind kind, std::string_view text);
  auto operator<=>(const Checksum&) const = default;
};

// A set of kinds, a bit each; 0: none.
using ChecksumKinds = unsigned;
[[nodiscard]] constexpr ChecksumKinds only(Checksum::Kind kind) { return 1u << static_cast<unsigned>(kind); }

// What a database says of one file. Its path stands in Package::files: here a hash of it is enough.
struct FileChecksum {
  std::uint64_t file = 0;  // file_key() of the path as it is listed
  Checksum sum;
  auto operator<=>(const FileChecksum&) const = default;
};

[[nodiscard]] std::uint64_t file_key(std::string_view path);

// What the bytes of one file really are, as lower-case hex; empty: not worked out.
struct FileDigests {
  std::string md5, sha1, sha256;
};

// unknown: the database says nothing of it; unhashed: the checksum that it has was not worked out.
enum class Same { yes, no, unknown, unhashed };
// Whether the bytes of a file are what a database says of it. Checksums are sorted.
[[nodiscard]] Same is_same(const std::vector<FileChecksum>& checksums, std::string_view listed,
                           const FileDigests& digests);

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "model/checksum.h"

#include <algorithm>
#include <functional>

namespace peekr {
namespace {

constexpr std::size_t hex_digits(Checksum::Kind kind) {
  switch (kind) {
    case Checksum::Kind::md5: return 32;
    case Checksum::Kind::sha1: return 40;
    case Checksum::Kind::sha256: return 64;
  }
  return 0;
}

// 16: it is none.
constexpr unsigned hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return 16;
}

const std::string& of_kind(const FileDigests& digests, Checksum::Kind kind) {
  switch (kind) {
    case Checksum::Kind::md5: return digests.md5;
    case Checksum::Kind::sha1: return digests.sha1;
    case Checksum::Kind::sha256: break;
  }
  return digests.sha256;
}

}  // namespace

Checksum Checksum::of(Kind kind, std::string_view digest) {
  Checksum sum{.kind = kind};
  std::copy_n(digest.begin(), std::min(digest.size(), sum.start.size()), sum.start.begin());
  return sum;
}

std::optional<Checksum> Checksum::of_hex(Kind kind, std::string_view text) {
  if (text.size() != hex_digits(kind)) return std::nullopt;
  Checksum sum{.kind = kind};
  for (std::size_t i = 0; i < sum.start.size(); ++i) {
    const unsigned high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
    if (high > 15 || low > 15) return std::nullopt;
    sum.start[i] = static_cast<char>(static_cast<unsigned char>(high << 4 | low));
  }
  return sum;
}

std::uint64_t file_key(std::string_view path) { return std::hash<std::string_view>()(path); }

Same is_same(const std::vector<FileChecksum>& checksums, std::string_view listed,
             const FileDigests& digests) {
  Same answer = Same::unknown;
  for (const FileChecksum& one :
       std::ranges::equal_range(checksums, file_key(listed), {}, &FileChecksum::file)) {
    const std::optional<Checksum> is = Checksum::of_hex(one.sum.kind, of_kind(digests, one.sum.kind));
    if (is && *is == one.sum) return Same::yes;
    if (is) answer = Same::no;
    if (!is && answer == Same::unknown) answer = Same::unhashed;
  }
  return answer;
}

}  // namespace peekr

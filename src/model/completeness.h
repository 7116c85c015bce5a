// SPDX-License-Identifier: Apache-2.0
// Completeness: how much of what can run in an image is accounted for. Every executable and library of the final tree is one of
// three: owned (a system package lists it, with these bytes), identified (by its content, or by a language package), unidentified.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/path.h"

namespace peekr {

struct Unidentified {
  Path path;
  std::uint32_t layer = 0;
  std::uint64_t size = 0;
  std::string sha256;  // lower-case hex; empty: not worked out
  std::string
      listed_by;  // "deb package libc6 2.36-9", which has it with another checksum; empty: nobody lists it
};

// A package database that the final tree has not any more, or has without its packages, or of which its copy was not read: the copy of
// a lower layer was used.
struct LostDatabase {
  enum class How : std::uint8_t { deleted, emptied, unread };  // unread: a note says why
  How how{};
  Path path;
  std::uint32_t layer = 0;  // of the copy
  std::size_t packages = 0;
};

[[nodiscard]] constexpr std::string_view name(LostDatabase::How how) {
  constexpr std::string_view kNames[] = {"deleted", "emptied", "unread"};
  return kNames[static_cast<std::size_t>(how)];
}

struct Completeness {
  std::size_t executables = 0;  // ELF, PE and Mach-O files: owned, identified and unidentified ones
  std::size_t owned = 0, identified = 0;
  std::vector<Unidentified> unidentified;  // by path
  std::vector<LostDatabase> lost;          // by path
};

}  // namespace peekr

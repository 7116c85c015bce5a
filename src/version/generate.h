// SPDX-License-Identifier: Apache-2.0
// For the tests only: pairs of versions that are nearly the same, made of the pieces where a scheme is
// delicate. A version is a few pieces in a row; its twin is the version after some small damage. The same
// seed makes the same pairs everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace peekr::generate {

class Versions {
 public:
  // `starts` and `pieces` are not empty and must outlive this.
  Versions(std::span<const std::string_view> starts, std::span<const std::string_view> pieces,
           std::uint64_t seed)
      : starts_(starts), pieces_(pieces), random_(seed) {}

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

  std::string fresh() {
    std::string version(starts_[below(starts_.size())]);
    for (std::size_t more = below(7); more > 0; --more) version += piece();
    return version;
  }

  std::string twin(std::string version) {
    for (std::size_t more = below(3); more < 3; ++more) damage(version);
    return version;
  }

  std::pair<std::string, std::string> pair() {
    std::string a = fresh();
    std::string b = below(10) == 0 ? fresh() : twin(a);
    if (below(2) == 0) a.swap(b);
    return {std::move(a), std::move(b)};
  }

 private:
  std::string_view piece() { return pieces_[below(pieces_.size())]; }

  void damage(std::string& version) {
    const std::size_t at = below(version.size() + 1), left = version.size() - at;
    switch (below(7)) {
      case 0: version.insert(at, piece()); break;
      case 1: version.erase(at, below(3)); break;
      case 2: version.replace(at, left < 1 ? 0 : 1, piece()); break;
      case 3: version.insert(at, 1 + below(2), '0'); break;
      case 4: version.insert(at, version.substr(at, below(6))); break;
      case 5: version += piece(); break;
      default: version.resize(at); break;
    }
  }

  std::span<const std::string_view> starts_, pieces_;
  std::mt19937_64 random_;
};

inline Versions deb(std::uint64_t seed) {
  static constexpr std::string_view kStarts[] = {
      "0",  "1",   "1.0", "1:1.", "0:1", "2:0.9", "01:1", "2147483647:1",
      "9a", "v1.", "~1",  "+1",   ":1",  "",      "1-1",  "2147483648:1"};
  static constexpr std::string_view kPieces[] = {"0",
                                                 "1",
                                                 "9",
                                                 "10",
                                                 "00",
                                                 "01",
                                                 "a",
                                                 "b",
                                                 "Z",
                                                 "z",
                                                 "~",
                                                 "~~",
                                                 "~rc1",
                                                 ".",
                                                 "..",
                                                 "-",
                                                 "-1",
                                                 "-0",
                                                 "+",
                                                 "+b",
                                                 "+dfsg",
                                                 ":",
                                                 "1:",
                                                 "_",
                                                 "^",
                                                 "ubuntu",
                                                 "+deb8u2",
                                                 "~bpo11+1",
                                                 "99999999999999999999",
                                                 "18446744073709551616",
                                                 "\xc3\xa9",
                                                 " ",
                                                 "!"};
  return {kStarts, kPieces, seed};
}

inline Versions rpm(std::uint64_t seed) {
  static constexpr std::string_view kStarts[] = {"0",   "1", "1.0", "1:1.", "0:1", "01:1", "99999999999:1",
                                                 ":1",  "a", "a:1", "~1",   "^1",  "",     "-1",
                                                 "1-1", "_"};
  static constexpr std::string_view kPieces[] = {"0",
                                                 "1",
                                                 "9",
                                                 "10",
                                                 "00",
                                                 "01",
                                                 "a",
                                                 "b",
                                                 "Z",
                                                 "rc",
                                                 "~",
                                                 "~~",
                                                 "^",
                                                 "^~",
                                                 "~^",
                                                 ".",
                                                 "..",
                                                 "-",
                                                 "-1",
                                                 "-0",
                                                 "+",
                                                 "_",
                                                 ":",
                                                 "1:",
                                                 ".el8",
                                                 ".el8_4",
                                                 "^git1",
                                                 "~rc1",
                                                 "99999999999999999999",
                                                 "18446744073709551616",
                                                 "\xce\xb1",
                                                 " ",
                                                 "!"};
  return {kStarts, kPieces, seed};
}

inline Versions apk(std::uint64_t seed) {
  static constexpr std::string_view kStarts[] = {"0",    "1",  "1.0", "1.2", "01", "10",
                                                 "2.0.", "1a", "a",   "",    ".1"};
  static constexpr std::string_view kPieces[] = {"0",
                                                 "1",
                                                 "9",
                                                 "10",
                                                 "00",
                                                 ".0",
                                                 ".1",
                                                 ".00",
                                                 ".01",
                                                 ".10",
                                                 ".",
                                                 "a",
                                                 "b",
                                                 "p",
                                                 "_alpha",
                                                 "_beta",
                                                 "_pre",
                                                 "_rc",
                                                 "_cvs",
                                                 "_svn",
                                                 "_git",
                                                 "_hg",
                                                 "_p",
                                                 "_p1",
                                                 "_rc0",
                                                 "~abc",
                                                 "~0",
                                                 "~",
                                                 "-r0",
                                                 "-r1",
                                                 "-r01",
                                                 "-r10",
                                                 "-r",
                                                 "-",
                                                 "_",
                                                 "_foo",
                                                 "A",
                                                 "99999999999999999999",
                                                 "18446744073709551616",
                                                 "\xc3\xa9"};
  return {kStarts, kPieces, seed};
}

// For the orders of languages, which are alike in their pieces.
inline Versions language(std::uint64_t seed) {
  static constexpr std::string_view kStarts[] = {"0",     "1",     "1.0",  "v1.2", "1.0.0",    "10",    "01",
                                                 "2.0-1", "go1.2", "dev-", "2023", "20230311", "1.0.2z"};
  static constexpr std::string_view kPieces[] = {"0",
                                                 "1",
                                                 "9",
                                                 "10",
                                                 ".0",
                                                 ".1",
                                                 ".00",
                                                 ".10",
                                                 ".a",
                                                 ".b1",
                                                 ".x",
                                                 "-1",
                                                 "-0",
                                                 "-alpha",
                                                 "-beta.2",
                                                 "-rc",
                                                 "-rc1",
                                                 "-rc.10",
                                                 "a1",
                                                 "b2",
                                                 "rc1",
                                                 ".dev1",
                                                 ".post2",
                                                 ".dev0",
                                                 "+1",
                                                 "+local.1",
                                                 "-SNAPSHOT",
                                                 ".Final",
                                                 "-sp",
                                                 ".RC2",
                                                 "-jre",
                                                 "-ga",
                                                 "_1",
                                                 ".post1.dev2",
                                                 "1!",
                                                 "-p1",
                                                 "-dev",
                                                 "99999999999999999999",
                                                 "18446744073709551616",
                                                 ".",
                                                 "-",
                                                 "--",
                                                 "..",
                                                 " ",
                                                 "!"};
  return {kStarts, kPieces, seed};
}

}  // namespace peekr::generate

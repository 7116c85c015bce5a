// SPDX-License-Identifier: Apache-2.0
// What the feeds of Debian's security tracker share: the ecosystems of releases, its words, and the lines of its lists
// (security-team.debian.org/security_tracker.html):
//   [bookworm] - glibc 2.36-9+deb12u4 (bug #1055555; low)
//   [bullseye] - glibc <no-dsa> (Minor issue)
//   - glibc <unfixed>
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/advisory.h"

namespace peekr::debian {

// "bookworm" -> "Debian:12", "sid" -> "Debian:unstable"; empty: no release that is known.
[[nodiscard]] std::string ecosystem(std::string_view codename);

// "ignored" -> wont_fix. Words for "vulnerable, and nothing more" are affected; nothing: not a word of the tracker's.
[[nodiscard]] std::optional<Standing> standing(std::string_view word);

// One line about one package of one release.
struct Line {
  std::string_view release;  // codename; empty: unstable
  std::string_view package;
  std::string_view fixed;  // the version; empty: `word` says it
  std::string_view word;   // "no-dsa", without its brackets
  std::string_view notes;  // in parentheses, without them
};
[[nodiscard]] std::optional<Line> line_of(std::string_view text);

// What the line says of a package of that ecosystem; nothing where its word is unknown.
[[nodiscard]] std::optional<Affected> affected_of(const Line& line, std::string_view ecosystem);
// Adds the bugs that the notes name, as references.
void add_bugs(std::string_view notes, Advisory& advisory);

// "2023-03-29T00:00:00Z" of "29 Mar 2023" and of "August 26th, 2005"; empty: no date.
[[nodiscard]] std::string date_of(std::string_view text);

}  // namespace peekr::debian

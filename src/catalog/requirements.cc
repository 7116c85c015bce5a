// SPDX-License-Identifier: Apache-2.0
// pip's list of requirements (pip.pypa.io, "Requirements File Format"), UTF-8 or UTF-16:
//
//   requests[socks] == 2.31.0 ; python_version > "3" --hash=sha256:..     # a comment
//   -r other.txt                                                          that file is read for itself
//   django >= 3.2, \                                                      goes on in the next line
//       < 4
//
// Only "==" and "===" say what will be there. What is asked for otherwise has no version: a Note.
#include "catalog/requirements.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

// UTF-16 with its mark becomes what is ASCII in it: nothing else matters here.
std::string plain_text(std::string_view bytes) {
  const bool little = bytes.starts_with("\xFF\xFE"), big = bytes.starts_with("\xFE\xFF");
  if (!little && !big) return std::string(without_mark(bytes));
  std::string out;
  for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) {
    const char low = bytes[little ? i : i + 1], high = bytes[little ? i + 1 : i];
    out += high == 0 ? low : '?';
  }
  return out;
}

Pair cut_at(std::string_view text, std::string_view separator) {
  const std::size_t at = std::min(text.find(separator), text.size());
  return {text.substr(0, at), text.substr(at)};
}

void add(std::string_view requirement, const File& file, Inventory& found, FileNotes& notes) {
  const std::string_view text = asked_in(requirement);
  if (text.empty()) return;
  if (text.find("://") != std::string_view::npos || text.starts_with('.') || text.starts_with('/')) {
    return notes.add(Why::unsupported,
                     peekr::quoted(text) + ": taken from elsewhere, its version is not known");
  }
  const std::size_t end = text.find_first_of("=<>~! \t[(@");
  const std::string_view name = text.substr(0, end);
  const auto [before, after] = cut_at(text, "==");
  std::string_view version;
  if (before.find_first_of("<>~!") == std::string_view::npos &&
      after.find_first_of("<>~!,") == std::string_view::npos) {
    version = trim(after.substr(std::min(after.find_first_not_of('='), after.size())));
    if (version.ends_with(')')) version.remove_suffix(1);
  }
  if (version.empty() || version.find_first_of("* \t") != std::string_view::npos) {
    return notes.add(Why::unsupported, peekr::quoted(text) + ": which version is not said");
  }
  add_named({.type = "pypi", .name = std::string(name), .version = std::string(version), .path = file.path},
            found, notes);
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  const std::string text = plain_text(file.bytes);
  if (text.find('\0') != std::string::npos) {
    notes.add(Why::damaged, "not a text");
  } else {
    for (std::string_view rest = text; !rest.empty();) add(next_requirement(rest), file, found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/*requirements*.txt"};

}  // namespace

std::string next_requirement(std::string_view& rest) {
  std::string out;
  while (!rest.empty()) {
    std::string_view line = next_line(rest);
    if (line.starts_with('#')) line = {};
    line = trim(line.substr(0, line.find(" #")));
    const bool goes_on = line.ends_with('\\');
    out += line.substr(0, line.size() - (goes_on ? 1 : 0));
    if (!goes_on) break;
    out += ' ';
  }
  return out;
}

std::string_view asked_in(std::string_view requirement) {
  const std::string_view text =
      trim(requirement.substr(0, std::min(requirement.find(';'), requirement.find(" --"))));
  return text.starts_with('-') ? std::string_view() : text;
}

namespace catalogers {
extern const Cataloger requirements;
constexpr Cataloger requirements = {.name = "requirements",
                                    .about = "Python packages that a list of pip's asks for in one version",
                                    .version = 1,
                                    .wants = kWants,
                                    .declares = true,
                                    .run = run};
}  // namespace catalogers

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// peekr versions --stdin: lines of "scheme TAB a TAB b", one answer a line: "<", "=", ">", or "?" where the scheme knows no order
// of the two. For whoever doubts a match, and for comparing our orders with those of the native tools.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>

#include "base/text.h"
#include "cli/commands.h"
#include "match/ecosystem.h"
#include "version/scheme.h"

namespace peekr {
namespace {

char sign(std::optional<std::strong_ordering> order) {
  if (!order) return '?';
  return *order < 0 ? '<' : *order > 0 ? '>' : '=';
}

// By its own name, or that of what is versioned so: a type of packages ("npm"), a distribution ("alpine"), dpkg.
const Scheme* scheme_called(std::string_view name) {
  if (const Scheme* own = find_scheme(name)) return own;
  if (name == "dpkg") return find_scheme("deb");
  const auto row = std::ranges::find_if(
      all_ecosystems(), [&](const Ecosystem& one) { return one.name == name || one.type == name; });
  return row == all_ecosystems().end() ? nullptr : find_scheme(row->scheme);
}

Result<char> answer(std::string_view line) {
  const std::vector<std::string_view> fields = split(line, '\t');
  if (fields.size() != 3) {
    return fail(Errc::usage,
                std::to_string(fields.size()) + " fields: want scheme, version and version between tabs");
  }
  const Scheme* scheme = scheme_called(fields[0]);
  if (scheme == nullptr) {
    return fail(Errc::usage, printable(fields[0]) + ": there is no such scheme: peekr list schemes");
  }
  return sign(scheme->compare(fields[1], fields[2]));
}

}  // namespace

Result<int> versions_command(const Options& /*options*/) {
  int code = 0;
  std::size_t number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    ++number;
    const Result<char> said = answer(line);
    if (!said) {
      std::fprintf(stderr, "peekr: line %zu: %s\n", number, said.error().message.c_str());
      code = 1;
    }
    const char out[] = {said.value_or('?'), '\n'};
    if (std::fwrite(out, 1, sizeof out, stdout) != sizeof out) break;
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    return fail(Errc::io, "standard output: cannot be written");
  }
  return code;
}

}  // namespace peekr

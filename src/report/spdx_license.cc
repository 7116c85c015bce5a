// SPDX-License-Identifier: Apache-2.0
#include "report/spdx_license.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "report/columns.h"

namespace peekr {
namespace {

bool is_exception(std::string_view text) {
  constexpr std::array<std::string_view, 5> kSeen = {"Classpath-exception-2.0", "GCC-exception-3.1",
                                                     "LLVM-exception", "OpenSSL-exception",
                                                     "openvpn-openssl-exception"};
  return std::ranges::find(kSeen, text) != kSeen.end();
}

// What may come next in an expression.
struct Expression {
  enum class Next { license, exception, connective };
  Next next = Next::license;
  std::size_t open = 0;  // parentheses
  bool simple = true;    // no exception may follow what is in parentheses

  bool take(std::string_view word) {
    const bool license = next == Next::license, connective = next == Next::connective;
    if (word == "(") return license && ++open > 0;
    if (word == ")") {
      simple = false;
      return connective && open-- > 0;
    }
    if (word == "AND" || word == "OR" || word == "WITH") {
      const bool with = word == "WITH";
      const bool fits = connective && (!with || simple);
      next = with ? Next::exception : Next::license;
      return fits;
    }
    const bool fits = license ? is_spdx_license(word) : next == Next::exception && is_exception(word);
    simple = license;
    next = Next::connective;
    return fits;
  }
};

bool is_expression(std::string_view text) {
  std::string spaced;
  for (const char c : text) {
    if (c == '(' || c == ')') {
      spaced += ' ';
      spaced += c;
      spaced += ' ';
    } else {
      spaced += c;
    }
  }
  Expression expression;
  for (const std::string_view word : split(one_line(spaced), ' ')) {
    if (!expression.take(word)) return false;
  }
  return expression.next == Expression::Next::connective && expression.open == 0;
}

}  // namespace

bool is_spdx_license(std::string_view text) {
  constexpr std::array<std::string_view, 38> kSeen = {"0BSD",
                                                      "AGPL-3.0-only",
                                                      "AGPL-3.0-or-later",
                                                      "Apache-2.0",
                                                      "Artistic-2.0",
                                                      "BSD-2-Clause",
                                                      "BSD-3-Clause",
                                                      "BSD-4-Clause",
                                                      "BSL-1.0",
                                                      "BlueOak-1.0.0",
                                                      "CC-BY-3.0",
                                                      "CC-BY-4.0",
                                                      "CC0-1.0",
                                                      "CDDL-1.0",
                                                      "EPL-1.0",
                                                      "EPL-2.0",
                                                      "GPL-1.0-only",
                                                      "GPL-1.0-or-later",
                                                      "GPL-2.0-only",
                                                      "GPL-2.0-or-later",
                                                      "GPL-3.0-only",
                                                      "GPL-3.0-or-later",
                                                      "ISC",
                                                      "LGPL-2.0-only",
                                                      "LGPL-2.0-or-later",
                                                      "LGPL-2.1-only",
                                                      "LGPL-2.1-or-later",
                                                      "LGPL-3.0-only",
                                                      "LGPL-3.0-or-later",
                                                      "MIT",
                                                      "MPL-1.1",
                                                      "MPL-2.0",
                                                      "OpenSSL",
                                                      "PSF-2.0",
                                                      "Python-2.0",
                                                      "Unlicense",
                                                      "WTFPL",
                                                      "Zlib"};
  return std::ranges::binary_search(kSeen, text);
}

std::string spdx_expression(const std::vector<std::string>& licenses) {
  std::string out;
  for (const std::string& one : licenses) {
    if (!is_expression(one)) return {};
    const std::string text = one_line(one);
    const bool compound = text.find(' ') != std::string::npos;
    if (!out.empty()) out += " AND ";
    out += compound && licenses.size() > 1 ? "(" + text + ")" : text;
  }
  return out;
}

}  // namespace peekr

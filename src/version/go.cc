// SPDX-License-Identifier: Apache-2.0
// Go: modules ("v1.2.3", pseudo-versions "v0.0.0-20190101000000-abcdefabcdef", "+incompatible") are SemVer
// (go.dev/ref/mod#versions); toolchains are "go1.21rc2", which is SemVer's 1.21.0-rc.2, with a vendor's words behind a
// blank ("go1.22.2 X:boringcrypto") or a "-".
#include <string>

#include "base/text.h"
#include "version/scheme.h"
#include "version/semver.h"

namespace peekr {
namespace {

// "rc2" -> "rc.2": so that rc10 comes after rc2.
std::string spelled(std::string_view text) {
  text = text.substr(0, text.find(' '));
  if (text.starts_with("go")) text.remove_prefix(2);
  std::string out(text);
  for (const std::string_view word : {"rc", "beta"}) {
    const std::size_t at = out.find(word);
    if (at == std::string::npos || at == 0 || !is_digit(out[at - 1])) continue;
    const std::size_t end = at + word.size();
    if (end < out.size() && is_digit(out[end])) out.insert(end, ".");
    out.insert(at, "-");
    break;
  }
  return out;
}

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  return semver::compare(spelled(a), spelled(b));
}

}  // namespace

namespace schemes {
extern const Scheme go;
constexpr Scheme go = {.name = "go", .about = "Go modules and toolchains", .compare = compare};
}  // namespace schemes
}  // namespace peekr

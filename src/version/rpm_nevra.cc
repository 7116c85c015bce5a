// SPDX-License-Identifier: Apache-2.0
// RPM packages by their whole name, [name-][epoch:]version-release[.architecture], as repositories and Red Hat's data write it:
// "openssl-libs-1:1.1.1k-9.el8_7.x86_64". By name, then as rpm orders, then by architecture. Only words that are architectures
// of RPM are taken for one: in "12.fc39" there is none.
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "version/scheme.h"

namespace peekr {
namespace schemes {
extern const Scheme rpm;
}  // namespace schemes

namespace {

constexpr std::array<std::string_view, 24> kArchitectures = {
    "aarch64", "alpha", "armv7hl", "armv7hnl",    "armv8hl", "athlon",  "i386", "i486",
    "i586",    "i686",  "ia64",    "loongarch64", "noarch",  "nosrc",   "ppc",  "ppc64",
    "ppc64le", "riscv", "riscv64", "s390",        "s390x",   "sparc64", "src",  "x86_64"};

struct Nevra {
  std::string_view name, version, architecture;
};

Nevra parse(std::string_view text) {
  Nevra out{.name = {}, .version = text, .architecture = {}};
  const std::size_t dot = text.rfind('.');
  if (dot != std::string_view::npos &&
      std::ranges::find(kArchitectures, text.substr(dot + 1)) != kArchitectures.end()) {
    out.architecture = text.substr(dot + 1);
    out.version = text.substr(0, dot);
  }
  // The last two dashes are those around the version; a name may have more of them.
  const std::size_t release = out.version.rfind('-');
  if (release == std::string_view::npos || release == 0) return out;
  const std::size_t version = out.version.rfind('-', release - 1);
  if (version == std::string_view::npos) return out;
  out.name = out.version.substr(0, version);
  out.version.remove_prefix(version + 1);
  return out;
}

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  const Nevra left = parse(a), right = parse(b);
  const auto order = schemes::rpm.compare(left.version, right.version);
  if (!order) return std::nullopt;
  if (left.name != right.name) return left.name <=> right.name;
  if (*order != 0) return order;
  return left.architecture <=> right.architecture;
}

}  // namespace

namespace schemes {
extern const Scheme rpm_nevra;
constexpr Scheme rpm_nevra = {.name = "rpm-nevra",
                              .about = "RPM packages by name-epoch:version-release.architecture",
                              .compare = compare};
}  // namespace schemes
}  // namespace peekr

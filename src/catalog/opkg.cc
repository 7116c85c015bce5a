// SPDX-License-Identifier: Apache-2.0
// opkg (OpenWrt, Yocto): stanzas as dpkg writes them (openwrt.org/docs/guide-user/additional-software/opkg).
//
//   usr/lib/opkg/status, lib/opkg/status    what is installed
//   lib/opkg/info/<package>.control         the package's own stanza; only it has the licence
//   lib/opkg/info/<package>.list            the paths it owns
#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/dpkg.h"

namespace peekr {
namespace {

// "Source" is a folder of the build tree ("package/system/ubus"), a recipe or an address; SourceName is the
// name.
void complete(const Stanza& stanza, Package& package) {
  if (const std::string_view source = stanza.value("SourceName"); !source.empty()) package.source = source;
  if (const std::string_view license = stanza.value("License"); !license.empty()) {
    package.licenses = {std::string(license)};
  }
}

constexpr ControlFormat kStatus = {"opkg", Unstated::damaged, complete};
constexpr ControlFormat kControl = {"opkg", Unstated::installed, complete};

// What status says is installed. A control file repeats it, so it only adds to it: else each would count
// twice.
void read_control_claims(const File& file, Inventory& found) {
  Inventory own;
  read_control(file, kControl, own);
  for (Package& one : own.packages) {
    if (one.licenses.empty()) continue;
    found.claims.push_back({.type = std::move(one.type),
                            .package = std::move(one.name),
                            .arch = std::move(one.arch),
                            .licenses = std::move(one.licenses)});
  }
  std::ranges::move(own.notes, std::back_inserter(found.notes));
}

void run(const File& file, Inventory& found) {
  const std::string_view name = file.path.name();
  if (name.ends_with(".list")) {
    read_list(file, "opkg", found);
  } else if (name.ends_with(".control")) {
    read_control_claims(file, found);
  } else {
    read_control(file, kStatus, found);
  }
}

constexpr std::array<Pattern, 3> kWants = {"**/lib/opkg/status", "**/lib/opkg/info/*.control",
                                           "**/lib/opkg/info/*.list"};

}  // namespace

namespace catalogers {
extern const Cataloger opkg;
constexpr Cataloger opkg = {.name = "opkg",
                            .about = "opkg packages (OpenWrt, Yocto): status, control files, owned files",
                            .version = 2,
                            .wants = kWants,
                            .of_system = true,
                            .run = run};
}  // namespace catalogers

}  // namespace peekr

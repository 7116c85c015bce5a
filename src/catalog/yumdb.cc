// SPDX-License-Identifier: Apache-2.0
// yum 3 (Amazon Linux 2, RHEL 7) keeps of each package which repository it was taken from, in a file of its own:
//   var/lib/yum/yumdb/n/<checksum>-nginx-1.22.1-1.amzn2-x86_64/from_repo   "amzn2extra-nginx1"
// Topics of Amazon Linux 2's extras have advisories of their own; which topic a package is of is not in its rpm.
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"

namespace peekr {
namespace {

constexpr std::size_t kLongest = 100;

void run(const File& file, Inventory& found) {
  const std::string_view name = trim(file.bytes);
  if (!name.starts_with("amzn2extra-")) return;
  if (name.size() > kLongest || printable(name) != name) {
    found.notes.push_back({file.path, Why::damaged, "not the name of a repository"});
  } else {
    found.repositories.emplace_back(name);
  }
}

constexpr Pattern kWants[] = {"var/lib/yum/yumdb/*/*/from_repo"};

}  // namespace

namespace catalogers {
extern const Cataloger yumdb;
constexpr Cataloger yumdb = {.name = "yumdb",
                             .about = "topics of Amazon Linux 2's extras that yum took packages from",
                             .version = 1,
                             .wants = kWants,
                             .of_system = true,
                             .run = run};
}  // namespace catalogers

}  // namespace peekr

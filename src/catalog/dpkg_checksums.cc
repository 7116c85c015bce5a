// SPDX-License-Identifier: Apache-2.0
// lib/dpkg/info/<name>[:<arch>].md5sums: what the bytes of a Debian package's files are. The paths are those of the .list beside
// it, so only a hash of each is kept. dh_md5sums(1)
#include <array>

#include "catalog/cataloger.h"
#include "catalog/dpkg.h"

namespace peekr {
namespace {

void run(const File& file, Inventory& found) { read_md5sums(file, Paths::leave_out, found); }

constexpr std::array<Pattern, 1> kWants = {"**/lib/dpkg/info/*.md5sums"};

}  // namespace

namespace catalogers {
extern const Cataloger dpkg_checksums;
constexpr Cataloger dpkg_checksums = {.name = "dpkg_checksums",
                                      .about = "Debian packages: checksums of their files",
                                      .version = 1,
                                      .wants = kWants,
                                      .of_system = true,
                                      .run = run};
}  // namespace catalogers

}  // namespace peekr

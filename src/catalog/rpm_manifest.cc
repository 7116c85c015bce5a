// SPDX-License-Identifier: Apache-2.0
// The list of packages in images of Azure Linux (CBL-Mariner) without rpm, a line each, ten fields between
// tabs:
//
//   name, version-release, installed at, built at, vendor, epoch, size, arch, epoch or 0, source package
//
// as rpm's query format writes them: "(none)" is no value.
#include <array>
#include <limits>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/rpm_header.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

enum Field {
  kName,
  kVersion,
  kInstalled,
  kBuilt,
  kVendor,
  kEpoch,
  kSize,
  kArch,
  kEpochNumber,
  kSource,
  kFields
};

class ManifestReader {
 public:
  ManifestReader(const File& file, Inventory& found) : file_(file), found_(found), notes_(file.path, found) {}

  void run() {
    std::size_t number = 0;
    for (std::string_view rest = file_.bytes; !rest.empty();) {
      const std::string_view line = next_line(rest);
      ++number;
      if (!trim(line).empty()) add(line, "line " + std::to_string(number) + ": ");
    }
    note_if_cut_short(file_, notes_);
    notes_.finish();
  }

 private:
  void add(std::string_view line, const std::string& where) {
    const std::vector<std::string_view> fields = split(line, '\t');
    if (fields.size() != kFields) {
      return notes_.add(Why::damaged, where + std::to_string(fields.size()) + " fields instead of ten");
    }
    const auto field = [&](Field at) { return std::string(unless_none(trim(fields[at]))); };
    Package package{.type = "rpm",
                    .name = field(kName),
                    .version = field(kVersion),
                    .arch = field(kArch),
                    .vendor = field(kVendor),
                    .path = file_.path};
    if (package.name.empty() || package.version.empty()) {
      return notes_.add(Why::damaged, where + "no name or no version");
    }
    if (package.name == "gpg-pubkey") return;
    if (const std::string epoch = field(kEpoch); !epoch.empty()) {
      const std::optional<std::uint64_t> value = to_number(epoch);
      if (value && *value <= std::numeric_limits<std::uint32_t>::max()) {
        package.epoch = static_cast<std::uint32_t>(*value);
      } else {
        notes_.add(Why::damaged, where + "epoch: no number");
      }
    }
    set_rpm_source(field(kSource), package);
    found_.add(std::move(package));
  }

  const File& file_;
  Inventory& found_;
  FileNotes notes_;
};

void run(const File& file, Inventory& found) { ManifestReader(file, found).run(); }

constexpr std::array<Pattern, 1> kWants = {"**/var/lib/rpmmanifest/container-manifest-2"};

}  // namespace

namespace catalogers {
extern const Cataloger rpm_manifest;
constexpr Cataloger rpm_manifest = {
    .name = "rpm_manifest",
    .about = "RPM packages of images without rpm: Azure Linux's container manifest",
    .version = 1,
    .wants = kWants,
    .of_system = true,
    .run = run};
}  // namespace catalogers

}  // namespace peekr

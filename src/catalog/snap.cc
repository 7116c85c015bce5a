// SPDX-License-Identifier: Apache-2.0
// Snaps that were unpacked into the image (snapcraft.io/docs, "the snap format"):
//
//   snap/core/16928/meta/snap.yaml      name: core
//                                       version: 16-2.61.4
//                                       architectures: [amd64]
//   snap/core20/2318/usr/share/snappy/dpkg.yaml     packages: [adduser=3.118ubuntu2, "libc6:amd64=2.31-0ubuntu9.16"]
//   snap/hello/1/snap/manifest.yaml                 primed-stage-packages: [libx=1.0]
//
// What a snap was built of are packages of Ubuntu, whatever the image is: they are claimed.
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"
#include "catalog/yaml_file.h"

namespace peekr {
namespace {

// "libc6:amd64=2.31-0ubuntu9.16"
void add_part(std::string_view text, const File& file, Inventory& found, FileNotes& notes) {
  const auto [names, version] = cut(text, '=');
  const auto [name, arch] = cut(names, ':');
  Package package{.type = "deb",
                  .name = std::string(name),
                  .version = std::string(version),
                  .arch = std::string(arch),
                  .source = std::string(name),
                  .source_version = std::string(version),
                  .path = file.path,
                  .claimed = true};
  package.purl = purl(package, Distro{.id = "ubuntu"});
  add_named(std::move(package), found, notes);
}

void read_parts(const Yaml& root, std::string_view key, const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  const Yaml* parts = yaml_field(root, key);
  if (parts == nullptr || (parts->kind != Yaml::Kind::list && parts->kind != Yaml::Kind::null))
    notes.add(Why::damaged, "no list " + std::string(key));
  if (parts != nullptr) {
    for (const Yaml& part : parts->items) add_part(part.text, file, found, notes);
  }
  notes.finish();
}

void run(const File& file, Inventory& found) {
  const std::optional<Yaml> root = read_yaml(file, found);
  if (!root) return;
  if (file.path.name() == "dpkg.yaml") return read_parts(*root, "packages", file, found);
  if (file.path.name() == "manifest.yaml") return read_parts(*root, "primed-stage-packages", file, found);
  FileNotes notes(file.path, found);
  Package package{.type = "snap",
                  .name = yaml_text(*root, "name"),
                  .version = yaml_text(*root, "version"),
                  .path = file.path};
  const Yaml* arches = yaml_field(*root, "architectures");
  if (arches != nullptr && arches->items.size() == 1 && arches->items[0].text != "all")
    package.arch = arches->items[0].text;
  if (std::string license = yaml_text(*root, "license"); !license.empty())
    package.licenses.push_back(std::move(license));
  add_named(std::move(package), found, notes);
  notes.finish();
}

constexpr std::array<Pattern, 3> kWants = {"**/snap/*/*/meta/snap.yaml", "**/usr/share/snappy/dpkg.yaml",
                                           "**/snap/manifest.yaml"};

}  // namespace

namespace catalogers {
extern const Cataloger snap;
constexpr Cataloger snap = {.name = "snap",
                            .about = "unpacked snaps, and what they claim to be built of",
                            .version = 1,
                            .wants = kWants,
                            .run = run};
}  // namespace catalogers

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// Programs and libraries that no package database mentions, by what stands in their bytes: the rows of classifiers.def. What is
// linked in statically is found, too: one file may hold several.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/classifier.h"
#include "catalog/executable.h"

namespace peekr {
namespace {

constexpr std::size_t kNamed = [] {
  std::size_t count = 0;
#define CLASSIFIER(family, package, cpes, file, landmark, also, reach, version) count += sizeof(file) > 1;
#include "catalog/classifiers.def"
#undef CLASSIFIER
  return count;
}();

// Files that are looked at for their name, executable or not.
constexpr std::array<Pattern, kNamed> kWants = [] {
  std::array<Pattern, kNamed> all;
  std::size_t next = 0;
#define CLASSIFIER(family, package, cpes, file, landmark, also, reach, version) \
  if (sizeof(file) > 1) all[next++] = file;
#include "catalog/classifiers.def"
#undef CLASSIFIER
  return all;
}();

// Of what several pieces of a file say of one software the first counts, unless it knew only "at least that".
void add(Package package, Inventory& found) {
  const auto known = std::ranges::find_if(found.packages, [&](const Package& one) {
    return one.type == package.type && one.name == package.name;
  });
  if (known == found.packages.end()) {
    found.add(std::move(package));
  } else if (known->at_least && !package.at_least) {
    *known = std::move(package);
  }
}

// UPX (upx.github.io) leaves its mark behind the headers of what it packs.
bool is_packed(std::string_view bytes) {
  return bytes.substr(0, 1024).find("UPX!") != std::string_view::npos;
}

// Of a file that comes in pieces each is looked at by itself.
void run(const File& file, Inventory& found) {
  const Result<std::vector<Classified>> all = classify(file);
  if (!all) {
    found.notes.push_back({file.path, Why::unsupported, all.error().message});
    return;
  }
  if (file.offset == 0 && is_packed(file.bytes)) {
    found.notes.push_back({file.path, Why::unsupported, "packed with UPX: what is inside is not looked at"});
  }
  for (const Classified& one : *all) {
    const auto [type, name] = cut(one.row->package, '/');
    Package package{.type = std::string(type),
                    .name = std::string(name),
                    .version = one.version,
                    .path = file.path,
                    .by_content = true,
                    .at_least = one.is_at_least()};
    for (const std::string_view cpe : split(one.row->cpes, ' ')) {
      const auto [vendor, product] = cut(cpe, ':');
      package.cpes.push_back(cpe_name(vendor, product, one.version));
    }
    add(std::move(package), found);
  }
}

}  // namespace

namespace catalogers {
extern const Cataloger binary;
constexpr Cataloger binary = {
    .name = "binary",
    .about = "programs and libraries without a package, by what stands in their bytes",
    .version = 9,
    .wants = kWants,
    .magics = kExecutableMagics,
    .takes = Takes::pieces,
    .run = run};
}  // namespace catalogers

}  // namespace peekr

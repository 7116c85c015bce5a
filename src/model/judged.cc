// SPDX-License-Identifier: Apache-2.0
// It names every member: one that is added and forgotten here does not compile.
#include "model/judged.h"

namespace peekr {
namespace {

Package judged(const Package& package) {
  const auto& [type, name, version, epoch, arch, source, source_version, licenses, maintainer, vendor,
               modularity, repository, lock, files, checksums, path, layer, purl, cpes, remnant, by_content,
               at_least, declared, claimed, owner, needs, provides, essential, comes_with, asked, pin,
               altered] =
      package;
  return {.type = type,
          .name = name,
          .version = version,
          .epoch = epoch,
          .arch = arch,
          .source = source,
          .source_version = source_version,
          .vendor = vendor,
          .modularity = modularity,
          .repository = repository,
          .lock = lock,
          .path = path,
          .layer = layer,
          .purl = purl,
          .cpes = cpes,
          .remnant = remnant,
          .by_content = by_content,
          .at_least = at_least,
          .declared = declared,
          .claimed = claimed,
          .owner = owner,
          .needs = needs,
          .provides = provides,
          .essential = essential,
          .comes_with = comes_with,
          .asked = asked,
          .pin = pin,
          .altered = altered};
}

}  // namespace

Inventory judged(const Inventory& inventory) {
  const auto& [distro, packages, claims, repositories, notes, executable, completeness, declared, most,
               left_out] = inventory;
  Inventory all{.distro = distro,
                .claims = claims,
                .repositories = repositories,
                .executable = executable,
                .declared = declared};
  all.packages.reserve(packages.size());
  for (const Package& package : packages) all.packages.push_back(judged(package));
  return all;
}

}  // namespace peekr

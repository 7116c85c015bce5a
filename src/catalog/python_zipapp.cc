// SPDX-License-Identifier: Apache-2.0
// Python programs in one file (docs.python.org, "zipapp"): a zip archive, mostly behind a line that names the interpreter, or behind a
// shell script. Tools that pack what a program needs with it leave its metadata in it:
//
//   #!/usr/bin/env python3                                                    a line, then the archive; PEX --sh-boot: a script
//   .deps/requests-2.31.0-py3-none-any.whl/requests-2.31.0.dist-info/METADATA PEX: folders called like wheels
//   site-packages/requests-2.31.0.dist-info/METADATA                          shiv
//
// What runs is in it: it is installed there.
#include <array>
#include <set>
#include <string>
#include <utility>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/packed.h"
#include "catalog/python.h"
#include "catalog/zip_view.h"

namespace peekr {
namespace {

constexpr std::string_view kMember = "PK\x03\x04";  // how the first one begins

bool is_metadata(std::string_view member) {
  return member.ends_with(".dist-info/METADATA") || member.ends_with(".egg-info/PKG-INFO");
}

// Other programs have files of these names: PyInstaller's PYZ is no zip, and a script need have nothing behind it.
bool has_archive(std::string_view bytes) {
  return bytes.starts_with(kMember) ||
         (bytes.starts_with("#!") && bytes.find(kMember) != std::string_view::npos);
}

// Wheels for several platforms may be of one package.
void add_once(Inventory inner, Inventory& found) {
  std::set<std::pair<std::string, std::string>> seen;
  for (Package& one : inner.packages) {
    if (seen.emplace(one.name, one.version).second) found.add(std::move(one));
  }
}

void run(const File& file, Inventory& found) {
  if (!has_archive(file.bytes)) return;
  FileNotes notes(file.path, found);
  const Result<ZipView> zip = ZipView::open(file.bytes);
  if (!zip) return notes.add(why_of(zip.error()), zip.error().message);
  if (const std::string gap = zip->gap(); !gap.empty()) notes.add(Why::damaged, gap);
  Allowance allowance = nested_allowance(file);
  Inventory inner;
  inner.most_packages = found.most_packages;
  for (const ZipView::Member& member : zip->members()) {
    if (!is_metadata(member.name)) continue;
    const Result<std::string> bytes = zip->read(member, kMostPythonMetadata, allowance);
    if (bytes) {
      read_python_metadata(file, *bytes, inner, notes);
    } else {
      notes.add(why_of(bytes.error()), printable(member.name) + ": " + bytes.error().message);
    }
  }
  found.left_out = found.left_out || inner.left_out;
  add_once(std::move(inner), found);
  notes.finish();
}

constexpr std::array<Pattern, 3> kWants = {"**/*.pex", "**/*.pyz", "**/*.pyzw"};

// Without such an ending: how what the tools write begins.
constexpr auto kMagics = std::to_array<Magic>({{"#!/bin/sh\n# N.B.: This script should stick to syntax"},
                                               {"#!/usr/bin/env pypy3\nPK\x03\x04"},
                                               {"#!/usr/bin/env python\nPK\x03\x04"},
                                               {"#!/usr/bin/env python3\nPK\x03\x04"},
                                               {"#!/usr/bin/env python3.8\nPK\x03\x04"},
                                               {"#!/usr/bin/env python3.9\nPK\x03\x04"},
                                               {"#!/usr/bin/env python3.10\nPK\x03\x04"},
                                               {"#!/usr/bin/env python3.11\nPK\x03\x04"},
                                               {"#!/usr/bin/env python3.12\nPK\x03\x04"},
                                               {"#!/usr/bin/env python3.13\nPK\x03\x04"},
                                               {"#!/usr/bin/env python3.14\nPK\x03\x04"},
                                               {"#!/usr/bin/python3\nPK\x03\x04"},
                                               {"#!/usr/local/bin/python3\nPK\x03\x04"}});

}  // namespace

namespace catalogers {
extern const Cataloger python_zipapp;
constexpr Cataloger python_zipapp = {
    .name = "python_zipapp",
    .about = "Python programs in one file (PEX, shiv, zipapp): the packages in it",
    .version = 2,
    .wants = kWants,
    .magics = kMagics,
    .bulky = true,
    .run = run};
}  // namespace catalogers

}  // namespace peekr

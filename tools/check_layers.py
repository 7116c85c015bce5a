#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who includes whom: every `#include "folder/file.h"` below src/ must be allowed by the USES of CMakeLists.txt (transitively),
every row of a .def list must have its .cc, and every .cc with a row must stand in the list, and no class is defined twice. A test."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEAVY = ("nlohmann/", "CLI/", "fmt/", "sqlite3.h", "lmdb.h", "simdjson.h", "zstd.h", "isa-l", "pugixml", "toml++/",
         "curl/", "bzlib.h", "lzma.h", "hs/", "re2/", "ctemplate/")
LISTS = {"catalog/catalogers.def": "Cataloger", "feed/feeds.def": "Feed", "version/schemes.def": "Scheme",
         "report/reporters.def": "Reporter", "source/sources.def": "Source"}


def allowed():
    uses = {}
    for line in (ROOT / "CMakeLists.txt").read_text().splitlines():
        found = re.match(r"peekr_folder\((\w+)(?:\s+USES ([\w ]+?))?(?:\s+(?:TEST_)?PACKAGES.*)?\)", line)
        if found:
            uses[found[1]] = set((found[2] or "").split())
        found = re.match(r"peekr_program\(\w+\s+(\w+)\s+USES ([\w ]+)\)", line)
        if found:
            uses[found[1]] = set(found[2].split())
    for folder in uses:
        todo = list(uses[folder])
        while todo:
            used = todo.pop()
            new = uses.get(used, set()) - uses[folder]
            uses[folder] |= new
            todo += new
        uses[folder].add(folder)
    return uses


def includes(errors):
    uses = allowed()
    for file in sorted((ROOT / "src").glob("*/*")):
        folder = file.parent.name
        text = file.read_text()
        for name in re.findall(r'#include "(\w+)/', text):
            if name not in uses.get(folder, ()):
                errors.append(f"{file.relative_to(ROOT)}: {folder} may not include {name}")
        if file.suffix == ".h":
            for name in re.findall(r"#include <([^>]+)>", text):
                if name.startswith(HEAVY):
                    errors.append(f"{file.relative_to(ROOT)}: a header may not include <{name}>")
            if "#pragma once" not in text:
                errors.append(f"{file.relative_to(ROOT)}: no #pragma once")
        if file.suffix in (".cc", ".h") and not text.startswith("// SPDX-License-Identifier: Apache-2.0\n"):
            errors.append(f"{file.relative_to(ROOT)}: no SPDX line")


def definitions(errors):
    """A class of one name and namespace is defined once, wherever: two are undefined behaviour that no compiler tells."""
    defined = {}
    for file in sorted((ROOT / "src").glob("*/*")):
        if file.suffix not in (".cc", ".h"):
            continue
        spaces = []
        for line in file.read_text().splitlines():
            if found := re.match(r"namespace ([\w:]*) ?\{$", line):
                spaces.append(found[1] or "anonymous of " + str(file))
            elif re.match(r"\}  // namespace", line) and spaces:
                spaces.pop()
            elif found := re.match(r"(?:struct|class|enum class) (\w+)(?: final)?(?: ?: [^;]*)? ?\{", line):
                defined.setdefault("::".join([*spaces, found[1]]), []).append(file)
    for name, files in defined.items():
        if len(files) > 1:
            errors.append(f"{name}: defined in " + " and ".join(str(file.relative_to(ROOT)) for file in files))


def lists(errors):
    for name, kind in LISTS.items():
        path = ROOT / "src" / name
        rows = re.findall(r"^[A-Z]+\((\w+)\)", path.read_text(), re.M)
        if rows != sorted(rows) and kind != "Source":
            errors.append(f"src/{name}: not sorted")
        defined = set()
        for file in path.parent.glob("*.cc"):
            if not file.stem.endswith(("_test", "_fuzz", "_bench")):
                defined |= set(re.findall(rf"^(?:extern )?(?:constexpr|const) {kind} (\w+) ?[={{]", file.read_text(), re.M))
        for row in sorted(set(rows) - defined):
            errors.append(f"src/{name}: no .cc defines the row {row}")
        for row in sorted(defined - set(rows)):
            errors.append(f"src/{name}: the row {row} is defined but not listed")


def main():
    errors = []
    includes(errors)
    definitions(errors)
    lists(errors)
    print("\n".join(errors) or "layers: every include is allowed, every row is listed")
    return 1 if errors else 0


sys.exit(main())

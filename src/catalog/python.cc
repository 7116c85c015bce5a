// SPDX-License-Identifier: Apache-2.0
// Python packages as installers leave them (packaging.python.org, "Core metadata", "Recording installed projects"):
//
//   requests-2.31.0.dist-info/METADATA   headers (Name, Version, License, ...), an empty line, a long description
//   requests-2.31.0.dist-info/RECORD     the files, relative to the folder around: path,hash,size
//   PyYAML-5.4.egg-info                  the older form, a file or a folder with PKG-INFO: the same headers
//   six-1.16.0.egg                       zipped: EGG-INFO/PKG-INFO in it
//   pip-24.0-py3-none-any.whl            what installers unpack: pip-24.0.dist-info/METADATA in it. It is there, though not installed
//                                        (ensurepip, virtualenv and caches have some): claimed
#include "catalog/python.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/packed.h"
#include "catalog/stanza.h"
#include "catalog/zip_view.h"

namespace peekr {
namespace {

constexpr std::string_view kClassifier = "License :: ";

// The headers are one stanza; the description behind the empty line is not looked at.
std::string_view headers_of(std::string_view bytes) {
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const std::size_t at = bytes.size() - rest.size();
    if (trim(next_line(rest)).empty()) return bytes.substr(0, at);
  }
  return bytes;
}

// "License :: OSI Approved :: MIT License" says more than "License :: OSI Approved".
std::vector<std::string> classified(std::string_view headers) {
  std::vector<std::string> licenses;
  while (!headers.empty()) {
    const auto [name, value] = cut(next_line(headers), ':');
    const std::string_view text = trim(value);
    if (!equal_ignoring_case(name, "Classifier") || !text.starts_with(kClassifier)) continue;
    const std::size_t last = text.rfind(" :: ");
    if (last >= kClassifier.size()) licenses.emplace_back(text.substr(last + 4));
  }
  return licenses;
}

std::vector<std::string> licenses_of(const Stanza& stanza, std::string_view headers) {
  if (const std::string_view one = stanza.value("License-Expression"); !one.empty())
    return {std::string(one)};
  std::vector<std::string> all = classified(headers);
  const std::string_view one = stanza.value("License");
  if (all.empty() && !one.empty() && one != "UNKNOWN") all.emplace_back(one);
  return all;
}

// A path of RECORD; one with a comma stands in quotes.
std::string_view record_path(std::string_view line) {
  if (!line.starts_with('"')) return line.substr(0, line.find(','));
  return line.substr(1, line.find('"', 1) - 1);
}

PackedTexts files_of(const File& file) {
  const std::string folder(file.path.folder());
  const File::Neighbour* record = file.neighbour(folder + "/RECORD");
  PackedTexts files;
  if (record == nullptr) return files;
  const std::size_t slash = folder.rfind('/');
  const std::string around = slash == std::string::npos ? std::string() : folder.substr(0, slash + 1);
  for (std::string_view rest = record->bytes; !rest.empty();) {
    const std::string_view path = record_path(trim(next_line(rest)));
    if (path.empty()) continue;
    const Path whole(path.starts_with('/') ? std::string(path) : around + std::string(path));
    files.push_back(whole.str());
  }
  sort_unique(files);
  return files;
}

bool is_metadata_of_wheel(std::string_view member) {
  constexpr std::string_view kEnd = ".dist-info/METADATA";
  return member.ends_with(kEnd) && member.find('/') == member.size() - std::string_view("/METADATA").size();
}

void read_zipped(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  const auto note = [&](const Error& error) { notes.add(why_of(error), error.message); };
  const Result<ZipView> zip = ZipView::open(file.bytes);
  if (!zip) return note(zip.error());
  Allowance allowance(kMostPythonMetadata, file.allowance);
  const bool is_wheel = file.path.name().ends_with(".whl");
  for (const ZipView::Member& member : zip->members()) {
    if (is_wheel ? !is_metadata_of_wheel(member.name) : member.name != "EGG-INFO/PKG-INFO") continue;
    const Result<std::string> bytes = zip->read(member, kMostPythonMetadata, allowance);
    if (!bytes) return note(bytes.error());
    const std::size_t first = found.packages.size();
    read_python_metadata(file, *bytes, found, notes);
    for (std::size_t i = first; i < found.packages.size(); ++i) found.packages[i].claimed = is_wheel;
    return;
  }
  notes.add(Why::damaged, std::string("no ") + (is_wheel ? "METADATA" : "EGG-INFO/PKG-INFO") + " in it");
}

void run(const File& file, Inventory& found) {
  if (file.path.name().ends_with(".egg") || file.path.name().ends_with(".whl")) {
    read_zipped(file, found);
  } else {
    FileNotes notes(file.path, found);
    read_python_metadata(file, file.bytes, found, notes);
  }
}

constexpr std::array<Pattern, 9> kWants = {"**/*.dist-info/METADATA",
                                           "**/*.DIST-INFO/METADATA",
                                           "**/DIST-INFO/METADATA",
                                           "**/*.egg-info/PKG-INFO",
                                           "**/*.egg-info/METADATA",
                                           "**/*.egg-info",
                                           "**/*.egg",
                                           "**/EGG-INFO/PKG-INFO",
                                           "**/*.whl"};
constexpr std::array<Pattern, 3> kReads = {"**/*.dist-info/RECORD", "**/DIST-INFO/RECORD",
                                           "**/*.DIST-INFO/RECORD"};

}  // namespace

void read_python_metadata(const File& file, std::string_view bytes, Inventory& found, FileNotes& notes) {
  const std::string_view headers = headers_of(bytes);
  Stanza stanza;
  StanzaReader(headers, "Metadata-Version").next(stanza);
  Package package{.type = "pypi",
                  .name = std::string(stanza.value("Name")),
                  .version = std::string(stanza.value("Version")),
                  .licenses = licenses_of(stanza, headers),
                  .maintainer = std::string(stanza.value("Author-email")),
                  .files = files_of(file),
                  .path = file.path};
  if (package.name.empty() || package.version.empty()) {
    notes.add(Why::damaged, package.name.empty() ? "no Name" : peekr::quoted(package.name) + ": no Version");
  } else if (package.name != "Python") {  // the interpreter describes itself so: it is no package of PyPI
    found.add(std::move(package));
  }
}

namespace catalogers {
extern const Cataloger python;
constexpr Cataloger python = {
    .name = "python",
    .about = "installed Python packages: metadata of wheels and eggs, owned files; wheels that lie there",
    .version = 5,
    .wants = kWants,
    .reads = kReads,
    .run = run};
}  // namespace catalogers

}  // namespace peekr

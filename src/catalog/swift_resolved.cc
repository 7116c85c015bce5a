// SPDX-License-Identifier: Apache-2.0
// Swift packages that SwiftPM has resolved (docs.swift.org/swiftpm):
//
//   Package.resolved   version 1      {"object": {"pins": [{"package": "Nimble", "repositoryURL": "https://github.com/Quick/Nimble.git",
//                                                           "state": {"version": "9.2.1", "revision": "..."}}]}}
//                      version 2, 3   {"pins": [{"identity": "nimble", "location": "https://...", "state": {...}}]}
//
// A package is its repository: "github.com/Quick/Nimble". Where a branch is followed the version is the revision.
#include <simdjson.h>

#include <array>
#include <string>

#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/json_objects.h"

namespace peekr {
namespace {

using simdjson::dom::object;

// "https://github.com/Quick/Nimble.git", "git@github.com:Quick/Nimble.git"
std::string repository(std::string address) {
  if (const std::size_t scheme = address.find("://"); scheme != std::string::npos)
    address.erase(0, scheme + 3);
  const std::size_t at = address.find('@'), slash = address.find('/');
  if (at != std::string::npos && at < slash) address.erase(0, at + 1);
  if (const std::size_t colon = address.find(':'); colon != std::string::npos && colon < address.find('/'))
    address[colon] = '/';
  if (address.ends_with(".git")) address.resize(address.size() - 4);
  return address;
}

void add(object pin, const File& file, Inventory& found, FileNotes& notes) {
  const std::string old = json_text(pin, "repositoryURL");
  Package package{
      .type = "swift", .name = repository(old.empty() ? json_text(pin, "location") : old), .path = file.path};
  object state;
  if (pin.at_key("state").get(state) == simdjson::SUCCESS) {
    package.version = json_text(state, "version");
    if (package.version.empty()) package.version = json_text(state, "revision");
  }
  add_named(std::move(package), found, notes);
}

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root, inner;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  if (root.at_key("object").get(inner) == simdjson::SUCCESS) root = inner;
  if (root.at_key("pins").error() != simdjson::SUCCESS) notes.add(Why::damaged, "no list pins");
  for (const object pin : json_objects(root, "pins", notes)) add(pin, file, found, notes);
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/Package.resolved"};

}  // namespace

namespace catalogers {
extern const Cataloger swift_resolved;
constexpr Cataloger swift_resolved = {.name = "swift_resolved",
                                      .about = "Swift packages that SwiftPM has resolved",
                                      .version = 2,
                                      .wants = kWants,
                                      .declares = true,
                                      .run = run};
}  // namespace catalogers

}  // namespace peekr

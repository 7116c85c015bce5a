// SPDX-License-Identifier: Apache-2.0
// For tests: the inventory of layers that are made in memory.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/cataloger.h"
#include "image/test_layers.h"

namespace peekr::testing_catalog {

using testing_layers::Made;
using Layers = std::vector<std::vector<Made>>;

inline std::string stanza(const std::string& name, const std::string& version,
                          const std::string& arch = "amd64") {
  return "Package: " + name + "\nStatus: install ok installed\nArchitecture: " + arch +
         "\nVersion: " + version + "\n\n";
}

inline Made file(std::string path, std::string bytes) {
  return {.name = std::move(path), .body = std::move(bytes)};
}
inline Made symlink(std::string path, std::string target) {
  return {.name = std::move(path), .type = '2', .body = "", .link = std::move(target)};
}
inline const std::string kStatus = "var/lib/dpkg/status";
inline const std::string kElf = "\x7f" + std::string("ELF") + std::string(100, '\0');

inline Inventory catalogue(const Layers& layers, const Selection& selection, ReadOptions read = {}) {
  std::vector<std::string> tars;
  for (const std::vector<Made>& layer : layers) tars.push_back(testing_layers::tar(layer));
  const Image image = testing_layers::image_of(tars);
  read.threads = 2;
  const Result<Tree> tree = read_layers(image, reader(selection.types), read, {});
  if (!tree) {
    ADD_FAILURE() << tree.error().message;
    return {};
  }
  return catalog(image, *tree, read, selection);
}

inline Inventory catalogue(const Layers& layers, Declared declared = Declared::alone) {
  return catalogue(layers, Selection{.declared = declared});
}

// "name version @layer", in order.
inline std::vector<std::string> packages(const Inventory& inventory) {
  std::vector<std::string> all;
  for (const Package& one : inventory.packages) {
    all.push_back(one.name + " " + one.version + " @" + std::to_string(one.layer));
  }
  return all;
}
using Texts = std::vector<std::string>;

inline std::string notes(const Inventory& inventory) {
  std::string all;
  for (const Note& note : inventory.notes) all += note.path.str() + ": " + note.what + "\n";
  return all;
}

}  // namespace peekr::testing_catalog

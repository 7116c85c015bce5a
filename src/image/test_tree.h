// SPDX-License-Identifier: Apache-2.0
// For tests: the merged tree of layers that are made in memory.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "image/test_layers.h"
#include "image/tree.h"

namespace peekr::testing_tree {

using testing_layers::image_of;
using testing_layers::kWantedReader;
using testing_layers::Made;
using testing_layers::tar;

// What can be seen of the wanted files: "path=contents@layer" in order.
struct Seen {
  std::vector<std::string> files;
  std::vector<std::string> notes;
  bool operator==(const Seen&) const = default;
};

struct Read {
  std::vector<std::string> layers;
  Image image;
  Tree tree;
  Seen seen;
};

inline std::unique_ptr<Read> read(const std::vector<std::vector<Made>>& layers) {
  auto all = std::make_unique<Read>();
  for (const std::vector<Made>& layer : layers) all->layers.push_back(tar(layer));
  all->image = image_of(all->layers);
  Result<Tree> tree = read_layers(all->image, kWantedReader, {.threads = 2}, {});
  if (!tree) {
    ADD_FAILURE() << tree.error().message;
    return all;
  }
  all->tree = *std::move(tree);
  for (const Found& found : all->tree.found()) {
    if (!found.visible) continue;
    all->seen.files.push_back(found.path.str() + "=" + found.inventory->packages.at(0).name + "@" +
                              std::to_string(found.layer));
  }
  for (const Note& note : all->tree.notes()) all->seen.notes.push_back(note.what);
  return all;
}

inline std::vector<std::string> seen(const std::vector<std::vector<Made>>& layers) {
  return read(layers)->seen.files;
}
using Files = std::vector<std::string>;

}  // namespace peekr::testing_tree

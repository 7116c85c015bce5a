// SPDX-License-Identifier: Apache-2.0
// Tree: the merged file system of an image, after whiteouts (github.com/opencontainers/image-spec layer.md),
// and what the reader found in each wanted file of each layer, also in files that a higher layer hides.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "image/cache.h"
#include "image/image.h"
#include "image/reader.h"
#include "model/limits.h"
#include "model/path.h"

namespace peekr {

enum class NodeKind : std::uint8_t { directory, file, symlink, device };

struct Node {
  NodeKind kind{};
  std::uint32_t layer = 0;  // that brought it
  std::uint32_t mode = 0;   // permission bits
  std::uint64_t size = 0;   // of a file, bytes
  std::string_view target;  // of a symlink, as written
};

// What the reader found in one file of one layer.
struct Found {
  Path path;
  std::uint32_t layer = 0;
  bool visible = false;  // in the final tree, not replaced or deleted by a higher layer
  bool removed = false;  // by a whiteout, or something else took its place; not by another file of that name
  std::vector<Path> neighbours;  // that were there when it was read (read_later only)
  std::shared_ptr<const Inventory> inventory;
  // Where packages were found, and of executables with Verify::full: of the kinds that the package databases seen until then have
  // (LayerJob::checksums), all where none was, and of files that come in pieces (a language's: where the first one tells of packages). Of
  // other executables only SHA-256, and not in the folders where nearly all is owned.
  FileDigests digests;
  bool linked = false;  // visible, and its path leads there through a link
};

enum class Verify { blobs, full };  // full: diff IDs too, and all digests of executables

struct ReadOptions {
  Limits limits;
  Verify verify = Verify::blobs;
  bool partial = false;  // layers with a table of contents through that, where their source has parts of them
  unsigned threads = 0;  // 0: as many as cores; as fetched layers are waited for, more
  Cache* cache = nullptr;  // where results are kept; null: nowhere
};

class Tree {  // for one thread at a time: a look-up may make an index
 public:
  Tree();
  Tree(Tree&&) noexcept;
  Tree& operator=(Tree&&) noexcept;
  ~Tree();

  // The node at that path; symbolic links in it and at its end are followed, never out of the tree. Nothing:
  // there is none, or a cycle, or more than 40 links.
  [[nodiscard]] std::optional<Node> find(const Path& path) const;
  // The same without following a link at the end.
  [[nodiscard]] std::optional<Node> find_no_follow(const Path& path) const;
  // The place that a path really names, all links followed; nothing where find() has none.
  [[nodiscard]] std::optional<Path> real_path(const Path& path) const;
  // The children of a directory (links followed), sorted by name.
  [[nodiscard]] std::vector<std::string_view> list(const Path& directory) const;
  // Those of them that are symbolic links.
  [[nodiscard]] std::vector<std::string_view> list_links(const Path& directory) const;

  // Each name of each file that has several (hard links), with a number that is the file's; of them those in the final tree.
  using UseName = std::function<void(std::uint32_t file, const Path& name)>;
  void each_hard_link(const UseName& use) const;

  [[nodiscard]] const std::vector<Found>& found() const;  // by path, then layer
  [[nodiscard]] const std::vector<Note>& notes() const;   // of the layers

  // A second reading, for files that only the merged tree shows to be wanted (behind links, or with
  // neighbours in another layer): each path is a real path of a visible file. Calls use(path, bytes, node)
  // for each, in no particular order.
  using Use = std::function<void(const Path&, std::string_view bytes, const Node&)>;
  Status read_again(const Image& image, const std::vector<Path>& paths, const Limits& limits,
                    const Use& use) const;
  // The same for checksums: of a file of any size use() is called for one piece after the other.
  Status read_pieces_again(const Image& image, const std::vector<Path>& paths, const Limits& limits,
                           const Use& use) const;

 private:
  friend class TreeBuilder;
  friend Result<Tree> read_layers(const Image& image, const Reader& reader, const ReadOptions& options,
                                  std::stop_token stop);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Reads every layer once, as a stream, several layers at a time, and merges them. An error names the layer.
Result<Tree> read_layers(const Image& image, const Reader& reader, const ReadOptions& options,
                         std::stop_token stop);

}  // namespace peekr

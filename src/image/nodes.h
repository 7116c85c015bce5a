// SPDX-License-Identifier: Apache-2.0
// What a Tree is made of, for its builder: 16 bytes a node and, where it is looked for by name, about 12. All else (name, mode, size,
// target) stands in the record of its entry (image/items.h). A directory chains its children, the last one first. A node that is removed
// or replaced stays there, marked as gone: what is below it can no longer be reached.
//
// Archivers mostly write the names of a directory in their order: one that comes after the last is new. So its children are indexed when
// one comes out of order, or is looked for. That may happen in what is const: no two threads ask at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "image/items.h"
#include "image/tree.h"

namespace peekr {

class Nodes {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNone = 0xFFFFFFFF;
  static constexpr Index kRoot = 0;
  static constexpr unsigned kMostLinks = 40;  // as Linux: more is ELOOP
  static constexpr unsigned kLayerBits = 24;

  struct Slot {
    std::uint32_t hash = 0;
    Index node = kNone;
  };
  struct Directory {
    Items::Position entry = 0;
    Index last_child = kNone;
    std::uint32_t children = 0;    // that are not gone
    std::uint32_t path_bytes = 0;  // of its path in the tree
    std::uint32_t pruned = 0;      // 1 + the layer that has last emptied it of lower files
    // Its children by name, also those that are gone: open addressing. None: they are in the order of their names.
    mutable std::vector<Slot> slots;
    mutable std::uint32_t used = 0;  // of those
  };
  // A symbolic link, or a second name of anything that is no directory.
  struct Link {
    Items::Position entry = 0;
    Index node = kNone;
    Index content = kNone;    // of a second name: the node with the first one
    Index leads_to = kNone;   // of a symbolic link that is settled: the node at its end
    std::uint32_t links = 0;  // and how many are followed up to there; 0: not settled
  };
  struct Made {
    std::string_view name;  // lives as long as the records do
    NodeKind kind{};
    std::uint32_t layer = 0;
    Items::Position entry = 0;
    Index content = kNone;
  };

  explicit Nodes(std::size_t layers);

  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] NodeKind kind(Index at) const { return static_cast<NodeKind>(nodes_[at].kind); }
  [[nodiscard]] bool is_directory(Index at) const { return kind(at) == NodeKind::directory; }
  [[nodiscard]] bool is_gone(Index at) const { return nodes_[at].gone != 0; }
  [[nodiscard]] std::uint32_t layer(Index at) const { return static_cast<std::uint32_t>(nodes_[at].layer); }
  [[nodiscard]] Index parent(Index at) const { return nodes_[at].parent; }
  [[nodiscard]] Item entry(Index at) const;
  // The node with the first name of the same bytes.
  [[nodiscard]] Index content(Index at) const;
  [[nodiscard]] Node node(Index at) const;
  [[nodiscard]] const Directory& directory(Index at) const { return directories_[entry_of(at)]; }
  [[nodiscard]] Directory& directory(Index at) { return directories_[entry_of(at)]; }
  // Whose records the nodes of a layer refer to.
  [[nodiscard]] Items& layer_items(std::uint32_t layer) { return layers_[layer]; }

  // Where a child of that name is, or may be put.
  struct Place {
    Index parent;
    Directory* in;           // that is
    Index child;             // kNone: there is none
    std::size_t slot;        // kNoSlot: it comes behind all others
    std::uint32_t hash = 0;  // of its name
  };
  static constexpr std::size_t kNoSlot = static_cast<std::size_t>(-1);
  // Good until something else is put.
  [[nodiscard]] Place place(Index directory, std::string_view name);
  [[nodiscard]] Index child(Index directory, std::string_view name) const;
  // Calls use(child) for each, in no order to rely on. Those that are gone are forgotten, and counted by the result.
  template <class Use>
  std::uint64_t each_child(Index at, const Use& use) {
    std::uint64_t gone = 0;
    for (Index* link = &directory(at).last_child; *link != kNone;) {
      const Index next = *link;
      if (is_gone(next)) {
        *link = nodes_[next].sibling;
        ++gone;
        continue;
      }
      use(next);
      link = &nodes_[next].sibling;
    }
    return gone;
  }
  [[nodiscard]] std::vector<std::string_view> names_in(Index directory) const;
  // Of those that are symbolic links.
  [[nodiscard]] std::vector<std::string_view> links_in(Index directory) const;
  [[nodiscard]] std::string path_of(Index at) const;
  // Whether it is in the tree: neither it nor a directory above is gone.
  [[nodiscard]] bool is_reachable(Index at) const;

  // The nodes of all files that have several names, in the tree or not.
  void each_hard_link(const std::function<void(Index)>& use) const;

  enum class Last { follow, keep };
  // Walks from the root, following links (never out of the tree); kNone: nothing there, a cycle, a file on
  // the way. Adds to `steps` what it cost: before settle_links() that may be much.
  [[nodiscard]] Index walk(std::string_view path, Last last, std::uint64_t* steps = nullptr) const;
  // The same for a canonical path that no link is on, which nearly all are, at less cost; kNone: there is one, or nothing is there.
  [[nodiscard]] Index walk_straight(std::string_view path) const;
  // Finds out where each link leads, once no layer is to come: from then on a walk costs its own path only,
  // whatever the links in it say.
  void settle_links();

  // The new node replaces one of that name.
  Index put(const Place& place, const Made& made);
  void remove(Index at);
  // The directory is one that a higher layer brings, too.
  void renew(Index directory, std::uint32_t layer, Items::Position entry);

 private:
  struct Packed {
    Index parent = kNone;
    Index sibling = kNone;  // the child of the same directory before this one
    std::uint64_t kind : 2 = 0;
    std::uint64_t gone : 1 = 0;
    std::uint64_t linked : 1 = 0;
    std::uint64_t layer : kLayerBits = 0;  // that brought it
    std::uint64_t entry : Items::kPositionBits =
                              0;  // directory, link: index into those; else where its record is
  };
  // Never moved: growing costs no second copy.
  class Chunks {
   public:
    [[nodiscard]] std::size_t size() const { return size_; }
    Packed& operator[](std::size_t at) { return chunks_[at / kChunk][at % kChunk]; }
    const Packed& operator[](std::size_t at) const { return chunks_[at / kChunk][at % kChunk]; }
    void push_back(const Packed& one) {
      if (size_ % kChunk == 0) chunks_.push_back(std::make_unique<Packed[]>(kChunk));
      (*this)[size_] = one;
      ++size_;
    }

   private:
    static constexpr std::size_t kChunk = 4096;
    std::vector<std::unique_ptr<Packed[]>> chunks_;
    std::size_t size_ = 0;
  };
  // With its hash.
  struct Name {
    std::string_view text;
    std::uint32_t hash = 0;
  };
  // A link that is being settled. Those in its target are settled first; until then it counts as one that
  // leads nowhere, which is what a link that is met again, in a cycle, does.
  struct Following {
    std::size_t link;
    Index at;
    std::string_view rest;
    std::uint32_t links = 1;
  };

  [[nodiscard]] std::size_t entry_of(Index at) const { return static_cast<std::size_t>(nodes_[at].entry); }
  [[nodiscard]] std::string_view name(Index at) const {
    return at != kRoot && at + std::size_t{1} == nodes_.size() ? last_name_ : entry(at).name;
  }
  [[nodiscard]] Name named(std::string_view text) const;
  [[nodiscard]] std::size_t slot_of(const Directory& directory, const Name& name) const;
  void index(const Directory& directory) const;
  [[nodiscard]] static bool is_full(const Directory& directory);
  static void make_room(Directory& directory);
  Following follow(std::size_t link);
  void settle_last(std::vector<Following>& waiting);

  std::vector<Items> layers_;
  Chunks nodes_;
  std::string_view last_name_;  // of the node that was put last
  std::vector<Directory> directories_;
  std::vector<Link> links_;
  std::uint64_t seed_;  // of the hashes: see base/hash.h
  bool settled_ = false;
};

// The next part of a path that is being walked; `todo` is what is left of it and of the links in it,
// innermost last.
std::string_view next_part(std::vector<std::string_view>& todo);

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// Nodes live in one list; each directory maps names to indices. Removing or replacing a node just takes it
// out of its parent's map: what was below it can no longer be reached. Names are views into the layers'
// listings, which the tree keeps.
#include "image/tree.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <numeric>
#include <tuple>

#include "base/pool.h"
#include "base/text.h"
#include "base/timer.h"
#include "image/layer.h"

namespace peekr {
namespace {

constexpr unsigned kMostLinks = 40;  // as Linux: more is ELOOP
constexpr std::uint32_t kNone = 0xFFFFFFFF;

using Children = std::map<std::string_view, std::uint32_t>;

struct TreeNode {
  Node node;
  std::uint32_t parent = kNone;
  std::uint32_t content_layer = 0;  // where a file's bytes are: differs from node.layer for a hard link
  std::uint32_t path_bytes = 0;     // of its path in the tree
  std::uint32_t pruned = 0;         // 1 + the layer that has last emptied this directory of lower files
  std::int32_t found = -1;          // index into Impl::found
  std::uint32_t link_of = kNone;    // of a hard link: the node with the first name of its bytes
  std::uint32_t leads_to = kNone;   // of a symlink that is settled: the node at its end
  std::uint32_t links = 0;          // and how many are followed up to there; 0: not settled
  std::uint64_t content_place = 0;  // Item::place of the entry with the bytes
  std::string_view name;
  std::string_view content_path;       // and its path
  std::unique_ptr<Children> children;  // of a directory
};

// The next part of a path that is being walked; `todo` is what is left of it and of the links in it,
// innermost last.
std::string_view next_part(std::vector<std::string_view>& todo) {
  std::string_view& rest = todo.back();
  const std::size_t slash = rest.find('/');
  const std::string_view part = rest.substr(0, slash);
  if (slash == std::string_view::npos) {
    todo.pop_back();
  } else {
    rest.remove_prefix(slash + 1);
  }
  return part;
}

}  // namespace

struct Tree::Impl {
  std::vector<Listing> listings;  // one a layer: owners of all views
  std::vector<TreeNode> nodes;    // 0 is the root
  std::vector<Found> found;
  std::vector<Note> notes;
  bool settled = false;  // see settle_links()

  [[nodiscard]] std::uint32_t child(std::uint32_t directory, std::string_view name) const {
    const Children* children = nodes[directory].children.get();
    if (children == nullptr) return kNone;
    const auto at = children->find(name);
    return at == children->end() ? kNone : at->second;
  }

  enum class Last { follow, keep };
  // Walks from the root, following links (never out of the tree); kNone: nothing there, a cycle, a file on
  // the way. Adds to `steps` what it cost: before settle_links() that may be much.
  [[nodiscard]] std::uint32_t walk(std::string_view path, Last last, std::uint64_t* steps = nullptr) const {
    std::uint64_t uncounted = 0;
    if (steps == nullptr) steps = &uncounted;
    std::vector<std::string_view> todo = {path};
    std::uint32_t at = 0;
    unsigned links = 0;
    while (!todo.empty()) {
      const std::string_view part = next_part(todo);
      ++*steps;
      if (part.empty() || part == ".") continue;
      if (part == "..") {
        at = at == 0 ? 0 : nodes[at].parent;
        continue;
      }
      const std::uint32_t next = child(at, part);
      if (next == kNone) return kNone;
      const Node& node = nodes[next].node;
      const bool at_the_end = std::ranges::all_of(todo, [](std::string_view left) { return left.empty(); });
      if (node.kind != NodeKind::symlink || (at_the_end && last == Last::keep)) {
        at = next;
        continue;
      }
      links += settled ? nodes[next].links : 1;
      if (links > kMostLinks) return kNone;
      if (settled) {
        at = nodes[next].leads_to;
        if (at == kNone) return kNone;
        continue;
      }
      if (node.target.starts_with('/')) at = 0;
      todo.push_back(node.target);
    }
    return at;
  }

  // Finds out where each link leads, once no layer is to come: from then on a walk costs its own path only,
  // whatever the links in it say.
  void settle_links() {
    std::vector<Following> waiting;
    for (std::uint32_t at = 0; at < nodes.size(); ++at) {
      if (nodes[at].node.kind == NodeKind::symlink && nodes[at].links == 0) waiting.push_back(follow(at));
      while (!waiting.empty()) settle_last(waiting);
    }
    settled = true;
  }

  // A link that is being settled. Those in its target are settled first; until then it counts as one that
  // leads nowhere, which is what a link that is met again, in a cycle, does.
  struct Following {
    std::uint32_t link, at;
    std::string_view rest;
    std::uint32_t links = 1;
  };
  Following follow(std::uint32_t link) {
    TreeNode& node = nodes[link];
    node.links = kMostLinks + 1;
    return {link, node.node.target.starts_with('/') ? 0 : node.parent, node.node.target};
  }

  void settle_last(std::vector<Following>& waiting) {
    Following& last = waiting.back();
    while (!last.rest.empty() && last.at != kNone) {
      const auto [part, rest] = cut(last.rest, '/');
      std::uint32_t next = last.at;
      if (part == "..") {
        next = next == 0 ? 0 : nodes[next].parent;
      } else if (!part.empty() && part != ".") {
        next = child(next, part);
      }
      if (next != kNone && nodes[next].node.kind == NodeKind::symlink) {
        if (nodes[next].links == 0) {
          waiting.push_back(follow(next));
          return;
        }
        last.links += nodes[next].links;
        next = last.links > kMostLinks ? kNone : nodes[next].leads_to;
      }
      last.at = next;
      last.rest = rest;
    }
    nodes[last.link].leads_to = last.at;
    if (last.at != kNone) nodes[last.link].links = last.links;
    waiting.pop_back();
  }

  [[nodiscard]] std::string path_of(std::uint32_t at) const {
    std::vector<std::string_view> parts;
    for (; at != 0; at = nodes[at].parent) parts.push_back(nodes[at].name);
    std::string path;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      if (!path.empty()) path += '/';
      path += *part;
    }
    return path;
  }

  // A file that was written through a link of a lower layer is known by its real name, however layers are
  // split.
  static void rename(Found& one, Path path) {
    if (one.path == path) return;
    auto renamed = std::make_shared<Inventory>(*one.inventory);
    const auto mend = [&](Path& stated) {
      if (stated == one.path) stated = path;
    };
    for (Package& package : renamed->packages) mend(package.path);
    for (Note& note : renamed->notes) mend(note.path);
    if (renamed->distro) mend(renamed->distro->path);
    one.inventory = std::move(renamed);
    one.path = std::move(path);
  }

  // Which results can be seen in the final tree, and where.
  void mark_visible() {
    std::vector<std::uint32_t> todo = {0};
    while (!todo.empty()) {
      const std::uint32_t at = todo.back();
      todo.pop_back();
      if (nodes[at].found >= 0) {
        Found& one = found[static_cast<std::size_t>(nodes[at].found)];
        one.visible = true;
        rename(one, Path(path_of(at)));
      }
      if (!nodes[at].children) continue;
      for (const auto& [name, child] : *nodes[at].children) todo.push_back(child);
    }
  }

  // Results by path, then layer; without those of a file that its own layer replaced.
  void sort_found() {
    std::erase_if(found, [](const Found& one) { return one.inventory == nullptr; });
    std::ranges::sort(found, [](const Found& a, const Found& b) {
      return std::tie(a.path, a.layer) < std::tie(b.path, b.layer);
    });
  }
};

// Lays one layer after the other over the tree, entry by entry in the order of the tar, as an unpacker does.
class TreeBuilder {
 public:
  TreeBuilder(Tree::Impl& tree, const Limits& limits)
      : tree_(tree),
        most_nodes_(limits.entries),
        most_steps_(limits.entries * 100),
        most_path_(limits.path_bytes) {
    tree_.nodes.push_back({.node = {.kind = NodeKind::directory}, .children = std::make_unique<Children>()});
  }

  Status add(std::uint32_t layer, const std::stop_token& stop) {
    layer_ = layer;
    for (const Item& item : tree_.listings[layer].items) {
      if (stop.stop_requested()) return fail(Errc::cancelled, "stopped");
      if (item.kind == Item::Kind::whiteout || item.kind == Item::Kind::opaque) {
        remove(item);
      } else {
        put_item(item);
      }
      if (tree_.nodes.size() > most_nodes_ + 1) {
        return fail(Errc::limit, "layer " + std::to_string(layer) + ": more than " +
                                     std::to_string(most_nodes_) +
                                     " files and folders, implied ones included (limit entries)");
      }
      if (steps_ > most_steps_) {
        return fail(Errc::limit, "layer " + std::to_string(layer) + ": folders and links need more than " +
                                     std::to_string(most_steps_) + " steps (100 for each of limit entries)");
      }
    }
    return {};
  }

  // Files whose name in the tree is wanted though the name of their bytes was not: hard links, and files
  // whose folder is a link in a lower layer. And hard links to bytes that were wanted, under a name that is gone.
  [[nodiscard]] std::vector<std::uint32_t> unread(const Reader& reader) const {
    std::vector<std::uint32_t> nodes;
    for (const std::uint32_t at : moved_) {
      const std::string path = tree_.path_of(at);
      const bool reachable = tree_.walk(path, Tree::Impl::Last::keep) == at;
      if (!reachable || tree_.nodes[at].found >= 0) continue;
      if (reader.interest(path, {}) != Interest::none || lost(tree_.nodes[at].link_of)) nodes.push_back(at);
    }
    return nodes;
  }

 private:
  // Whether something was found under a name that the tree has no more.
  [[nodiscard]] bool lost(std::uint32_t at) const {
    if (at == kNone || tree_.nodes[at].found < 0) return false;
    return tree_.walk(tree_.path_of(at), Tree::Impl::Last::keep) != at;
  }

  struct Split {
    std::string_view folder, name;
  };
  static Split split_path(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return {"", path};
    return {path.substr(0, slash), path.substr(slash + 1)};
  }

  // A whiteout acts on what the layers below have; what its own layer has written stays, wherever it stands
  // in the tar.
  void remove(const Item& item) {
    if (item.kind == Item::Kind::opaque) {
      const std::uint32_t at = tree_.walk(item.path, Tree::Impl::Last::follow, &steps_);
      if (at != kNone) prune(at);
      return;
    }
    const auto [folder, name] = split_path(item.path);
    const std::uint32_t parent = tree_.walk(folder, Tree::Impl::Last::follow, &steps_);
    const std::uint32_t at = parent == kNone ? kNone : tree_.child(parent, name);
    if (at == kNone) return;
    prune(at);
    const TreeNode& node = tree_.nodes[at];
    const bool kept = node.node.layer == layer_ || (node.children && !node.children->empty());
    if (!kept) tree_.nodes[parent].children->erase(name);
  }

  // Takes all of lower layers out of a directory, except folders that this layer has put something in.
  void prune(std::uint32_t top) {
    if (!tree_.nodes[top].children || tree_.nodes[top].pruned == layer_ + 1) return;
    tree_.nodes[top].pruned = layer_ + 1;
    std::vector<std::uint32_t> below = {top};  // parents before children
    for (std::size_t i = 0; i < below.size(); ++i) {
      const Children* children = tree_.nodes[below[i]].children.get();
      if (children == nullptr) continue;
      for (const auto& [name, child] : *children) below.push_back(child);
    }
    steps_ += below.size();
    for (std::size_t i = below.size(); i-- > 1;) {
      const TreeNode& node = tree_.nodes[below[i]];
      if (node.node.layer == layer_ || (node.children && !node.children->empty())) continue;
      tree_.nodes[node.parent].children->erase(node.name);
    }
  }

  // The directory at that path, links followed as an unpacker does on the merged tree; made where there is
  // none, also where a link leads to nothing. A file, and a cycle of links, gives way. kNone: its real path is too long.
  std::uint32_t directory(std::string_view path) {
    std::vector<std::string_view> todo = {path};
    std::uint32_t at = 0;
    unsigned links = 0;
    followed_ = false;
    while (!todo.empty()) {
      const std::string_view part = next_part(todo);
      ++steps_;
      if (part.empty() || part == ".") continue;
      if (part == "..") {
        at = at == 0 ? 0 : tree_.nodes[at].parent;
        continue;
      }
      std::uint32_t next = tree_.child(at, part);
      const bool link = next != kNone && tree_.nodes[next].node.kind == NodeKind::symlink;
      if (link && ++links <= kMostLinks) {
        followed_ = true;
        const std::string_view target = tree_.nodes[next].node.target;
        if (target.starts_with('/')) at = 0;
        todo.push_back(target);
        continue;
      }
      if (next == kNone || !tree_.nodes[next].children) {
        if (!fits(at, part)) return kNone;
        next = put(at, {.node = {.kind = NodeKind::directory, .mode = 0755}, .name = part});
      }
      at = next;
    }
    return at;
  }

  [[nodiscard]] bool fits(std::uint32_t parent, std::string_view name) const {
    return tree_.nodes[parent].path_bytes + 1 + name.size() <= most_path_;
  }

  std::uint32_t put(std::uint32_t parent, TreeNode node) {
    const auto index = static_cast<std::uint32_t>(tree_.nodes.size());
    node.parent = parent;
    node.path_bytes =
        tree_.nodes[parent].path_bytes + (parent == 0 ? 0 : 1) + static_cast<std::uint32_t>(node.name.size());
    node.node.layer = layer_;
    if (node.node.kind == NodeKind::directory) node.children = std::make_unique<Children>();
    const std::string_view name = node.name;
    tree_.nodes.push_back(std::move(node));
    // The old key may be a view into a deeper path of another listing; all live as long as the tree.
    (*tree_.nodes[parent].children)[name] = index;
    return index;
  }

  void put_item(const Item& item) {
    if (item.path.empty()) return;  // the root itself
    const auto [folder, name] = split_path(item.path);
    const std::uint32_t parent = directory(folder);
    if (parent == kNone || !fits(parent, name)) {
      tree_.notes.push_back({Path(), Why::too_big,
                             "left out, because links lead to a path of more than " +
                                 std::to_string(most_path_) +
                                 " bytes (limit path_bytes): " + printable(item.path.substr(0, 60)) + "..."});
      return;
    }
    const std::uint32_t old = tree_.child(parent, name);
    if (item.kind == Item::Kind::directory && old != kNone && tree_.nodes[old].children) {
      tree_.nodes[old].node.mode = item.mode;
      tree_.nodes[old].node.layer = layer_;
      return;
    }
    TreeNode made{.node = {.mode = item.mode, .size = item.size, .target = item.link},
                  .content_layer = layer_,
                  .found = item.found,
                  .content_place = item.place,
                  .name = name,
                  .content_path = item.path};
    bool moved = followed_ && item.kind == Item::Kind::file;
    switch (item.kind) {
      case Item::Kind::file: made.node.kind = NodeKind::file; break;
      case Item::Kind::directory: made.node.kind = NodeKind::directory; break;
      case Item::Kind::symlink: made.node.kind = NodeKind::symlink; break;
      case Item::Kind::hard_link:
        if (!link_to(item, made)) return;
        moved = true;
        break;
      default: made.node.kind = NodeKind::device; break;
    }
    if (old != kNone && tree_.nodes[old].found >= 0 && tree_.nodes[old].node.layer == layer_) {
      tree_.found[static_cast<std::size_t>(tree_.nodes[old].found)].inventory = nullptr;
    }
    const std::uint32_t at = put(parent, std::move(made));
    if (moved) moved_.push_back(at);
  }

  // Makes `made` another name of an existing file.
  bool link_to(const Item& item, TreeNode& made) {
    const std::uint32_t target = tree_.walk(item.link, Tree::Impl::Last::keep, &steps_);
    if (target == kNone || tree_.nodes[target].children) {
      tree_.notes.push_back(
          {Path(item.path), Why::damaged, "a hard link to nothing: " + printable(item.link)});
      return false;
    }
    const TreeNode& from = tree_.nodes[target];
    made.node = from.node;
    made.content_layer = from.content_layer;
    made.content_place = from.content_place;
    made.content_path = from.content_path;
    made.found = -1;
    made.link_of = from.link_of == kNone ? target : from.link_of;
    return true;
  }

  Tree::Impl& tree_;
  std::uint64_t most_nodes_, most_steps_, most_path_;
  std::uint64_t steps_ = 0;
  std::uint32_t layer_ = 0;
  bool followed_ = false;  // whether the last directory() went through a link
  std::vector<std::uint32_t> moved_;
};

namespace {

// A layer that is fetched is mostly waited for.
unsigned threads_for(const Image& image, const ReadOptions& options) {
  constexpr unsigned kLines = 4;
  if (options.threads > 0 || !image.fetched) return options.threads;
  return std::max(kLines, Pool().threads());
}

// The lowest layer first, which shows what package database the image has (LayerJob::checksums); then largest first, so that the
// last one running is a small one. Results in layer order.
Result<std::vector<Listing>> read_all(const Image& image, const Reader& reader, const ReadOptions& options,
                                      const std::stop_token& stop) {
  const std::size_t count = image.info.layers.size();
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, std::greater<>(), [&](std::uint32_t i) {
    return std::tuple(i == 0, image.info.layers[i].size, count - i);
  });
  std::atomic<std::uint64_t> entries{0};
  Guarded<std::string> large;
  std::atomic<ChecksumKinds> checksums{0};
  const LayerJob job{image, reader, options, stop, entries, large, checksums};
  if (image.stream) return read_stream(job);
  std::vector<Result<Listing>> results =
      Pool(threads_for(image, options)).map(count, [&](std::size_t i) { return read_layer(job, order[i]); });
  std::vector<Listing> listings(count);
  std::vector<const Error*> errors(count, nullptr);
  for (std::size_t i = 0; i < count; ++i) {
    if (!results[i]) {
      errors[order[i]] = &results[i].error();
    } else {
      listings[order[i]] = *std::move(results[i]);
    }
  }
  for (const Error* error : errors) {
    if (error != nullptr) return fail(*error);
  }
  return listings;
}

}  // namespace

Tree::Tree() : impl_(std::make_unique<Impl>()) {}
Tree::Tree(Tree&&) noexcept = default;
Tree& Tree::operator=(Tree&&) noexcept = default;
Tree::~Tree() = default;

const Node* Tree::find(const Path& path) const {
  const std::uint32_t at = impl_->walk(path.str(), Impl::Last::follow);
  return at == kNone ? nullptr : &impl_->nodes[at].node;
}

const Node* Tree::find_no_follow(const Path& path) const {
  const std::uint32_t at = impl_->walk(path.str(), Impl::Last::keep);
  return at == kNone ? nullptr : &impl_->nodes[at].node;
}

std::optional<Path> Tree::real_path(const Path& path) const {
  const std::uint32_t at = impl_->walk(path.str(), Impl::Last::follow);
  if (at == kNone) return std::nullopt;
  return Path(impl_->path_of(at));
}

std::vector<std::string_view> Tree::list(const Path& directory) const {
  std::vector<std::string_view> names;
  const std::uint32_t at = impl_->walk(directory.str(), Impl::Last::follow);
  if (at == kNone || !impl_->nodes[at].children) return names;
  for (const auto& [name, child] : *impl_->nodes[at].children) names.push_back(name);
  return names;
}

const std::vector<Found>& Tree::found() const { return impl_->found; }
const std::vector<Note>& Tree::notes() const { return impl_->notes; }

Status Tree::read_again(const Image& image, const std::vector<Path>& paths, const Limits& limits,
                        const Use& use) const {
  std::map<std::uint32_t, std::map<Content, std::vector<std::uint32_t>>> by_layer;  // layer, bytes, nodes
  for (const Path& path : paths) {
    const std::uint32_t at = impl_->walk(path.str(), Impl::Last::follow);
    if (at == kNone || impl_->nodes[at].node.kind != NodeKind::file) continue;
    const TreeNode& node = impl_->nodes[at];
    by_layer[node.content_layer][{node.content_place, Path(node.content_path)}].push_back(at);
  }
  if (by_layer.empty()) return {};
  WantedContents wanted;
  for (const auto& [layer, contents] : by_layer) {
    for (const auto& [content, nodes] : contents) wanted[layer].push_back(content);
  }
  return read_files(image, wanted, limits,
                    [&](std::uint32_t layer, const Content& content, std::string_view bytes) {
                      for (const std::uint32_t at : by_layer.at(layer).at(content))
                        use(Path(impl_->path_of(at)), bytes, impl_->nodes[at].node);
                    });
}

Result<Tree> read_layers(const Image& image, const Reader& reader, const ReadOptions& options,
                         std::stop_token stop) {
  const Timer timer("image/read layers");
  Tree tree;
  Tree::Impl& impl = *tree.impl_;
  impl.listings = TRY(read_all(image, reader, options, stop));
  TreeBuilder builder(impl, options.limits);
  for (std::uint32_t layer = 0; layer < impl.listings.size(); ++layer) {
    Listing& listing = impl.listings[layer];
    const auto base = static_cast<std::int32_t>(impl.found.size());
    for (Item& item : listing.items) {
      if (item.found >= 0) item.found += base;
    }
    std::ranges::move(listing.found, std::back_inserter(impl.found));
    std::ranges::move(listing.notes, std::back_inserter(impl.notes));
    TRY(builder.add(layer, stop));
    listing.items = {};  // what the tree needs of them it has
  }
  impl.settle_links();
  impl.mark_visible();
  std::vector<Path> unread;
  for (const std::uint32_t at : builder.unread(reader)) {
    Path path(impl.path_of(at));
    if (impl.nodes[at].node.size > options.limits.file_bytes) {
      impl.notes.push_back(
          {std::move(path), Why::too_big, "was not read under this name (limit file_bytes)"});
    } else {
      unread.push_back(std::move(path));
    }
  }
  TRY(tree.read_again(image, unread, options.limits,
                      [&](const Path& path, std::string_view bytes, const Node& node) {
                        auto inventory = std::make_shared<Inventory>();
                        reader.read({.path = path, .bytes = bytes}, *inventory);
                        impl.found.push_back({.path = path,
                                              .layer = node.layer,
                                              .visible = true,
                                              .inventory = std::move(inventory),
                                              .digests = digests_of(bytes, 0)});
                      }));
  impl.sort_found();
  return tree;
}

}  // namespace peekr

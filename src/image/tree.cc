// SPDX-License-Identifier: Apache-2.0
// Listings of layers in, laid one over the other as an unpacker does; the nodes are in image/nodes.h.
#include "image/tree.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "base/pool.h"
#include "base/text.h"
#include "base/timer.h"
#include "image/layer.h"
#include "image/laying.h"
#include "image/nodes.h"
#include "image/partial.h"
#include "image/reading_order.h"
#include "model/layer_number.h"

namespace peekr {
namespace {

using Index = Nodes::Index;
constexpr Index kNone = Nodes::kNone;
using Last = Nodes::Last;

}  // namespace

struct Tree::Impl {
  Nodes nodes{0};
  std::vector<Found> found;
  std::vector<Index> found_at;  // the node of each of those, kNone: it has none, any more
  std::vector<Note> notes;
  std::unordered_set<Index> removed;  // by a whiteout, or something else took its place

  [[nodiscard]] std::uint64_t packages() const {
    return std::transform_reduce(
        found.begin(), found.end(), std::uint64_t{0}, std::plus<>(),
        [](const Found& one) { return one.inventory ? one.inventory->packages.size() : 0; });
  }

  // A file that was written through a link is known by its real name, however layers are split; but by the one that it was wanted
  // for where its real name tells nobody what it is: /db/status, written as var/lib/dpkg/status. Where that leads there no more it is
  // as gone as a file that was removed.
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
  void mark_visible(const Reader& reader) {
    for (std::size_t i = 0; i < found_at.size(); ++i) {
      if (found_at[i] == kNone || !nodes.is_reachable(found_at[i])) continue;
      Path real(nodes.path_of(found_at[i]));
      const bool by_name = real != found[i].path &&
                           reader.interest(found[i].path.str(), {}) != Interest::none &&
                           reader.interest(real.str(), {}) == Interest::none;
      found[i].visible = !by_name || nodes.walk(found[i].path.str(), Last::follow) == found_at[i];
      found[i].linked = by_name && found[i].visible;
      if (!by_name) rename(found[i], std::move(real));
    }
  }

  [[nodiscard]] Index look_for(const Path& path, Last last) const {
    const Index at = nodes.walk_straight(path.str());
    return at == kNone ? nodes.walk(path.str(), last) : at;
  }

  void mark_removed() {
    for (std::size_t i = 0; i < found_at.size() && !removed.empty(); ++i) {
      for (Index at = found_at[i]; at != kNone && at != Nodes::kRoot && !found[i].removed;
           at = nodes.parent(at))
        found[i].removed = removed.contains(at);
    }
  }

  // By layer: what is to be read, and the nodes that have it.
  using InLayer = std::map<Content, std::vector<Index>>;
  using Contents = std::map<std::uint32_t, InLayer>;

  [[nodiscard]] Contents contents(const std::vector<Path>& paths) const {
    Contents all;
    for (const Path& path : paths) {
      const Index at = nodes.walk(path.str(), Last::follow);
      if (at == kNone || nodes.kind(at) != NodeKind::file) continue;
      const Index content = nodes.content(at);
      all[nodes.layer(content)][{nodes.entry(content).place, Path(nodes.path_of(content))}].push_back(at);
    }
    return all;
  }

  Status read_again(const Image& image, const Contents& contents, const Limits& limits,
                    const Tree::Use& use) const {
    if (contents.empty()) return {};
    WantedContents wanted;
    for (const auto& [layer, all] : contents) {
      for (const auto& [content, at] : all) wanted[layer].push_back(content);
    }
    return read_files(image, wanted, limits,
                      [&](std::uint32_t layer, const Content& content, std::string_view bytes) {
                        for (const Index at : contents.at(layer).at(content))
                          use(Path(nodes.path_of(at)), bytes, nodes.node(at));
                      });
  }

  // Results by path, then layer; without those of a file that its own layer replaced.
  void sort_found() {
    std::erase_if(found, [](const Found& one) { return one.inventory == nullptr; });
    std::vector<std::size_t> order(found.size());  // which moves faster
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t at) { return std::tie(found[at].path, found[at].layer); });
    put_in(std::move(order));
  }

  // Where found[order[i]] is to be found[i]: in place, for a second list would take as much memory again.
  void put_in(std::vector<std::size_t> order) {
    for (std::size_t first = 0; first < order.size(); ++first) {
      if (order[first] == first) continue;
      Found displaced = std::move(found[first]);
      std::size_t at = first;
      while (order[at] != first) {
        const std::size_t from = std::exchange(order[at], at);
        found[at] = std::move(found[from]);
        at = from;
      }
      found[at] = std::move(displaced);
      order[at] = at;
    }
  }
};

// Lays one layer after the other over the tree, entry by entry in the order of the tar, as an unpacker does.
class TreeBuilder : public LayerBuilder {
 public:
  TreeBuilder(Tree::Impl& tree, std::size_t layers, const Limits& limits, std::stop_token stop)
      : tree_(tree),
        layers_(layers),
        nodes_(tree.nodes),
        stop_(std::move(stop)),
        most_nodes_(std::min<std::uint64_t>(limits.entries, kNone - 2)),
        most_steps_(limits.entries * 100),
        most_path_(limits.path_bytes) {}

  void begin(std::uint32_t layer) override {
    layer_ = layer;
    first_found_ = tree_.found.size();
    folder_ = {};
    replaced_.clear();
  }

  Status lay(Items::Chunk chunk) override {
    Items& items = nodes_.layer_items(layer_);
    const std::size_t at = items.share(std::move(chunk));
    if (layer_ >= 1u << Nodes::kLayerBits || items.end() >> Items::kPositionBits != 0)
      return fail(Errc::limit,
                  layer_number(layer_, layers_) + ": too many layers, or more than 64 GiB of names");
    ItemReader reader(items, at, folder_);
    for (Item item; reader.next(item);) {
      if (stop_.stop_requested()) return fail(Errc::cancelled, "stopped");
      if (item.kind == Item::Kind::whiteout || item.kind == Item::Kind::opaque) {
        remove(item);
      } else {
        put_item(item, reader.position());
      }
      if (is_beyond_limits()) return beyond_limits();
    }
    folder_ = reader.folder();
    return {};
  }

  void end(Listing& listing) override {
    std::ranges::move(listing.found, std::back_inserter(tree_.found));
    std::ranges::move(listing.notes, std::back_inserter(tree_.notes));
    std::ranges::move(std::exchange(notes_, {}), std::back_inserter(tree_.notes));
    tree_.found_at.resize(tree_.found.size(), kNone);
    for (const std::size_t at : std::exchange(forgotten_, {})) tree_.found[at].inventory = nullptr;
  }

  // Files whose name in the tree is wanted though the name of their bytes was not: hard links, and files
  // whose folder is a link in a lower layer. And hard links to bytes that were wanted, under a name that is gone.
  [[nodiscard]] std::vector<Index> unread(const Image& image, const Reader& reader) const {
    std::vector<Index> nodes;
    for (const auto& [at, found] : moved_) {
      if (found || !nodes_.is_reachable(at)) continue;
      if (interest(image, reader, at) != Interest::none || lost(nodes_.content(at))) nodes.push_back(at);
    }
    return nodes;
  }

 private:
  [[nodiscard]] bool is_beyond_limits() const { return has_many_nodes() || steps_ > most_steps_; }
  [[nodiscard]] bool has_many_nodes() const { return nodes_.size() > most_nodes_ + 1; }
  [[nodiscard]] Status beyond_limits() const {
    const std::string layer = layer_number(layer_, layers_);
    if (has_many_nodes()) {
      return fail(Errc::limit, layer + ": more than " + std::to_string(most_nodes_) +
                                   " files and folders, implied ones included (limit entries)");
    }
    return fail(Errc::limit, layer + ": folders and links need more than " + std::to_string(most_steps_) +
                                 " steps (100 for each of limit entries)");
  }

  [[nodiscard]] Interest interest(const Image& image, const Reader& reader, Index at) const {
    const std::string path = nodes_.path_of(at);
    const bool in_part = toc_in_use(image, nodes_.layer(nodes_.content(at))) != nullptr;
    return in_part ? interest_in_part(reader, path) : reader.interest(path, {});
  }

  // Whether something was found under a name that the tree has no more.
  [[nodiscard]] bool lost(Index at) const { return nodes_.entry(at).found >= 0 && !nodes_.is_reachable(at); }

  // A whiteout acts on what the layers below have; what its own layer has written stays, wherever it stands
  // in the tar.
  void remove(const Item& item) {
    const Index parent = nodes_.walk(item.folder, Last::follow, &steps_);
    if (parent == kNone) return;
    if (item.kind == Item::Kind::opaque) {
      prune(parent);
      return;
    }
    const Index at = nodes_.child(parent, item.name);
    if (at == kNone) return;
    prune(at);
    remove_lower(at);
  }

  // Unless it is a folder that something is left in. Of a file that this layer has brought, too: the one that it replaced.
  void remove_lower(Index at) {
    if (const auto old = replaced_.find(at); old != replaced_.end()) tree_.removed.insert(old->second);
    if (nodes_.layer(at) == layer_) return;
    if (nodes_.is_directory(at) && nodes_.directory(at).children > 0) return;
    nodes_.remove(at);
    tree_.removed.insert(at);
    known_ = {};
  }

  // Takes all of lower layers out of a directory, except folders that this layer has put something in.
  void prune(Index top) {
    if (!nodes_.is_directory(top) || nodes_.directory(top).pruned == layer_ + 1) return;
    nodes_.directory(top).pruned = layer_ + 1;
    std::vector<Index> below = {top};  // parents before children
    for (std::size_t i = 0; i < below.size(); ++i) {
      if (!nodes_.is_directory(below[i])) continue;
      steps_ += nodes_.each_child(below[i], [&](Index child) { below.push_back(child); });
    }
    steps_ += below.size();
    for (std::size_t i = below.size(); i-- > 1;) remove_lower(below[i]);
  }

  // A folder whose entries come one after the other is looked for once.
  Index directory(std::string_view path) {
    ++steps_;
    if (known_.at != kNone && known_.path.data() == path.data() && known_.path.size() == path.size())
      return known_.at;
    Known found{.path = path};
    const auto [above, rest] = shared_with_known(path);
    found.at = make_directory(above, rest, found.followed);
    return (known_ = found).at;
  }

  // The deepest folder on the way to the one that was looked for last, and what of the path is below it. Where that one lies
  // behind a link: the root, and all of it.
  std::pair<Index, std::string_view> shared_with_known(std::string_view path) {
    const std::string_view known = known_.path;
    const auto ends = [](std::string_view text, std::size_t at) {
      return at == text.size() || text[at] == '/';
    };
    auto shared = static_cast<std::size_t>(std::ranges::mismatch(known, path).in1 - known.begin());
    while (shared > 0 && !(ends(known, shared) && ends(path, shared))) --shared;
    if (known_.at == kNone || known_.followed || shared == 0) return {Nodes::kRoot, path};
    Index at = known_.at;
    for (const char c : known.substr(shared)) {
      if (c != '/') continue;
      if (at == Nodes::kRoot) return {Nodes::kRoot, path};
      at = nodes_.parent(at);
      ++steps_;
    }
    return {at, path.substr(std::min(shared + 1, path.size()))};
  }

  // The directory at that path, links followed as an unpacker does on the merged tree; made where there is
  // none, also where a link leads to nothing. A file, and a cycle of links, gives way. kNone: its real path is too long.
  // `at`: the directory that the path begins in.
  Index make_directory(Index at, std::string_view path, bool& followed) {
    std::vector<std::string_view> todo = {path};
    unsigned links = 0;
    while (!todo.empty()) {
      const std::string_view part = next_part(todo);
      ++steps_;
      if (part.empty() || part == ".") continue;
      if (part == "..") {
        at = at == Nodes::kRoot ? at : nodes_.parent(at);
        continue;
      }
      Index next = nodes_.child(at, part);
      const bool link = next != kNone && nodes_.kind(next) == NodeKind::symlink;
      if (link && ++links <= Nodes::kMostLinks) {
        followed = true;
        const std::string_view target = nodes_.node(next).target;
        if (target.starts_with('/')) at = Nodes::kRoot;
        todo.push_back(target);
        continue;
      }
      if (next == kNone || !nodes_.is_directory(next)) {
        if (!fits(at, part)) return kNone;
        const Items::Position entry =
            nodes_.layer_items(layer_).add({.kind = Item::Kind::directory, .mode = 0755, .name = part});
        next = put(nodes_.place(at, part),
                   {.name = part, .kind = NodeKind::directory, .layer = layer_, .entry = entry});
      }
      at = next;
    }
    return at;
  }

  [[nodiscard]] bool fits(Index parent, std::string_view name) const {
    return nodes_.directory(parent).path_bytes + 1 + name.size() <= most_path_;
  }

  Index put(const Nodes::Place& place, const Nodes::Made& made) {
    const Index at = nodes_.put(place, made);
    if (place.child == kNone) return at;
    known_ = {};
    const NodeKind old = nodes_.kind(place.child);
    if (old == NodeKind::directory || (old == NodeKind::file && made.kind != NodeKind::file))
      tree_.removed.insert(place.child);
    return at;
  }

  void put_item(const Item& item, Items::Position entry) {
    if (item.name.empty()) return;  // the root itself
    const Index parent = directory(item.folder);
    if (parent == kNone || !fits(parent, item.name)) {
      const std::string path =
          std::string(item.folder) + (item.folder.empty() ? "" : "/") + std::string(item.name);
      notes_.push_back({Path(), Why::too_big,
                        "left out, because links lead to a path of more than " + std::to_string(most_path_) +
                            " bytes (limit path_bytes): " + printable(path.substr(0, 60)) + "..."});
      return;
    }
    const Nodes::Place place = nodes_.place(parent, item.name);
    const Index old = place.child;
    if (item.kind == Item::Kind::directory && old != kNone && nodes_.is_directory(old)) {
      nodes_.renew(old, layer_, entry);
      return;
    }
    Nodes::Made made{.name = item.name, .kind = kind_of(item.kind), .layer = layer_, .entry = entry};
    if (item.kind == Item::Kind::hard_link && !link_to(item, made)) return;
    const bool moved =
        item.kind == Item::Kind::hard_link || (item.kind == Item::Kind::file && known_.followed);
    if (old != kNone && nodes_.layer(old) == layer_) forget(nodes_.entry(old));
    const Index at = put(place, made);
    if (moved) moved_.emplace_back(at, item.found >= 0);
    if (item.found < 0) return;
    const std::size_t found = first_found_ + static_cast<std::size_t>(item.found);
    if (found >= tree_.found_at.size()) tree_.found_at.resize(found + 1, kNone);
    tree_.found_at[found] = at;
    if (old == kNone) return;
    const auto lower = replaced_.find(old);
    replaced_[at] = lower == replaced_.end() ? old : lower->second;
  }

  static NodeKind kind_of(Item::Kind kind) {
    switch (kind) {
      case Item::Kind::file: return NodeKind::file;
      case Item::Kind::directory: return NodeKind::directory;
      case Item::Kind::symlink: return NodeKind::symlink;
      default: return NodeKind::device;
    }
  }

  // What was found in a file that its own layer replaces.
  void forget(const Item& item) {
    if (item.found >= 0) forgotten_.push_back(first_found_ + static_cast<std::size_t>(item.found));
  }

  // Makes `made` another name of an existing file.
  bool link_to(const Item& item, Nodes::Made& made) {
    const Index target = nodes_.walk(item.link, Last::keep, &steps_);
    if (target == kNone || nodes_.is_directory(target)) {
      Path path(std::string(item.folder) + "/" + std::string(item.name));
      notes_.push_back({std::move(path), Why::damaged, "a hard link to nothing: " + printable(item.link)});
      return false;
    }
    made.kind = nodes_.kind(target);
    made.content = nodes_.content(target);
    return true;
  }

  // The directory that was looked for last; nothing has been removed since. Paths are views into one listing.
  struct Known {
    std::string_view path;
    Index at = kNone;
    bool followed = false;  // whether it lies behind a link
  };

  Tree::Impl& tree_;
  std::size_t layers_;
  Nodes& nodes_;
  std::stop_token stop_;
  std::uint64_t most_nodes_, most_steps_, most_path_;
  std::uint64_t steps_ = 0;
  std::uint32_t layer_ = 0;
  std::size_t first_found_ = 0;  // of the layer, in tree_.found
  std::string_view folder_;      // of the last entry
  std::vector<Note> notes_;
  std::vector<std::size_t> forgotten_;  // in tree_.found
  Known known_;
  std::unordered_map<Index, Index>
      replaced_;  // of this layer, where something was found: what lower layers have there
  std::vector<std::pair<Index, bool>> moved_;  // and whether something was found there
};

namespace {

// The error of the lowest layer that could not be read comes before what laying has failed with.
Status read_and_lay(const LayerJob& job, const Pool& pool, Laying& laying) {
  if (job.image.stream) {
    std::vector<Listing> listings = TRY(read_stream(job));
    for (std::uint32_t layer = 0; layer < listings.size(); ++layer)
      laying.add(layer, std::move(listings[layer]));
    return laying.finish();
  }
  const std::vector<std::uint32_t> order = order_of(job);
  const std::vector<Status> done = pool.map(order.size(), [&](std::size_t i) -> Status {
    laying.add(order[i], TRY(read_layer(job, order[i])));
    return {};
  });
  std::vector<const Status*> by_layer(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) by_layer[order[i]] = &done[i];
  for (const Status* status : by_layer) TRY(*status);
  return laying.finish();
}

Status read_all(const Image& image, const Reader& reader, const ReadOptions& options,
                const std::stop_token& stop, TreeBuilder& builder) {
  const std::size_t count = image.info.layers.size();
  std::atomic<std::uint64_t> entries{0}, packages{0};
  Room large(WantedFiles::room(options.limits));
  std::mutex patient;
  std::atomic<ChecksumKinds> checksums{0};
  const Pool pool(threads_for(image, options));
  FetchLines lines(lines_for(options, pool.threads()));
  const Inflate inflate = count < pool.threads() ? Inflate::ahead : Inflate::asked;
  Laying laying(builder, count);
  return read_and_lay(
      {image, reader, options, stop, entries, packages, large, lines, patient, checksums, inflate, &laying},
      pool, laying);
}

}  // namespace

Tree::Tree() : impl_(std::make_unique<Impl>()) {}
Tree::Tree(Tree&&) noexcept = default;
Tree& Tree::operator=(Tree&&) noexcept = default;
Tree::~Tree() = default;

std::optional<Node> Tree::find(const Path& path) const {
  const Index at = impl_->look_for(path, Last::follow);
  if (at == kNone) return std::nullopt;
  return impl_->nodes.node(at);
}

std::optional<Node> Tree::find_no_follow(const Path& path) const {
  const Index at = impl_->look_for(path, Last::keep);
  if (at == kNone) return std::nullopt;
  return impl_->nodes.node(at);
}

std::optional<Path> Tree::real_path(const Path& path) const {
  if (impl_->nodes.walk_straight(path.str()) != kNone) return path;
  const Index at = impl_->nodes.walk(path.str(), Last::follow);
  if (at == kNone) return std::nullopt;
  return Path(impl_->nodes.path_of(at));
}

std::vector<std::string_view> Tree::list(const Path& directory) const {
  const Index at = impl_->nodes.walk(directory.str(), Last::follow);
  if (at == kNone || !impl_->nodes.is_directory(at)) return {};
  return impl_->nodes.names_in(at);
}

std::vector<std::string_view> Tree::list_links(const Path& directory) const {
  const Index at = impl_->nodes.walk(directory.str(), Last::follow);
  if (at == kNone || !impl_->nodes.is_directory(at)) return {};
  return impl_->nodes.links_in(at);
}

void Tree::each_hard_link(const UseName& use) const {
  const Nodes& nodes = impl_->nodes;
  nodes.each_hard_link([&](Index at) {
    if (nodes.is_reachable(at)) use(nodes.content(at), Path(nodes.path_of(at)));
  });
}

const std::vector<Found>& Tree::found() const { return impl_->found; }
const std::vector<Note>& Tree::notes() const { return impl_->notes; }

Status Tree::read_again(const Image& image, const std::vector<Path>& paths, const Limits& limits,
                        const Use& use) const {
  return impl_->read_again(image, impl_->contents(paths), limits, use);
}

Status Tree::read_pieces_again(const Image& image, const std::vector<Path>& paths, const Limits& limits,
                               const Use& use) const {
  Impl::Contents contents = impl_->contents(paths);
  for (auto& [layer, all] : contents) {
    Impl::InLayer in_pieces;
    for (const auto& [content, nodes] : all) in_pieces[{content.place, content.path, true}] = nodes;
    all = std::move(in_pieces);
  }
  return impl_->read_again(image, contents, limits, use);
}

Result<Tree> read_layers(const Image& image, const Reader& reader, const ReadOptions& options,
                         std::stop_token stop) {
  const Timer timer("image/read layers");
  Tree tree;
  Tree::Impl& impl = *tree.impl_;
  impl.nodes = Nodes(image.info.layers.size());
  TreeBuilder builder(impl, image.layers.size(), options.limits, stop);
  TRY(read_all(image, reader, options, stop, builder));
  impl.nodes.settle_links();
  impl.mark_visible(reader);
  impl.mark_removed();
  std::vector<Path> unread;
  for (const Index at : builder.unread(image, reader)) {
    Path path(impl.nodes.path_of(at));
    if (impl.nodes.node(at).size > options.limits.file_bytes) {
      impl.notes.push_back(
          {std::move(path), Why::too_big, "was not read under this name (limit file_bytes)"});
    } else {
      unread.push_back(std::move(path));
    }
  }
  std::atomic<std::uint64_t> packages = impl.packages();
  TRY(check_packages(packages, options.limits.packages));
  Status counted;
  Allowance archives = archives_allowance(options.limits);
  TRY(tree.read_again(image, unread, options.limits,
                      [&](const Path& path, std::string_view bytes, const Node& node) {
                        if (!counted) return;
                        auto inventory = std::make_shared<Inventory>();
                        archives.grant(kArchivesRatio * bytes.size());
                        counted = read_counted(reader, {.path = path, .bytes = bytes, .allowance = &archives},
                                               packages, options.limits.packages, *inventory);
                        impl.found.push_back({.path = path,
                                              .layer = node.layer,
                                              .visible = true,
                                              .inventory = std::move(inventory),
                                              .digests = digests_of(bytes, 0)});
                      }));
  TRY(std::move(counted));
  impl.sort_found();
  if (std::optional<Note> note = note_of_parts(image, reader)) impl.notes.push_back(*std::move(note));
  return tree;
}

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "image/nodes.h"

#include <algorithm>
#include <cassert>
#include <random>
#include <unordered_set>
#include <utility>

#include "base/hash.h"
#include "base/text.h"

namespace peekr {
namespace {

constexpr std::uint32_t kLayerMask = (1u << Nodes::kLayerBits) - 1;
constexpr Items::Position kPositionMask = (Items::Position{1} << Items::kPositionBits) - 1;

}  // namespace

Nodes::Nodes(std::size_t layers) : layers_(layers), seed_(std::uint64_t{std::random_device{}()} << 32) {
  seed_ |= std::random_device{}();
  nodes_.push_back({});  // the root
  directories_.emplace_back();
}

Item Nodes::entry(Index at) const {
  if (at == kRoot) return {.kind = Item::Kind::directory};
  const Packed& node = nodes_[at];
  Items::Position position = node.entry;
  if (is_directory(at)) {
    position = directories_[entry_of(at)].entry;
  } else if (node.linked != 0) {
    position = links_[entry_of(at)].entry;
  }
  return layers_[node.layer].at(position);
}

Nodes::Index Nodes::content(Index at) const {
  if (nodes_[at].linked == 0) return at;
  const Index first = links_[entry_of(at)].content;
  return first == kNone ? at : first;
}

Node Nodes::node(Index at) const {
  const Item item = entry(content(at));
  return {.kind = kind(at), .layer = layer(at), .mode = item.mode, .size = item.size, .target = item.link};
}

Nodes::Name Nodes::named(std::string_view text) const {
  return {text, static_cast<std::uint32_t>(hash_of(seed_, text))};
}

// Where that name is among its children, or would be.
std::size_t Nodes::slot_of(const Directory& directory, const Name& name) const {
  const std::size_t size = directory.slots.size();
  for (std::size_t i = std::uint64_t{name.hash} * size >> 32;; i = i + 1 == size ? 0 : i + 1) {
    const Slot& slot = directory.slots[i];
    if (slot.node == kNone || (slot.hash == name.hash && this->name(slot.node) == name.text)) return i;
  }
}

// Puts children that came in the order of their names, each of which is there once, into slots.
void Nodes::index(const Directory& directory) const {
  std::size_t count = 0;
  for (Index at = directory.last_child; at != kNone; at = nodes_[at].sibling) ++count;
  const std::size_t size = count + count / 2 + 4;
  directory.slots.resize(size);
  directory.used = static_cast<std::uint32_t>(count);
  for (Index at = directory.last_child; at != kNone; at = nodes_[at].sibling) {
    const std::uint32_t hash = named(name(at)).hash;
    std::size_t i = std::uint64_t{hash} * size >> 32;
    while (directory.slots[i].node != kNone) i = i + 1 == size ? 0 : i + 1;
    directory.slots[i] = {hash, at};
  }
}

// The last child is mostly the one that is looked for: a folder whose files come next.
Nodes::Index Nodes::child(Index at, std::string_view name) const {
  if (!is_directory(at)) return kNone;
  const Directory& above = directory(at);
  const Index last = above.last_child;
  if (last == kNone && above.slots.empty()) return kNone;
  Index found = last;
  if (above.slots.empty()) {
    const std::string_view highest = this->name(last);
    if (highest < name) return kNone;
    if (highest != name) index(above);
  }
  if (!above.slots.empty()) found = above.slots[slot_of(above, named(name))].node;
  return found == kNone || is_gone(found) ? kNone : found;
}

// Whether there is no room for one more: fuller, a search is long.
bool Nodes::is_full(const Directory& directory) {
  return 4 * (directory.used + std::uint64_t{1}) > 3 * directory.slots.size();
}

void Nodes::make_room(Directory& directory) {
  const std::size_t size = directory.slots.size() + directory.slots.size() / 2 + 4;
  for (const Slot& slot : std::exchange(directory.slots, std::vector<Slot>(size))) {
    if (slot.node == kNone) continue;
    std::size_t i = std::uint64_t{slot.hash} * size >> 32;
    while (directory.slots[i].node != kNone) i = i + 1 == size ? 0 : i + 1;
    directory.slots[i] = slot;
  }
}

Nodes::Place Nodes::place(Index directory, std::string_view name) {
  Directory& in = this->directory(directory);
  if (in.slots.empty()) {
    if (in.last_child == kNone || this->name(in.last_child) < name) return {directory, &in, kNone, kNoSlot};
    index(in);
  }
  if (is_full(in)) make_room(in);
  const Name wanted = named(name);
  const std::size_t slot = slot_of(in, wanted);
  const Index found = in.slots[slot].node;
  return {directory, &in, found == kNone || is_gone(found) ? kNone : found, slot, wanted.hash};
}

Nodes::Index Nodes::put(const Place& place, const Made& made) {
  assert(made.layer <= kLayerMask && made.entry <= kPositionMask);  // TreeBuilder::add sees to it
  const auto at = static_cast<Index>(nodes_.size());
  Packed node{.parent = place.parent,
              .kind = static_cast<std::uint64_t>(made.kind) & 3u,
              .layer = made.layer & kLayerMask,
              .entry = made.entry & kPositionMask};
  Directory& above = *place.in;
  node.sibling = std::exchange(above.last_child, at);
  const std::uint32_t below =
      above.path_bytes + (place.parent == kRoot ? 0 : 1) + static_cast<std::uint32_t>(made.name.size());
  if (place.child == kNone) {
    ++above.children;
  } else {
    nodes_[place.child].gone = 1;
  }
  if (place.slot != kNoSlot) {
    Slot& slot = above.slots[place.slot];
    if (slot.node == kNone) ++above.used;
    slot = {place.hash, at};
  }
  if (made.kind == NodeKind::directory) {
    node.entry = directories_.size();
    directories_.push_back({.entry = made.entry, .path_bytes = below});
  } else if (made.kind == NodeKind::symlink || made.content != kNone) {
    node.linked = 1;
    node.entry = links_.size();
    links_.push_back({.entry = made.entry, .node = at, .content = made.content});
  }
  nodes_.push_back(node);
  last_name_ = made.name;
  return at;
}

void Nodes::remove(Index at) {
  nodes_[at].gone = 1;
  --directory(parent(at)).children;
}

void Nodes::renew(Index directory, std::uint32_t layer, Items::Position entry) {
  assert(layer <= kLayerMask);
  nodes_[directory].layer = layer & kLayerMask;
  directories_[entry_of(directory)].entry = entry;
}

std::vector<std::string_view> Nodes::names_in(Index directory) const {
  std::vector<std::string_view> names;
  for (Index at = this->directory(directory).last_child; at != kNone; at = nodes_[at].sibling) {
    if (!is_gone(at)) names.push_back(name(at));
  }
  std::ranges::sort(names);
  return names;
}

std::vector<std::string_view> Nodes::links_in(Index directory) const {
  std::vector<std::string_view> names;
  for (Index at = this->directory(directory).last_child; at != kNone; at = nodes_[at].sibling) {
    if (!is_gone(at) && kind(at) == NodeKind::symlink) names.push_back(name(at));
  }
  std::ranges::sort(names);
  return names;
}

std::string Nodes::path_of(Index at) const {
  std::vector<std::string_view> parts;
  for (; at != kRoot; at = parent(at)) parts.push_back(name(at));
  std::string path;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (!path.empty()) path += '/';
    path += *part;
  }
  return path;
}

bool Nodes::is_reachable(Index at) const {
  while (at != kRoot && !is_gone(at)) at = parent(at);
  return at == kRoot;
}

void Nodes::each_hard_link(const std::function<void(Index)>& use) const {
  std::unordered_set<Index> firsts;
  for (const Link& link : links_) {
    if (link.content == kNone) continue;
    use(link.node);
    if (firsts.insert(link.content).second) use(link.content);
  }
}

}  // namespace peekr

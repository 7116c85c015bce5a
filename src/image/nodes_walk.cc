// SPDX-License-Identifier: Apache-2.0
// Paths through image/nodes.h, and where its links lead.
#include <algorithm>

#include "base/text.h"
#include "image/nodes.h"

namespace peekr {

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

Nodes::Index Nodes::walk(std::string_view path, Last last, std::uint64_t* steps) const {
  std::uint64_t uncounted = 0;
  if (steps == nullptr) steps = &uncounted;
  std::vector<std::string_view> todo = {path};
  Index at = kRoot;
  unsigned links = 0;
  while (!todo.empty()) {
    const std::string_view part = next_part(todo);
    ++*steps;
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      at = at == kRoot ? kRoot : parent(at);
      continue;
    }
    const Index next = child(at, part);
    if (next == kNone) return kNone;
    const bool at_the_end = std::ranges::all_of(todo, [](std::string_view left) { return left.empty(); });
    if (kind(next) != NodeKind::symlink || (at_the_end && last == Last::keep)) {
      at = next;
      continue;
    }
    const Link& link = links_[entry_of(next)];
    links += settled_ ? link.links : 1;
    if (links > kMostLinks) return kNone;
    if (settled_) {
      at = link.leads_to;
      if (at == kNone) return kNone;
      continue;
    }
    const std::string_view target = node(next).target;
    if (target.starts_with('/')) at = kRoot;
    todo.push_back(target);
  }
  return at;
}

Nodes::Index Nodes::walk_straight(std::string_view path) const {
  Index at = kRoot;
  while (!path.empty() && at != kNone) {
    const auto [part, rest] = cut(path, '/');
    at = child(at, part);
    if (at != kNone && kind(at) == NodeKind::symlink) at = kNone;
    path = rest;
  }
  return at;
}

void Nodes::settle_links() {
  std::vector<Following> waiting;
  for (std::size_t link = 0; link < links_.size(); ++link) {
    if (kind(links_[link].node) == NodeKind::symlink && links_[link].links == 0)
      waiting.push_back(follow(link));
    while (!waiting.empty()) settle_last(waiting);
  }
  settled_ = true;
}

Nodes::Following Nodes::follow(std::size_t link) {
  links_[link].links = kMostLinks + 1;
  const Index at = links_[link].node;
  const std::string_view target = node(at).target;
  return {link, target.starts_with('/') ? kRoot : parent(at), target};
}

void Nodes::settle_last(std::vector<Following>& waiting) {
  Following& last = waiting.back();
  while (!last.rest.empty() && last.at != kNone) {
    const auto [part, rest] = cut(last.rest, '/');
    Index next = last.at;
    if (part == "..") {
      next = next == kRoot ? kRoot : parent(next);
    } else if (!part.empty() && part != ".") {
      next = child(next, part);
    }
    if (next != kNone && kind(next) == NodeKind::symlink) {
      const Link& met = links_[entry_of(next)];
      if (met.links == 0) {
        waiting.push_back(follow(entry_of(next)));
        return;
      }
      last.links += met.links;
      next = last.links > kMostLinks ? kNone : met.leads_to;
    }
    last.at = next;
    last.rest = rest;
  }
  links_[last.link].leads_to = last.at;
  if (last.at != kNone) links_[last.link].links = last.links;
  waiting.pop_back();
}

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// A pattern has a fixed number of parts behind its "**/", so both are compared part by part from the end.
#include "catalog/pattern.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "base/hash.h"

namespace peekr {
namespace {

constexpr std::string_view kAnywhere = "**/";
constexpr std::size_t kStart = 4;  // so many first letters of a base name are a key

// string_view::rfind, which looks at one byte at a time.
std::size_t last_of(std::string_view text, char c) {
  const void* at = text.empty() ? nullptr : ::memrchr(text.data(), c, text.size());
  return at == nullptr ? std::string_view::npos
                       : static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}

struct Ends {
  std::string_view before, last;  // before: without the slash
  bool more = false;              // whether there was a slash
};

Ends split_last(std::string_view text) {
  const std::size_t slash = last_of(text, '/');
  if (slash == std::string_view::npos) return {{}, text, false};
  return {text.substr(0, slash), text.substr(slash + 1), true};
}

// One part against one part of a pattern: on a mismatch the last "*" takes one byte more.
bool part_matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, taken = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

// "jar" of "a.b.jar" and of "*.jar"; empty if there is no dot.
std::string_view ending(std::string_view name) {
  const std::size_t dot = last_of(name, '.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

}  // namespace

bool has_wildcard(Pattern pattern) { return pattern.find('*') != Pattern::npos; }

bool matches(const Magic& magic, std::string_view head) {
  return head.size() > magic.at && head[magic.at] == magic.bytes.front() &&
         head.substr(magic.at).starts_with(magic.bytes);
}

bool matches(Pattern pattern, std::string_view path) {
  const bool anywhere = pattern.starts_with(kAnywhere);
  if (anywhere) pattern.remove_prefix(kAnywhere.size());
  for (;;) {
    const Ends want = split_last(pattern);
    const Ends have = split_last(path);
    if (have.last.empty() || !part_matches(want.last, have.last)) return false;
    if (!want.more) return anywhere || !have.more;
    if (!have.more) return false;
    pattern = want.before;
    path = have.before;
  }
}

std::uint64_t PatternIndex::hash_of(Key key, std::string_view text) {
  return peekr::hash_of(static_cast<std::uint64_t>(key) + 1, text) | 1u;  // never kFree
}

std::uint64_t PatternIndex::length_of(std::string_view text) {
  constexpr std::size_t kLongest = 63;  // stands for all that are longer
  return std::uint64_t{1} << std::min(text.size(), kLongest);
}

std::size_t PatternIndex::slot(std::uint64_t hash) const {
  const std::size_t last = hashes_.size() - 1;
  std::size_t at = (hash >> 1) & last;
  while (hashes_[at] != kFree && hashes_[at] != hash) at = (at + 1) & last;
  return at;
}

void PatternIndex::add(const Entry& entry) {
  const Pattern bare =
      entry.pattern.starts_with(kAnywhere) ? entry.pattern.substr(kAnywhere.size()) : entry.pattern;
  const Ends ends = split_last(bare);
  const std::string_view folder = split_last(ends.before).last;
  const std::string_view end = ending(ends.last);
  Key key{};
  std::string_view text;
  if (!has_wildcard(ends.last)) {
    key = Key::name;
    text = ends.last;
  } else if (!folder.empty() && !has_wildcard(folder)) {
    key = Key::folder;
    text = folder;
  } else if (ends.last.find('*') >= kStart) {
    key = Key::start;
    text = ends.last.substr(0, kStart);
  } else if (!end.empty() && !has_wildcard(end)) {
    key = Key::ending;
    text = end;
  }
  if (text.empty()) {
    rest_.push_back(entry);
    return;
  }
  lengths_[static_cast<std::size_t>(key)][static_cast<unsigned char>(text.front())] |= length_of(text);
  const std::uint64_t hash = hash_of(key, text);
  const std::size_t at = slot(hash);
  hashes_[at] = hash;
  entries_[at].push_back(entry);
}

PatternIndex::PatternIndex(std::span<const Cataloger* const> rows) {
  assert(rows.size() <= kRows);
  std::size_t count = 0;
  for (const Cataloger* row : rows) count += row->wants.size() + row->reads.size();
  hashes_.resize(std::bit_ceil(2 * count + 2), kFree);
  entries_.resize(hashes_.size());
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    for (const Pattern pattern : rows[i]->wants) add({pattern, i, true});
    for (const Pattern pattern : rows[i]->reads) add({pattern, i, false});
    for (const Magic& magic : rows[i]->magics) {
      assert(magic.at + magic.bytes.size() <= kHeadBytes);
      magics_.emplace_back(magic, i);
    }
  }
}

void PatternIndex::ask(const std::vector<Entry>& entries, std::string_view path, Answer& answer) {
  for (const Entry& entry : entries) {
    if (!matches(entry.pattern, path)) continue;
    (entry.wants ? answer.wants : answer.reads).set(entry.row);
  }
}

void PatternIndex::ask(Key key, std::string_view text, std::string_view path, Answer& answer) const {
  if (text.empty()) return;
  const std::uint64_t lengths =
      lengths_[static_cast<std::size_t>(key)][static_cast<unsigned char>(text.front())];
  if ((lengths & length_of(text)) == 0) return;
  const std::size_t at = slot(hash_of(key, text));
  if (hashes_[at] != kFree) ask(entries_[at], path, answer);
}

PatternIndex::Answer PatternIndex::look_up(std::string_view path, std::string_view head) const {
  Answer answer;
  const Ends ends = split_last(path);
  const std::string_view folder = split_last(ends.before).last;
  ask(Key::name, ends.last, path, answer);
  ask(Key::folder, folder, path, answer);
  ask(Key::start, ends.last.substr(0, kStart), path, answer);
  ask(Key::ending, ending(ends.last), path, answer);
  ask(rest_, path, answer);
  if (head.empty()) return answer;
  for (const auto& [magic, row] : magics_) {
    if (matches(magic, head)) answer.wants.set(row);
  }
  return answer;
}

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "image/toc_check.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/text.h"
#include "base/timer.h"
#include "image/lister.h"
#include "image/partial.h"

namespace peekr {
namespace {

constexpr std::size_t kShown = 5;  // differences that are told one by one

// Keeps the bytes of one part of what goes by.
class Gathering : public ByteSource {
 public:
  Gathering(std::unique_ptr<ByteSource> source, const TocPlace& place, std::string& to)
      : source_(std::move(source)),
        from_(place.offset),
        end_(place.size > kMostToc ? place.offset : place.offset + place.size),
        to_(to) {
    to_.clear();
  }

 private:
  Result<std::string_view> fill() override {
    const std::string_view bytes = TRY(source_->next());
    const std::uint64_t begin = std::max(from_, at_), end = std::min(end_, at_ + bytes.size());
    if (begin < end)
      to_ += bytes.substr(static_cast<std::size_t>(begin - at_), static_cast<std::size_t>(end - begin));
    at_ += bytes.size();
    return bytes;
  }

  std::unique_ptr<ByteSource> source_;
  std::uint64_t from_, end_, at_ = 0;
  std::string& to_;
};

// Keeps the last bytes of what goes by.
class KeepingEnd : public ByteSource {
 public:
  KeepingEnd(std::unique_ptr<ByteSource> source, std::string& to) : source_(std::move(source)), to_(to) {
    to_.clear();
  }

 private:
  Result<std::string_view> fill() override {
    const std::string_view bytes = TRY(source_->next());
    to_ += bytes.substr(bytes.size() - std::min<std::size_t>(bytes.size(), kFooterBytes));
    to_.erase(0, to_.size() - std::min<std::size_t>(to_.size(), kFooterBytes));
    return bytes;
  }

  std::unique_ptr<ByteSource> source_;
  std::string& to_;
};

std::string path_of(const Item& item) {
  return std::string(item.folder) + (item.folder.empty() ? "" : "/") + std::string(item.name);
}

// The items of a layer, or of its table.
struct Side {
  const Items& items;
  std::optional<std::uint64_t> table;  // place of the one that is the table of an eStargz layer
};

// The next entry that both have: not the root, nor the table itself.
bool next_of(ItemReader& reader, const Side& side, Item& item) {
  while (reader.next(item)) {
    const bool root = item.kind == Item::Kind::directory && item.folder.empty() && item.name.empty();
    const bool table = item.kind == Item::Kind::file && side.table == item.place;
    if (!root && !table) return true;
  }
  return false;
}

bool are_same_text(std::string_view tar, std::string_view table) {
  return tar == table || as_in_table(tar) == table;
}

// Of entries of one path the last one counts. Whiteouts are apart from the files that they name: behind a NUL, which no path has.
using ByPath = std::unordered_map<std::string, Item>;

ByPath by_path(const Side& side) {
  ByPath all;
  ItemReader reader(side.items);
  for (Item item; next_of(reader, side, item);) {
    std::string path = as_in_table(path_of(item));
    const bool removes = item.kind == Item::Kind::whiteout || item.kind == Item::Kind::opaque;
    if (removes) path += item.kind == Item::Kind::opaque ? std::string("\0*", 2) : std::string(1, '\0');
    all[path] = item;
  }
  return all;
}

std::string shown(std::string_view key) {
  const auto [path, rest] = cut(key, '\0');
  if (path.size() == key.size()) return printable(path);
  return "the removal of " + printable(path) + (rest.empty() ? "" : "/*");
}

// A layer and its table, as entries.
struct Both {
  const TocSeen& seen;
  const Toc& toc;
  Side tar, table;
};

// What is different of two entries of one path; empty: nothing.
std::string_view difference(const Both& both, const Item& tar, const Item& table) {
  if (tar.kind != table.kind) return "is of another type";
  if (!are_same_text(tar.link, table.link)) return "leads elsewhere";
  if (tar.kind != Item::Kind::file) return {};
  if (tar.size != table.size) return "has another size";
  const auto digest = both.seen.digests.find(tar.place);
  if (digest == both.seen.digests.end()) return {};
  const Toc::Entry& entry = both.toc.entries[table.place];
  const auto is_other = [&](std::string_view stated) {
    return stated.starts_with("sha256:") && stated.substr(7) != digest->second;
  };
  // One chunk is the whole file: readers that go by chunks hold its bytes against that digest alone.
  const bool other_chunk = entry.chunks.size() == 1 && is_other(entry.chunks.front().digest);
  return is_other(entry.digest) || other_chunk ? "has other bytes" : "";
}

// As nearly all are: the same entries in the same order.
bool are_same(const Both& both) {
  ItemReader tar(both.tar.items), table(both.table.items);
  for (Item one, other;;) {
    const bool more = next_of(tar, both.tar, one), more_there = next_of(table, both.table, other);
    if (!more || !more_there) return more == more_there;
    if (!are_same_text(one.folder, other.folder) || !are_same_text(one.name, other.name)) return false;
    if (!difference(both, one, other).empty()) return false;
  }
}

Result<Toc> read_table(const LayerJob& job, const TocSeen& seen) {
  if (std::max<std::uint64_t>(seen.table.size(), seen.place.size) > kMostToc)
    return fail(Errc::limit, "table of contents: more than " + std::to_string(kMostToc) + " bytes");
  if (seen.table.empty()) return fail(Errc::damaged, "table of contents: the layer has none");
  if (seen.place.format == TocPlace::Format::zstd_chunked)
    return parse_toc(TRY(unpacked_toc(seen.place, seen.table, job.options.limits)), seen.place.offset,
                     job.options.limits);
  TRY(check_digest("table of contents", seen.place.digest, seen.table));
  return parse_toc(seen.table, ~std::uint64_t{0}, job.options.limits);
}

// "opt/x is not in the table"; by name.
std::vector<std::string> differences(const Both& both) {
  std::vector<std::string> all;
  if (are_same(both)) return all;
  const ByPath in_tar = by_path(both.tar), in_table = by_path(both.table);
  for (const auto& [path, item] : in_tar) {
    const auto other = in_table.find(path);
    if (other == in_table.end()) {
      all.push_back(shown(path) + " is not in the table");
    } else if (const std::string_view what = difference(both, item, other->second); !what.empty()) {
      all.push_back(shown(path) + " " + std::string(what) + " there");
    }
  }
  for (const auto& [path, item] : in_table) {
    if (!in_tar.contains(path)) all.push_back(shown(path) + " is in the table only");
  }
  std::ranges::sort(all);
  return all;
}

void note(Listing& listing, std::string why) {
  listing.notes.push_back(
      {Path(), Why::suspicious, "its table of contents does not describe the layer: " + std::move(why)});
}

void compare(const LayerJob& job, const TocSeen& seen, Listing& listing) {
  const Timer timer("image/table check");
  const Result<Toc> toc = read_table(job, seen);
  if (!toc && toc.error().code == Errc::limit) {
    listing.notes.push_back(
        {Path(), Why::too_big, "was not compared with its table of contents: " + toc.error().message});
    return;
  }
  if (!toc) return note(listing, toc.error().message);
  std::atomic<std::uint64_t> entries{0};
  Listing table;  // what it notes of names and types, the listing of the tar notes, or there is a difference
  Lister lister(job.options.limits, entries, table);
  const Lister::Look look = [](const TarEntry&, std::string_view, Item&) { return Status(); };
  for (const Toc::Entry& entry : toc->entries) {
    if (const Status status = lister.add(entry.tar, look); !status)
      return note(listing, status.error().message);
  }
  std::optional<std::uint64_t> own;
  if (seen.place.format == TocPlace::Format::estargz) own = seen.table_place;
  std::vector<std::string> all = differences({seen, *toc, {listing.items, own}, {table.items, {}}});
  if (all.empty()) return;
  const std::size_t more = all.size() - std::min(all.size(), kShown);
  all.resize(all.size() - more);
  note(listing, join(all, ", ") + (more == 0 ? "" : ", and " + std::to_string(more) + " more"));
}

// eStargz may have its table in another image; then the layer says nothing of one.
bool is_elsewhere(const TocSeen& seen) {
  return seen.place.format == TocPlace::Format::estargz && seen.table.empty() && !toc_offset(seen.footer);
}

}  // namespace

std::unique_ptr<ByteSource> TocSeen::gathering(std::unique_ptr<ByteSource> packed) {
  if (place.format == TocPlace::Format::estargz)
    return std::make_unique<KeepingEnd>(std::move(packed), footer);
  return std::make_unique<Gathering>(std::move(packed), place, table);
}

// A table takes several times its size while it is looked at: one at a time.
void check_toc(const LayerJob& job, const TocSeen& seen, Listing& listing) {
  if (is_elsewhere(seen)) return;
  job.large.with_all([&] { compare(job, seen, listing); });
}

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "image/partial.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <utility>

#include "base/text.h"
#include "base/timer.h"
#include "image/lister.h"
#include "image/runs.h"
#include "image/unpack.h"
#include "lib/digest.h"
#include "lib/zstd.h"

namespace peekr {
namespace {

constexpr std::size_t kMostRuns = 10'000;  // requests for one layer

Status check_stated(const std::string& what, const std::string& stated, std::string_view bytes) {
  return check_digest(what, TRY(within(what, Digest::parse(stated))), bytes);
}

Result<std::string> part_of(const LayerTable& table, std::uint64_t from, std::uint64_t size) {
  const std::unique_ptr<ByteSource> source = TRY(table.part(from, size));
  return read_exactly(*source, size);
}

// Where the compressed table lies; bytes of files before it.
struct Extent {
  std::uint64_t from = 0, size = 0;
};

Result<Extent> extent_of(const LayerTable& table, std::uint64_t blob) {
  Extent found{table.place.offset, table.place.size};
  if (table.place.format == TocPlace::Format::estargz) {
    if (blob < kFooterBytes) return fail(Errc::damaged, "table of contents: the layer has no room for one");
    const std::string footer = TRY(part_of(table, blob - kFooterBytes, kFooterBytes));
    const std::optional<std::uint64_t> from = toc_offset(footer);
    if (!from) return fail(Errc::unsupported, "table of contents: the layer does not end as eStargz does");
    found.from = *from;
    if (*from < blob - kFooterBytes) found.size = blob - kFooterBytes - *from;
  }
  if (found.size == 0 || found.from > blob || found.size > blob - found.from)
    return fail(Errc::damaged, "table of contents: does not lie in the layer");
  if (found.size > kMostToc)
    return fail(Errc::limit, "table of contents: more than " + std::to_string(kMostToc) + " bytes");
  return found;
}

// A file that is wanted, and its bytes in the blob.
struct Task {
  const Toc::Entry* entry = nullptr;
  BlobPart part;
};

Task task_of(const Toc::Entry& entry) {
  Task task{&entry};
  BlobPart& part = task.part;
  for (const Toc::Chunk& chunk : entry.chunks) {
    if (chunk.zeros) continue;
    part.from = part.end == 0 ? chunk.offset : std::min(part.from, chunk.offset);
    part.end = std::max(part.end, chunk.end);
  }
  return task;
}

// Sorts the tasks. `table`: its bytes, where it was fetched for them.
std::vector<PartRun> runs_for(std::vector<Task>& tasks, std::uint64_t table) {
  std::ranges::sort(tasks, {},
                    [](const Task& one) { return std::pair(one.part.from, one.entry->tar.offset); });
  std::vector<BlobPart> parts;
  for (const Task& task : tasks) parts.push_back(task.part);
  return runs_of(parts, table);
}

// The bytes of one run, front to back.
class RunBytes {
 public:
  RunBytes(std::unique_ptr<ByteSource> source, std::uint64_t from)
      : source_(std::move(source)), position_(from) {}

  Status go_to(std::uint64_t offset) {
    if (offset < position_) return fail(Errc::damaged, "its chunks do not lie in order");
    while (position_ < offset) {
      const std::string_view bytes = TRY(next(offset));
      if (bytes.empty()) return fail(Errc::damaged, "ends too early");
    }
    return {};
  }

  // The next bytes before `end`; empty: there are none.
  Result<std::string_view> next(std::uint64_t end) {
    if (position_ >= end) return std::string_view();
    if (rest_.empty()) rest_ = TRY(source_->next());
    const std::string_view bytes =
        rest_.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(rest_.size(), end - position_)));
    rest_.remove_prefix(bytes.size());
    position_ += bytes.size();
    return bytes;
  }

 private:
  std::unique_ptr<ByteSource> source_;
  std::string_view rest_;
  std::uint64_t position_;  // in the blob
};

// Of those the bytes before `end`.
class ChunkBytes : public ByteSource {
 public:
  ChunkBytes(RunBytes& run, std::uint64_t end) : run_(run), end_(end) {}

 private:
  Result<std::string_view> fill() override { return run_.next(end_); }

  RunBytes& run_;
  std::uint64_t end_;
};

// Behind its bytes there may be the headers of the entries that follow.
Result<std::string> read_chunk(const Toc::Chunk& chunk, RunBytes& run, const Limits& limits) {
  TRY(run.go_to(chunk.offset));
  std::vector<Note> notes;
  const std::unique_ptr<ByteSource> plain =
      TRY(unpack(std::make_unique<ChunkBytes>(run, chunk.end), limits, notes));
  TRY(plain->skip(chunk.inner));
  std::string bytes = TRY(read_exactly(*plain, chunk.size));
  if (!chunk.digest.empty()) TRY(check_stated("chunk", chunk.digest, bytes));
  return bytes;
}

// All of it, verified by all digests that there are of it. `run` may be null where it has no bytes in the blob.
Result<std::string> read_entry(const Toc::Entry& entry, RunBytes* run, const Limits& limits) {
  std::string all;
  bool verified = true;
  for (const Toc::Chunk& chunk : entry.chunks) {
    verified = verified && !chunk.digest.empty() && !chunk.zeros;
    if (chunk.zeros) {
      all.append(chunk.size, '\0');
      continue;
    }
    assert(run != nullptr);
    all += TRY(read_chunk(chunk, *run, limits));
  }
  if (entry.digest.empty() && verified) return all;
  if (entry.digest.empty()) return fail(Errc::damaged, "the table of contents has no digest of it");
  TRY(check_stated("file", entry.digest, all));
  return all;
}

// `bytes` reads them, once at most, and before the next entry is used.
using ReadEntry = std::function<Result<std::string>()>;
using UseEntry = std::function<Status(const Toc::Entry&, const ReadEntry& bytes)>;

Status read_run(std::span<const Task> tasks, RunBytes* bytes, const Limits& limits, const UseEntry& use) {
  for (const Task& task : tasks) {
    const Toc::Entry& entry = *task.entry;
    TRY(use(entry, [&] { return within(printable(entry.tar.name), read_entry(entry, bytes, limits)); }));
  }
  return {};
}

// What one layer is read with, the first time and again.
struct Way {
  const LayerTable& table;
  FetchLines& lines;
  std::stop_token stop;
  const Limits& limits;
};

Status read_runs(const Way& way, const std::vector<PartRun>& runs, std::span<const Task> tasks,
                 const UseEntry& use) {
  return fetch_runs(way.table, runs, way.lines, way.stop,
                    [&](const PartRun& run, std::unique_ptr<ByteSource> source) -> Status {
                      std::optional<RunBytes> bytes;
                      if (source != nullptr) bytes.emplace(std::move(source), run.from);
                      return read_run(tasks.subspan(run.first, run.count), bytes ? &*bytes : nullptr,
                                      way.limits, use);
                    });
}

// Where nearly all of the layer is wanted, reading all of it is cheaper, and tells more.
Status check_worth(const std::vector<PartRun>& runs, std::uint64_t table, std::uint64_t blob) {
  std::uint64_t bytes = table;
  for (const PartRun& run : runs) bytes += run.end - run.from;
  if (bytes >= blob - blob / 4) return fail(Errc::unsupported, "nearly all of it is wanted");
  if (runs.size() <= kMostRuns) return {};
  return fail(Errc::unsupported, "what is wanted of it takes " + std::to_string(runs.size()) + " requests");
}

// So many bytes are unpacked for these files. A member that several files share is unpacked for each.
std::uint64_t work_of(const std::vector<Task>& tasks) {
  std::uint64_t bytes = 0;
  for (const Task& task : tasks) {
    for (const Toc::Chunk& chunk : task.entry->chunks) {
      bytes += std::min(chunk.size, ~bytes);
      bytes += std::min(chunk.inner, ~bytes);
    }
  }
  return bytes;
}

std::uint64_t file_bytes_of(const Toc& toc) {
  std::uint64_t bytes = 0;
  for (const Toc::Entry& entry : toc.entries) bytes += std::min(entry.tar.size, ~bytes);
  return bytes;
}

// What the limits say of a layer holds of its parts together. Zeros count, though nothing is packed for them.
Status check_work(const std::vector<Task>& tasks, const std::vector<PartRun>& runs, const Toc& toc,
                  const Limits& limits) {
  const std::uint64_t work = work_of(tasks);
  if (work > std::min(file_bytes_of(toc), limits.layer_bytes))
    return fail(Errc::unsupported, "more would have to be unpacked than in all of it");
  std::uint64_t packed = 0;
  for (const PartRun& run : runs) packed += run.end - run.from;
  if (work <= limits.ratio_from || work / std::max<std::uint64_t>(limits.ratio, 1) <= packed) return {};
  return fail(Errc::unsupported, "what is wanted of it unpacks to more than " + std::to_string(limits.ratio) +
                                     " times its size (limit ratio)");
}

// One layer, through its table.
class Partial {
 public:
  Partial(const LayerJob& job, const LayerTable& table, std::uint64_t blob)
      : job_(job), table_(table), blob_(blob), wanted_(job, listing_) {}

  // Where it fails its packages count for nothing.
  Result<Listing> read() {
    Result<Listing> listing = read_parts();
    if (!listing) wanted_.give_back();
    return listing;
  }

 private:
  Result<Listing> read_parts() {
    const Extent extent = TRY(job_.lines.with([&] { return extent_of(table_, blob_); }));
    toc_ = std::make_shared<const Toc>(TRY(fetch(extent)));
    found_.assign(toc_->entries.size(), -1);
    interests_.assign(toc_->entries.size(), Interest::none);
    std::vector<Task> tasks = choose();
    const std::vector<PartRun> runs = runs_for(tasks, extent.size);
    TRY(check_worth(runs, extent.size, blob_));
    TRY(check_work(tasks, runs, *toc_, job_.options.limits));
    TRY(read_runs({table_, job_.lines, job_.stop, job_.options.limits}, runs, tasks,
                  [&](const Toc::Entry& entry, const ReadEntry& bytes) { return look(entry, bytes); }));
    TRY(wanted_.finish());
    TRY(list());
    table_.use->with([&](LayerTable::Use& use) { use = {toc_, job_.lines.most()}; });
    return std::move(listing_);
  }

  Result<Toc> fetch(const Extent& extent) {
    const std::string packed =
        TRY(job_.lines.with([&] { return part_of(table_, extent.from, extent.size); }));
    // A table takes several times its size while it is read: one at a time.
    return job_.large.with_all([&]() -> Result<Toc> {
      const std::string json = TRY(unpacked_toc(table_.place, packed, job_.options.limits));
      return parse_toc(json, extent.from, job_.options.limits);
    });
  }

  Interest& interest_of(const Toc::Entry& entry) { return interests_[entry.tar.offset]; }

  std::vector<Task> choose() {
    std::vector<Task> tasks;
    for (const Toc::Entry& entry : toc_->entries) {
      if (entry.tar.name.size() > job_.options.limits.path_bytes) continue;  // the lister says so
      const Path path(entry.tar.name);
      if (entry.tar.kind == TarEntry::Kind::directory) wanted_.enter(path.str());
      if (entry.tar.kind != TarEntry::Kind::file || path.name().starts_with(kWhiteout)) continue;
      Interest interest = interest_in_part(job_.reader, path.str());
      if (interest == Interest::pieces) interest = Interest::none;
      if (interest == Interest::none) continue;
      if (entry.tar.size > job_.options.limits.file_bytes) {
        listing_.notes.push_back({path, Why::too_big,
                                  std::to_string(entry.tar.size) + " bytes (limit file_bytes is " +
                                      std::to_string(job_.options.limits.file_bytes) + ")"});
      } else {
        interest_of(entry) = interest;
        tasks.push_back(task_of(entry));
      }
    }
    return tasks;
  }

  Status look(const Toc::Entry& entry, const ReadEntry& bytes) {
    const auto whole = [&]() -> Result<std::optional<std::string>> { return std::optional(TRY(bytes())); };
    found_[entry.tar.offset] =
        TRY(wanted_.add(Path(entry.tar.name), entry.tar.size, interest_of(entry), whole));
    return {};
  }

  Status list() {
    Lister lister(job_.options.limits, job_.entries, listing_);
    const Lister::Look look = [&](const TarEntry& entry, std::string_view, Item& item) -> Status {
      item.found = found_[entry.offset];
      return {};
    };
    for (const Toc::Entry& entry : toc_->entries) TRY(lister.add(entry.tar, look));
    return {};
  }

  const LayerJob& job_;
  const LayerTable& table_;
  std::uint64_t blob_;  // its bytes
  Listing listing_;
  WantedFiles wanted_;
  std::shared_ptr<const Toc> toc_;
  std::vector<std::int32_t> found_;  // by entry, as Item::found
  std::vector<Interest> interests_;
};

bool is_left_out(const Toc::Entry& entry, const Reader& reader) {
  if (entry.tar.kind != TarEntry::Kind::file) return false;
  const Path path(entry.tar.name);
  return interest_in_part(reader, path.str()) == Interest::none &&
         reader.interest(path.str(), {}) != Interest::none;
}

}  // namespace

bool may_fall_back(Errc code) {
  return code == Errc::unsupported || code == Errc::damaged || code == Errc::limit || code == Errc::mismatch;
}

Result<std::string> unpacked_toc(const TocPlace& place, std::string_view packed, const Limits& limits) {
  constexpr std::string_view kWhat = "table of contents";
  if (place.format == TocPlace::Format::zstd_chunked) {
    TRY(check_digest(std::string(kWhat), place.digest, packed));
    return within(kWhat, zstd_unpacked(packed, kMostToc));
  }
  std::vector<Note> notes;
  const std::unique_ptr<ByteSource> plain = TRY(within(kWhat, unpack(memory_bytes(packed), limits, notes)));
  Limits own = limits;
  own.file_bytes = kMostToc;
  Tar tar(*plain, own);
  TarEntry entry;
  const bool there = TRY(within(kWhat, tar.next(entry)));
  if (!there || entry.name != kTocName)
    return fail(Errc::damaged, "table of contents: there is no " + std::string(kTocName));
  if (entry.size > kMostToc)
    return fail(Errc::limit, "table of contents: more than " + std::to_string(kMostToc) + " bytes");
  std::string json = TRY(within(kWhat, tar.read()));
  TRY(check_digest(std::string(kWhat), place.digest, json));
  return json;
}

std::shared_ptr<const Toc> toc_in_use(const Image& image, std::uint32_t layer) {
  const LayerTable* table = table_of(image, layer);
  if (table == nullptr) return nullptr;
  return table->use->with([](const LayerTable::Use& use) { return use.toc; });
}

Result<std::optional<Listing>> read_partial(const LayerJob& job, std::uint32_t index) {
  const LayerTable* table = table_of(job.image, index);
  if (!job.options.partial || (table != nullptr && !table->part)) return std::optional<Listing>();
  const auto whole = [&](std::string why) {
    job.image.whole_because->with([&](auto& all) { all[index] = std::move(why); });
    return std::optional<Listing>();
  };
  if (table == nullptr) return whole("its manifest vouches for no table of contents");
  const Timer timer("image/layer in part");
  Partial partial(job, *table, job.image.info.layers[index].size);
  Result<Listing> listing = partial.read();
  if (listing) return std::optional(*std::move(listing));
  const Error& error = listing.error();
  if (!may_fall_back(error.code)) return fail(error.within(layer_name(job.image.info, index)));
  return whole(error.message);
}

std::optional<Note> note_of_parts(const Image& image, const Reader& reader) {
  std::size_t layers = 0, left_out = 0;
  for (const auto& [layer, table] : image.tables) {
    const std::shared_ptr<const Toc> toc = toc_in_use(image, layer);
    if (toc == nullptr) continue;
    ++layers;
    left_out += static_cast<std::size_t>(std::ranges::count_if(
        toc->entries, [&](const Toc::Entry& entry) { return is_left_out(entry, reader); }));
  }
  if (layers == 0) return std::nullopt;
  std::string what =
      std::to_string(layers) + " of " + std::to_string(image.info.layers.size()) +
      " layers were read through their tables of contents, as --partial says: nobody has compared "
      "those with the layers, and executables, and what else only its bytes show, were not looked for";
  if (left_out > 0)
    what +=
        "; large files that were left out (archives of Java, libraries of .NET, kernels and their "
        "modules): " +
        std::to_string(left_out);
  return Note{Path(), Why::unasked, std::move(what)};
}

Status read_partial_files(const Image& image, std::uint32_t layer, const std::vector<Content>& contents,
                          const Limits& limits, const UseContent& use) {
  const std::shared_ptr<const Toc> toc = toc_in_use(image, layer);
  std::map<std::uint64_t, std::vector<const Content*>> by_place;
  std::vector<Task> tasks;
  for (const Content& one : contents) {
    if (by_place[one.place].empty()) tasks.push_back(task_of(toc->entries[one.place]));
    by_place[one.place].push_back(&one);
  }
  const std::vector<PartRun> runs = runs_for(tasks, 0);
  TRY(check_worth(runs, 0, image.info.layers[layer].size));
  TRY(check_work(tasks, runs, *toc, limits));
  const LayerTable& table = *table_of(image, layer);
  FetchLines lines(table.use->with([](const LayerTable::Use& known) { return known.lines; }));
  return read_runs({table, lines, {}, limits}, runs, tasks,
                   [&](const Toc::Entry& entry, const ReadEntry& read) -> Status {
                     const std::string bytes = TRY(read());
                     for (const Content* one : by_place.at(entry.tar.offset)) use(*one, bytes);
                     return {};
                   });
}

// The same path may stand there several times, in both: the n-th file of the one is that of the other.
Status read_by_name(ByteSource& plain, const Toc& toc, const std::vector<Content>& contents,
                    const Limits& limits, const UseContent& use) {
  std::map<std::string, std::size_t> files;
  const auto next_key = [&](const std::string& name) {
    const std::string path = as_in_table(Path(name).str());
    return std::pair(path, files[path]++);
  };
  std::map<std::pair<std::string, std::size_t>, std::vector<const Content*>> wanted;
  auto at = contents.begin();
  for (const Toc::Entry& entry : toc.entries) {
    if (entry.tar.kind != TarEntry::Kind::file) continue;
    const auto key = next_key(entry.tar.name);
    for (; at != contents.end() && at->place == entry.tar.offset; ++at) wanted[key].push_back(&*at);
  }
  files.clear();
  Tar tar(plain, limits);
  for (TarEntry entry; TRY(tar.next(entry));) {
    if (entry.kind != TarEntry::Kind::file) continue;
    const auto found = wanted.find(next_key(entry.name));
    if (found == wanted.end()) continue;
    const std::string bytes = TRY(within(printable(found->first.first), tar.read()));
    for (const Content* one : found->second) use(*one, bytes);
    wanted.erase(found);
  }
  TRY(tar.trailing_data());  // to the end of the blob: its digest
  if (wanted.empty()) return {};
  const std::string& missing = wanted.begin()->first.first;
  return fail(Errc::damaged, printable(missing) + ": is in the table of contents only, not in the layer");
}

}  // namespace peekr

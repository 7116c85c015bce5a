// SPDX-License-Identifier: Apache-2.0
#include "image/runs.h"

#include <atomic>

#include "base/pool.h"
#include "base/timer.h"
#include "image/image.h"

namespace peekr {
namespace {

// Bytes that nobody wants come with what lies on both sides of them where another request would cost more: some always (the headers
// between files), more as long as all of them together are little of what comes anyway.
constexpr std::uint64_t kLeastGap = 1024, kGap = 32768, kGapShare = 3, kGapsAlways = 65536;
constexpr std::uint64_t kHeld = 4 << 20;
constexpr unsigned kMostOfALayer = 8;  // at once: more bring nothing, and each is a thread

// So large a gap is fetched, too: the small ones first, in all no more than one of kGapShare bytes of what is wanted.
std::uint64_t gap_of(std::span<const BlobPart> parts, std::uint64_t besides) {
  std::vector<std::uint64_t> gaps;
  std::uint64_t end = 0, wanted = besides;
  for (const BlobPart& part : parts) {
    if (end > 0 && part.from > end && part.from - end <= kGap) gaps.push_back(part.from - end);
    end = std::max(end, part.end);
    wanted += part.end - part.from;
  }
  std::ranges::sort(gaps);
  std::uint64_t left = std::max(wanted / kGapShare, kGapsAlways);
  for (const std::uint64_t gap : gaps) {
    if (gap > left) return std::max(gap - 1, kLeastGap);
    left -= gap;
  }
  return kGap;
}

// How many of the first ones are held at once; 0: the first is too large.
std::size_t batch_of(std::span<const PartRun> runs) {
  std::uint64_t bytes = 0;
  std::size_t count = 0;
  for (; count < runs.size() && runs[count].end - runs[count].from <= kHeld - bytes; ++count)
    bytes += runs[count].end - runs[count].from;
  return count;
}

Result<std::string> fetch_run(const LayerTable& table, const PartRun& run) {
  if (run.end == run.from) return std::string();
  const std::unique_ptr<ByteSource> source = TRY(table.part(run.from, run.end - run.from));
  return within("bytes " + std::to_string(run.from) + "-" + std::to_string(run.end - 1),
                read_exactly(*source, run.end - run.from));
}

// After the first failure no more are asked for.
std::vector<Result<std::string>> fetch_batch(const LayerTable& table, std::span<const PartRun> runs,
                                             FetchLines& lines, const std::stop_token& stop) {
  const Timer timer("image/parts of a layer");
  std::atomic<bool> failed = false;
  return Pool(std::min(lines.most(), kMostOfALayer)).map(runs.size(), [&](std::size_t i) {
    return lines.with([&]() -> Result<std::string> {
      if (failed || stop.stop_requested()) return fail(Errc::cancelled, "stopped");
      Result<std::string> bytes = fetch_run(table, runs[i]);
      if (!bytes) failed = true;
      return bytes;
    });
  });
}

// The first of what has failed by itself, before what was left out for it; null: all are there.
const Error* failure_of(const std::vector<Result<std::string>>& all) {
  const Error* first = nullptr;
  for (const Result<std::string>& one : all) {
    if (one) continue;
    if (one.error().code != Errc::cancelled) return &one.error();
    if (first == nullptr) first = &one.error();
  }
  return first;
}

}  // namespace

std::vector<PartRun> runs_of(std::span<const BlobPart> parts, std::uint64_t besides) {
  const std::uint64_t gap = gap_of(parts, besides);
  std::vector<PartRun> runs;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const BlobPart& part = parts[i];
    const bool joins = !runs.empty() && part.from >= runs.back().end && part.from - runs.back().end <= gap;
    if (!joins) runs.push_back({.from = part.from, .end = part.from, .first = i});
    runs.back().end = std::max(runs.back().end, part.end);
    ++runs.back().count;
  }
  return runs;
}

Result<std::string> read_exactly(ByteSource& source, std::uint64_t size) {
  std::string all;
  while (all.size() < size) {
    const std::string_view bytes = TRY(source.next());
    if (bytes.empty()) return fail(Errc::damaged, "ends too early");
    all +=
        bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), size - all.size())));
  }
  return all;
}

Status fetch_runs(const LayerTable& table, std::span<const PartRun> runs, FetchLines& lines,
                  const std::stop_token& stop, const UseRun& use) {
  while (!runs.empty()) {
    if (stop.stop_requested()) return fail(Errc::cancelled, "stopped");
    const std::size_t count = batch_of(runs);
    if (count == 0) {  // as it comes
      const PartRun& run = runs.front();
      TRY(lines.with([&]() -> Status { return use(run, TRY(table.part(run.from, run.end - run.from))); }));
      runs = runs.subspan(1);
      continue;
    }
    const std::vector<Result<std::string>> all = fetch_batch(table, runs.first(count), lines, stop);
    const Error* failure = failure_of(all);
    for (std::size_t i = 0; i < count; ++i) {
      if (!all[i]) return fail(*failure);
      TRY(use(runs[i], all[i]->empty() ? nullptr : memory_bytes(*all[i])));
    }
    runs = runs.subspan(count);
  }
  return {};
}

}  // namespace peekr

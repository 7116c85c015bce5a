// SPDX-License-Identifier: Apache-2.0
// Four kinds of files are read again, each of them once:
//   - what a well-known place (var/lib/dpkg/status) leads to through links, for the rows that do not want it under its
//   own name;
//   - dpkg's checksums of a package whose list of files is gone;
//   - what was read with other neighbours than it has in the merged tree: a write-ahead log in a higher
//   layer;
//   - programs that came in pieces of which a row says that it must see them whole: kMostWhole bytes, for no layer is read meanwhile.
// It costs unpacking a layer once more, so nothing is read that need not be.
#include "catalog/again.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "base/timer.h"
#include "catalog/rows.h"
#include "image/layer.h"

namespace peekr {
namespace {

struct Place {
  Path path, real;  // as it is wanted, and where it is: links followed
};

struct Task {
  Place place;
  PatternIndex::Rows rows;  // none: those that want a file with that name and these first bytes
  std::vector<Place> neighbours;
  const Found* replaces = nullptr;
};

// The file that a path leads to.
std::optional<Place> file_at(const Tree& tree, const Path& path) {
  const std::optional<Node> node = tree.find(path);
  if (!node || node->kind != NodeKind::file) return std::nullopt;
  return Place{path, *tree.real_path(path)};
}

// Files beside others that rows read; each folder is looked through once.
class Neighbours {
 public:
  explicit Neighbours(const Tree& tree) : tree_(tree) {}

  // Those beside `path` that one of these rows reads.
  std::vector<Place> of(const Path& path, const PatternIndex::Rows& rows) {
    std::vector<Place> all;
    if (!any_reads(rows)) return all;
    const std::string folder(path.folder());
    const auto [at, fresh] = folders_.try_emplace(folder);
    if (fresh) at->second = read_in(folder);
    for (const auto& [beside, reads] : at->second) {
      if ((reads & rows).none()) continue;
      if (std::optional<Place> place = file_at(tree_, beside)) all.push_back(*std::move(place));
    }
    return all;
  }

 private:
  using Readable = std::vector<std::pair<Path, PatternIndex::Rows>>;

  [[nodiscard]] Readable read_in(const std::string& folder) const {
    Readable all;
    for (const std::string_view name : tree_.list(Path(folder))) {
      Path beside(folder + "/" + std::string(name));
      const PatternIndex::Rows reads = row_index().look_up(beside.str()).reads;
      if (reads.any()) all.emplace_back(std::move(beside), reads);
    }
    return all;
  }

  const Tree& tree_;
  std::map<std::string, Readable> folders_;
};

// Of a file behind a link what begins with its own name lies beside that (SQLite's -wal), and has the name of the link to the rows.
std::vector<Place> beside_real(const Tree& tree, const Place& place, const PatternIndex::Rows& rows) {
  std::vector<Place> all;
  if (!any_reads(rows)) return all;
  const std::string_view own = place.real.name();
  for (const std::string_view name : tree.list(Path(place.real.folder()))) {
    if (!name.starts_with(own) || name == own) continue;
    Path wanted(place.path.str() + std::string(name.substr(own.size())));
    if ((row_index().look_up(wanted.str()).reads & rows).none()) continue;
    const std::optional<Place> there =
        file_at(tree, Path(std::string(place.real.folder()) + "/" + std::string(name)));
    if (there) all.push_back({std::move(wanted), there->real});
  }
  return all;
}

// The children of a folder that links lead to: where the folder is behind none, those that are links themselves.
std::vector<std::string_view> linked_in(const Path& folder, const Tree& tree) {
  return tree.real_path(folder) == folder ? tree.list_links(folder) : tree.list(folder);
}

// The paths that a pattern can mean whose folders are known, and that links may lead to: "var/lib/dpkg/info/*.list" has the children of
// one folder.
// "**/lib/x" is looked for where distributions have a lib.
std::vector<Path> well_known(Pattern pattern, const Tree& tree) {
  constexpr std::string_view kAnywhere = "**/";
  constexpr std::array<std::string_view, 3> kTops = {"", "usr/", "var/"};
  const bool anywhere = pattern.starts_with(kAnywhere);
  if (anywhere) pattern.remove_prefix(kAnywhere.size());
  const std::size_t slash = pattern.rfind('/');
  if (slash == Pattern::npos || has_wildcard(pattern.substr(0, slash))) return {};
  std::vector<Path> all;
  for (std::size_t i = 0; i < (anywhere ? kTops.size() : 1); ++i) {
    const std::string top(kTops[i]);
    if (!has_wildcard(pattern)) {
      all.emplace_back(top + std::string(pattern));
      continue;
    }
    const std::string folder = top + std::string(pattern.substr(0, slash + 1));
    for (const std::string_view name : linked_in(Path(folder), tree)) {
      if (matches(pattern.substr(slash + 1), name)) all.emplace_back(folder + std::string(name));
    }
  }
  return all;
}

void add_linked(const Tree& tree, Neighbours& neighbours, std::vector<Task>& tasks) {
  std::map<Path, PatternIndex::Rows> read;  // by which rows, under whatever name
  for (const Found& found : tree.found()) {
    if (!found.linked) continue;
    if (const std::optional<Path> real = tree.real_path(found.path))
      read[*real] |= row_index().look_up(found.path.str()).wants;
  }
  for (const Cataloger* row : all_catalogers()) {
    for (const Pattern pattern : row->wants) {
      for (const Path& path : well_known(pattern, tree)) {
        std::optional<Place> place = file_at(tree, path);
        if (!place || place->real == path) continue;
        PatternIndex::Rows& by = read[place->real];
        by |= row_index().look_up(place->real.str()).wants;
        const PatternIndex::Rows rows = row_index().look_up(path.str()).wants & ~by;
        if (rows.none()) continue;
        by |= rows;
        std::vector<Place> beside = neighbours.of(path, rows);
        std::erase_if(beside, [&](const Place& one) { return one.path.str().starts_with(path.str()); });
        std::ranges::move(beside_real(tree, *place, rows), std::back_inserter(beside));
        tasks.push_back({*std::move(place), rows, std::move(beside), nullptr});
      }
    }
  }
}

// dpkg's info/NAME.md5sums where there is no NAME.list, beside each status that was found.
void add_unlisted(const Tree& tree, std::vector<Task>& tasks) {
  for (const Found& found : tree.found()) {
    if (!found.visible || !found.path.str().ends_with("lib/dpkg/status")) continue;
    const std::string info = std::string(found.path.folder()) + "/info";
    const std::vector<std::string_view> names = tree.list(Path(info));
    for (std::string_view name : names) {
      constexpr std::string_view kSums = ".md5sums";
      if (!name.ends_with(kSums)) continue;
      const std::string list = std::string(name.substr(0, name.size() - kSums.size())) + ".list";
      if (std::ranges::binary_search(names, list)) continue;
      std::optional<Place> place = file_at(tree, Path(info + "/" + std::string(name)));
      if (place)
        tasks.push_back({*std::move(place), row_index().look_up(found.path.str()).wants, {}, nullptr});
    }
  }
}

// Whether the first reading saw just these neighbours. It was shown all that was kept of the layer.
bool same_neighbours(const Tree& tree, const Found& found, const std::vector<Place>& now,
                     const PatternIndex::Rows& rows) {
  std::vector<Path> seen;
  for (const Path& path : found.neighbours) {
    if (path.folder() != found.path.folder()) continue;
    if ((row_index().look_up(path.str()).reads & rows).any()) seen.push_back(path);
  }
  if (seen.size() != now.size()) return false;
  return std::ranges::all_of(now, [&](const Place& place) {
    return place.real == place.path && tree.find(place.real)->layer == found.layer &&
           std::ranges::find(seen, place.path) != seen.end();
  });
}

void add_with_neighbours(const Tree& tree, Neighbours& neighbours, std::vector<Task>& tasks) {
  for (const Found& found : tree.found()) {
    if (!found.visible) continue;
    const PatternIndex::Rows rows = row_index().look_up(found.path.str()).wants;
    if (!any_reads(rows)) continue;
    std::vector<Place> now = neighbours.of(found.path, rows);
    if (same_neighbours(tree, found, now, rows)) continue;
    tasks.push_back({{found.path, *tree.real_path(found.path)}, rows, std::move(now), &found});
  }
}

constexpr std::uint64_t kMostWhole = 64 << 20;

bool says_too_big(const Found& found) {
  return std::ranges::any_of(found.inventory->notes, [&](const Note& one) {
    return one.why == Why::too_big && one.path == found.path;
  });
}

// Programs with a list of crates, an SBOM that a symbol leads to, a version of Go behind a pointer.
void add_whole(const Tree& tree, const Limits& limits, std::vector<Task>& tasks) {
  const std::uint64_t most = std::min(kMostWhole, limits.file_bytes);
  for (const Found& found : tree.found()) {
    if (!found.visible || !found.inventory->executable || !says_too_big(found)) continue;
    const std::optional<Place> place = file_at(tree, found.path);
    const std::uint64_t size = place ? tree.find(place->real)->size : 0;
    if (size > WantedFiles::piece(limits) && size <= most) tasks.push_back({*place, {}, {}, &found});
  }
}

// The bytes of files, handed to the tasks: at once where a task needs one file only, else when all have come.
class Runner {
 public:
  Runner(const std::vector<Task>& tasks, const Limits& limits, std::vector<Note>& notes)
      : tasks_(tasks),
        done_(tasks.size()),
        most_(limits.file_bytes),
        most_packages_(limits.packages),
        archives_(archives_allowance(limits)),
        notes_(notes) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      Content& content = files_[tasks[i].place.real];
      if (tasks[i].neighbours.empty() && content.alone == nullptr) {
        content.alone = &tasks[i];
      } else {
        content.keep = true;
      }
      for (const Place& one : tasks[i].neighbours) files_[one.real].keep = true;
    }
  }

  [[nodiscard]] std::vector<Path> paths() const {
    std::vector<Path> all;
    for (const auto& [path, bytes] : files_) all.push_back(path);
    return all;
  }

  void use(const Path& path, std::string_view bytes, const Node& node) {
    const auto at = files_.find(path);
    if (at == files_.end()) return;
    Content& content = at->second;
    content.there = true;
    content.layer = node.layer;
    if (content.keep) keep(content, path, bytes);
    if (content.alone == nullptr) return;
    run(*content.alone, {.path = content.alone->place.path, .bytes = bytes}, node.layer);
  }

  std::vector<Again> finish() {
    for (const Task& task : tasks_) {
      const Content& content = files_.at(task.place.real);
      if (!content.there) {
        notes_.push_back({task.place.path, Why::damaged, "second reading: its bytes were not read"});
      } else if (content.alone != &task && !content.left_out) {
        run_with_neighbours(task, content);
      }
    }
    std::vector<Again> all;
    for (Again& one : done_) {
      if (!one.path.empty()) all.push_back(std::move(one));
    }
    std::ranges::sort(all, {}, &Again::path);
    return all;
  }

 private:
  struct Content {
    const Task* alone = nullptr;  // that needs this file and no other
    bool keep = false;            // another task needs the bytes
    bool there = false;
    bool left_out = false;  // the bytes would have been too many to keep
    std::uint32_t layer = 0;
    std::string bytes;
  };

  void keep(Content& content, const Path& path, std::string_view bytes) {
    content.left_out = bytes.size() > most_ - kept_;
    if (content.left_out) {
      notes_.push_back(
          {path, Why::too_big,
           "second reading: is left out, because what is kept to be read together is more than " +
               std::to_string(most_) + " bytes (limit file_bytes)"});
      return;
    }
    kept_ += bytes.size();
    content.bytes = bytes;
  }

  void run(const Task& task, File file, std::uint32_t layer) {
    archives_.grant(kArchivesRatio * file.bytes.size());
    file.allowance = &archives_;
    Again& out = done_[static_cast<std::size_t>(&task - tasks_.data())];
    out.path = task.place.path;
    out.layer = layer;
    out.replaces = task.replaces;
    out.inventory.most_packages = most_packages_ - packages_;
    run_rows(task.rows.none() ? row_index().look_up(file.path.str(), file.head()).wants : task.rows, file,
             out.inventory);
    packages_ += out.inventory.packages.size();
    if (!out.inventory.left_out) return;
    out = {};  // what the first reading found stands
    notes_.push_back(
        {file.path, Why::too_big,
         "second reading: more than " + std::to_string(most_packages_) + " packages (limit packages)"});
  }

  void run_with_neighbours(const Task& task, const Content& content) {
    std::vector<File::Neighbour> neighbours;
    std::uint32_t layer = content.layer;
    for (const Place& one : task.neighbours) {
      const Content& beside = files_.at(one.real);
      if (!beside.there || beside.left_out) continue;
      neighbours.push_back({one.path, beside.bytes});
      layer = std::max(layer, beside.layer);
    }
    run(task, {.path = task.place.path, .bytes = content.bytes, .neighbours = neighbours}, layer);
  }

  const std::vector<Task>& tasks_;
  std::vector<Again> done_;  // by task
  std::map<Path, Content> files_;
  std::uint64_t most_, kept_ = 0;  // bytes of all that is kept
  std::uint64_t most_packages_, packages_ = 0;
  Allowance archives_;
  std::vector<Note>& notes_;
};

Why why_of(Errc code) {
  if (code == Errc::limit) return Why::too_big;
  return code == Errc::unsupported ? Why::unsupported : Why::damaged;
}

}  // namespace

std::vector<Again> read_wanted_again(const Image& image, const Tree& tree, const Limits& limits,
                                     std::vector<Note>& notes) {
  const Timer timer("catalog/second reading");
  std::vector<Task> tasks;
  Neighbours neighbours(tree);
  add_linked(tree, neighbours, tasks);
  add_unlisted(tree, tasks);
  add_with_neighbours(tree, neighbours, tasks);
  add_whole(tree, limits, tasks);
  if (tasks.empty()) return {};
  Runner runner(tasks, limits, notes);
  const Status status = tree.read_again(
      image, runner.paths(), limits,
      [&](const Path& path, std::string_view bytes, const Node& node) { runner.use(path, bytes, node); });
  if (!status)
    notes.push_back({Path(), why_of(status.error().code), "second reading: " + status.error().message});
  return runner.finish();
}

}  // namespace peekr

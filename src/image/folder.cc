// SPDX-License-Identifier: Apache-2.0
// A root file system on disk, walked as if it were one layer. Links are recorded, never followed; every name
// is opened relative to its directory with O_NOFOLLOW, so a link that appears meanwhile leads nowhere.
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "image/layer.h"

namespace peekr {
namespace {

constexpr int kDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
constexpr int kFile = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

std::string below(std::string_view folder, std::string_view name) {
  return folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name);
}

// Appends the next bytes of an open file, `most` of them or what is left.
Status read_some(const Fd& file, std::string& bytes, std::uint64_t most) {
  std::array<char, 65536> buffer;
  while (most > 0) {
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(most, buffer.size()));
    const ssize_t count = ::read(file.get(), buffer.data(), wanted);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("read");
    if (count == 0) return {};
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
    most -= static_cast<std::uint64_t>(count);
  }
  return {};
}

// The kernel's own file systems hold no software: where the folder is a live root, they are left out.
bool is_kernel_view(const Fd& directory) {
  struct statfs status{};
  if (::fstatfs(directory.get(), &status) != 0) return false;
  const auto type = static_cast<unsigned long>(status.f_type);
  return type == PROC_SUPER_MAGIC || type == SYSFS_MAGIC || type == CGROUP_SUPER_MAGIC ||
         type == CGROUP2_SUPER_MAGIC || type == DEVPTS_SUPER_MAGIC || type == DEBUGFS_MAGIC ||
         type == TRACEFS_MAGIC;
}

// Opens a directory of the image part by part, so that no part can be a link.
Result<Fd> open_below(const Fd& root, std::string_view folder) {
  Fd at = TRY(Fd::open_at(root, ".", kDirectory));
  for (const std::string_view part : split(folder, '/')) {
    if (!part.empty()) at = TRY(Fd::open_at(at, std::string(part), kDirectory));
  }
  return at;
}

class Walker {
 public:
  Walker(const LayerJob& job, const Fd& root, Listing& listing)
      : job_(job), root_(root), listing_(listing), wanted_(job, listing) {}

  Status walk() {
    std::vector<std::string> todo = {""};
    while (!todo.empty()) {
      if (job_.stop.stop_requested()) return fail(Errc::cancelled, "stopped");
      const std::string folder = std::move(todo.back());
      todo.pop_back();
      if (const Status status = list(folder, todo); !status) {
        if (status.error().code == Errc::limit) return status;
        gap(Path(folder), status.error().message);
      }
    }
    TRY(wanted_.finish());
    return {};
  }

 private:
  // what: of the system, with or without the file's name before it.
  void gap(const Path& path, std::string_view what) {
    const std::string named = std::string(path.name()) + ": ";
    if (what.starts_with(named)) what.remove_prefix(named.size());
    listing_.notes.push_back({path, Why::unreadable, std::string(what)});
  }

  Status list(const std::string& folder, std::vector<std::string>& todo) {
    Fd directory = TRY(open_below(root_, folder));
    if (!folder.empty() && is_kernel_view(directory)) return {};
    struct Close {
      void operator()(DIR* dir) const { ::closedir(dir); }
    };
    Fd listed = TRY(Fd::open_at(directory, ".", kDirectory));
    const std::unique_ptr<DIR, Close> dir(::fdopendir(listed.get()));
    if (!dir) return fail_errno(folder);
    (void)listed.release();  // closed with `dir`
    std::vector<std::string> names;
    for (;;) {
      errno = 0;
      const dirent* entry = ::readdir(dir.get());
      if (entry == nullptr && errno != 0) gap(Path(folder), std::strerror(errno));
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    std::ranges::sort(names);
    for (const std::string& name : names) TRY(add(directory, folder, name, todo));
    return {};
  }

  Status add(const Fd& directory, const std::string& folder, const std::string& name,
             std::vector<std::string>& todo) {
    if (++job_.entries > job_.options.limits.entries) {
      return fail(Errc::limit, "more than " + std::to_string(job_.options.limits.entries) +
                                   " entries in the folder (limit entries)");
    }
    const Path path(below(folder, name));
    if (path.str().size() > job_.options.limits.path_bytes) {
      listing_.notes.push_back(
          {Path(), Why::too_big,
           "a path of " + std::to_string(path.str().size()) +
               " bytes was left out (limit path_bytes): " + printable(path.str().substr(0, 60)) + "..."});
      return {};
    }
    struct stat status{};
    if (::fstatat(directory.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      gap(path, std::strerror(errno));
      return {};
    }
    Item item{.kind = Item::Kind::device,
              .mode = static_cast<std::uint32_t>(status.st_mode & 07777),
              .size = static_cast<std::uint64_t>(status.st_size),
              .folder = path.folder(),
              .name = path.name()};
    std::array<char, 4097> target;
    if (S_ISDIR(status.st_mode)) {
      item.kind = Item::Kind::directory;
      todo.push_back(path.str());
    } else if (S_ISLNK(status.st_mode)) {
      const ssize_t size = ::readlinkat(directory.get(), name.c_str(), target.data(), target.size());
      item.kind = Item::Kind::symlink;
      if (size < 0) gap(path, std::strerror(errno));
      item.link = {target.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    } else if (S_ISREG(status.st_mode)) {
      const std::string_view first = first_name(status, path);
      item.kind = first.empty() ? Item::Kind::file : Item::Kind::hard_link;
      item.link = first;
      if (first.empty()) TRY(read_if_wanted(directory, path, item));
    }
    listing_.items.add(item);
    return {};
  }

  // The name under which a file of several was met before; empty: it was not.
  std::string_view first_name(const struct stat& status, const Path& path) {
    if (status.st_nlink < 2) return {};
    const auto [at, is_new] = linked_.try_emplace({status.st_dev, status.st_ino}, path.str());
    return is_new ? std::string_view() : std::string_view(at->second);
  }

  Status read_if_wanted(const Fd& directory, const Path& path, Item& item) {
    const Result<std::int32_t> found = read_wanted(directory, path, item.size);
    if (found) {
      item.found = *found;
    } else if (found.error().code == Errc::limit) {
      return fail(found.error());  // of the whole image
    } else {
      gap(path, found.error().message);
    }
    return {};
  }

  // Its index in listing.found; -1: nobody wants it.
  Result<std::int32_t> read_wanted(const Fd& directory, const Path& path, std::uint64_t size) {
    const Fd file = TRY(Fd::open_at(directory, std::string(path.name()), kFile));
    std::string bytes;
    TRY(read_some(file, bytes, kHeadBytes));
    const Interest interest = wanted_.interest(path.str(), bytes);
    if (interest == Interest::none) return -1;
    if (interest == Interest::pieces) {
      return wanted_.add_pieces(path, size, [&](std::string& piece, std::uint64_t most) -> Status {
        const std::string head = std::exchange(bytes, {});
        piece += head;
        return read_some(file, piece, most - head.size());
      });
    }
    return wanted_.add(path, size, interest, [&]() -> Result<std::optional<std::string>> {
      const std::uint64_t limit = job_.options.limits.file_bytes;
      TRY(read_some(file, bytes,
                    limit + 1 - std::min<std::uint64_t>(limit, bytes.size())));  // behind its head
      if (bytes.size() <= limit) return std::optional(std::move(bytes));
      listing_.notes.push_back(
          {path, Why::too_big, "more than " + std::to_string(limit) + " bytes (limit file_bytes)"});
      return std::optional<std::string>();
    });
  }

  const LayerJob& job_;
  const Fd& root_;
  Listing& listing_;
  WantedFiles wanted_;
  std::map<std::pair<dev_t, ino_t>, std::string> linked_;
};

}  // namespace

Result<Listing> read_folder(const LayerJob& job) {
  const Fd root = TRY(Fd::open(job.image.folder, O_RDONLY | O_DIRECTORY));
  Listing listing;
  TRY(Walker(job, root, listing).walk());
  return listing;
}

Status read_folder_files(const Image& image, const std::vector<Content>& contents, const Limits& limits,
                         const UseContent& use) {
  const Fd root = TRY(Fd::open(image.folder, O_RDONLY | O_DIRECTORY));
  for (const Content& content : contents) {
    const Fd directory = TRY(open_below(root, content.path.folder()));
    const Fd file = TRY(Fd::open_at(directory, std::string(content.path.name()), kFile));
    if (content.in_pieces) {
      std::string bytes;
      do {
        bytes.clear();
        TRY(within(content.path.str(), read_some(file, bytes, kRereadPiece)));
        use(content, bytes);
      } while (!bytes.empty());
      continue;
    }
    const Result<std::string> bytes = read_rest(file, content.path.str(), limits.file_bytes);
    if (bytes) use(content, *bytes);
    if (!bytes && bytes.error().code != Errc::limit) return fail(bytes.error());
  }
  return {};
}

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// What a container has that its image has not, as a layer: a tar with whiteouts. The engine gives names (GET
// /containers/ID/changes) and the whole merged root (GET /containers/ID/export), out of which the files of those names are
// taken as they go by.
#include "source/changes.h"

#include <array>

#include "base/text.h"
#include "image/layer.h"
#include "image/tar.h"

namespace peekr {
namespace {

constexpr std::size_t kBlock = 512, kName = 100;

void put(std::string& block, std::size_t at, std::string_view text) { block.replace(at, text.size(), text); }

std::string octal(std::uint64_t value, std::size_t digits) {
  std::string text(digits, '0');
  for (std::size_t i = digits; i-- > 0; value /= 8) text[i] = static_cast<char>('0' + value % 8);
  return text;
}

// Eleven octal digits, or from 8 GiB on GNU's base 256.
std::string size_field(std::uint64_t size) {
  if (size < std::uint64_t{1} << 33) return octal(size, 11);
  std::string field(12, '\0');
  for (std::size_t i = field.size(); i-- > 1; size /= 256) field[i] = static_cast<char>(size % 256);
  field[0] = static_cast<char>(0x80);
  return field;
}

char type_of(TarEntry::Kind kind) {
  switch (kind) {
    case TarEntry::Kind::file: return '0';
    case TarEntry::Kind::hard_link: return '1';
    case TarEntry::Kind::symlink: return '2';
    case TarEntry::Kind::device: return '3';
    case TarEntry::Kind::directory: return '5';
    case TarEntry::Kind::other: break;
  }
  return '?';
}

std::string block(char type, std::string_view name, std::string_view link, std::uint64_t size,
                  std::uint32_t mode) {
  std::string bytes(kBlock, '\0');
  put(bytes, 0, name.substr(0, kName));
  put(bytes, 100, octal(mode, 7));
  put(bytes, 124, size_field(size));
  bytes[156] = type;
  put(bytes, 157, link.substr(0, kName));
  put(bytes, 257, "ustar  ");
  put(bytes, 148, "        ");
  std::uint64_t sum = 0;
  for (const char c : bytes) sum += static_cast<unsigned char>(c);
  put(bytes, 148, octal(sum, 6) + std::string("\0 ", 2));
  return bytes;
}

std::string padded(std::string text) {
  text.resize((text.size() + kBlock - 1) / kBlock * kBlock);
  return text;
}

// GNU's header for a name or link that is longer than the field.
std::string long_text(char type, std::string_view text) {
  if (text.size() <= kName) return {};
  return block(type, "././@LongLink", "", text.size() + 1, 0) + padded(std::string(text) + '\0');
}

std::string header(const TarEntry& entry) {
  const std::uint64_t size = entry.kind == TarEntry::Kind::file ? entry.size : 0;
  return long_text('K', entry.link) + long_text('L', entry.name) +
         block(type_of(entry.kind), entry.name, entry.link, size, entry.mode);
}

std::string whiteout(const Path& path) {
  const std::string folder(path.folder());
  return header(
      {.kind = TarEntry::Kind::file,
       .name = folder + (folder.empty() ? "" : "/") + std::string(kWhiteout) + std::string(path.name())});
}

// The engine's JSON cannot say what is no UTF-8 and has U+FFFD instead: so names are compared as they can be said.
Path sayable(std::string_view name) { return Path(printable(name)); }

class ChangedBytes : public ByteSource {
 public:
  ChangedBytes(std::unique_ptr<ByteSource> root, ContainerChanges changes, const Limits& limits,
               std::shared_ptr<Guarded<std::vector<Note>>> notes)
      : root_(limited_bytes(std::move(root), limits.layer_bytes, "layer_bytes")),
        removed_(std::move(changes.removed)),
        limits_(limits),
        tar_(*root_, limits_),
        notes_(std::move(notes)) {
    for (const Path& path : changes.written) written_.insert(sayable(path.str()));
    unsent_ = written_;
  }

 private:
  static constexpr std::uint64_t kPart = 262144;
  enum class At { start, entries, body, end };

  Result<std::string_view> fill() override {
    part_.clear();
    while (part_.empty() && at_ != At::end) TRY(step());
    return std::string_view(part_);
  }

  Status step() {
    if (at_ == At::start) {
      start();
      at_ = At::entries;
      return {};
    }
    return at_ == At::body ? next_part() : next_entry();
  }

  // Whether a layer is packed is told by its first bytes: they are ours, not a name that the container has chosen.
  void start() {
    part_ = header({.kind = TarEntry::Kind::directory, .name = "./", .mode = 0755});
    for (const Path& path : removed_) {
      if (passes_over(path)) continue;
      if (path.str().find("\uFFFD") != std::string::npos) {
        note(path, "is said to be removed: a name that is no UTF-8, if that is meant, is still seen");
      }
      part_ += whiteout(path);
    }
  }

  // In a container it is a file like any other, in a layer it would remove one.
  bool passes_over(const Path& path) {
    if (!path.name().starts_with(kWhiteout)) return false;
    note(path, "has the name of a whiteout: this change of the container was left out");
    return true;
  }

  void note(Path path, std::string what) {
    found_.push_back({std::move(path), Why::unsupported, std::move(what)});
  }

  Status next_part() {
    TRY(tar_.read_some(part_, kPart));
    left_ -= part_.size();
    if (left_ > 0) return {};
    at_ = At::entries;
    part_.resize(part_.size() + (kBlock - entry_.size % kBlock) % kBlock);
    return {};
  }

  Status next_entry() {
    const bool more = TRY(tar_.next(entry_));
    if (!more) {
      if (tar_.ended_early()) return fail(Errc::damaged, "the merged root ends too early");
      finish();
      return {};
    }
    if (++entries_ > limits_.entries) {
      return fail(Errc::limit, "more than " + std::to_string(limits_.entries) +
                                   " entries in the merged root (limit entries)");
    }
    const Path path(entry_.name), said = sayable(entry_.name);
    if (!written_.contains(said)) return {};
    unsent_.erase(said);
    if (passes_over(path)) return {};
    if (entry_.sparse)
      return fail(Errc::unsupported, printable(entry_.name) + ": a sparse file in the merged root");
    part_ = header(entry_);
    left_ = entry_.kind == TarEntry::Kind::file ? entry_.size : 0;
    if (left_ > 0) at_ = At::body;
    return {};
  }

  void finish() {
    part_.resize(2 * kBlock);
    at_ = At::end;
    if (!unsent_.empty()) {
      const std::string others =
          unsent_.size() == 1 ? "" : " (and " + std::to_string(unsent_.size() - 1) + " more)";
      note(*unsent_.begin(), "is said to have changed and was not sent" + others);
    }
    notes_->with([&](std::vector<Note>& notes) { notes = std::move(found_); });
  }

  std::unique_ptr<ByteSource> root_;
  std::set<Path> written_, unsent_;  // sayable
  std::vector<Path> removed_;
  Limits limits_;
  Tar tar_;
  TarEntry entry_;
  At at_ = At::start;
  std::uint64_t entries_ = 0;
  std::uint64_t left_ = 0;  // of the body, bytes
  std::string part_;
  std::vector<Note> found_;
  std::shared_ptr<Guarded<std::vector<Note>>> notes_;
};

}  // namespace

std::unique_ptr<ByteSource> changed_bytes(std::unique_ptr<ByteSource> root, ContainerChanges changes,
                                          const Limits& limits,
                                          std::shared_ptr<Guarded<std::vector<Note>>> notes) {
  return std::make_unique<ChangedBytes>(std::move(root), std::move(changes), limits, std::move(notes));
}

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "lib/zip.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/fd.h"
#include "base/text.h"
#include "lib/inflate.h"
#include "lib/zip_directory.h"

namespace peekr {
namespace {

constexpr std::uint64_t kWindow = 256 << 10;
constexpr unsigned kEncrypted = 1;  // general purpose flag
constexpr unsigned kStored = 0, kDeflated = 8;

std::unexpected<Error> cut_short() { return fail(Errc::damaged, "cut short"); }

// The file, through a window. It may be cut while it is read, so it is not mapped.
class Input {
 public:
  Input(Fd file, std::uint64_t size) : file_(std::move(file)), size_(size) {}
  [[nodiscard]] std::uint64_t size() const { return size_; }

  // Those bytes, until the next call.
  Result<std::string_view> at(std::uint64_t place, std::uint64_t size) {
    if (place > size_ || size > size_ - place) return cut_short();
    const bool there =
        place >= from_ && place - from_ <= bytes_.size() && size <= bytes_.size() - (place - from_);
    if (!there) TRY(load(place, std::min(std::max(size, kWindow), size_ - place)));
    return std::string_view(bytes_).substr(place - from_, size);
  }

 private:
  Status load(std::uint64_t place, std::uint64_t size) {
    from_ = place;
    bytes_.resize(size);
    for (std::size_t done = 0; done < size;) {
      const ssize_t got =
          ::pread(file_.get(), bytes_.data() + done, size - done, static_cast<off_t>(place + done));
      if (got <= 0) {
        bytes_.clear();
        return got < 0 ? fail_errno("read") : cut_short();
      }
      done += static_cast<std::size_t>(got);
    }
    return {};
  }

  Fd file_;
  std::uint64_t size_, from_ = 0;
  std::string bytes_;
};

}  // namespace

struct Zip::State {
  Input input;
  std::string path;
  std::string directory = {};
  ZipDirectory found = {};
  std::size_t followed = 0;
  Cursor rest{{}};  // of the directory
  ZipEntry entry = {};

  Status find_directory() {
    const std::uint64_t tail = std::min(input.size(), kZipEnd);
    const std::string_view end = TRY(input.at(input.size() - tail, tail));
    const std::optional<ZipDirectory> there = find_zip_directory(end, input.size());
    if (!there) return fail(Errc::damaged, "not a zip file, or cut short");
    found = *there;
    directory = TRY(input.at(found.start, found.size));
    rest = Cursor(directory);
    return {};
  }
  Result<std::string> unpack(std::uint64_t limit) {
    if (entry.place > input.size() - found.shift) return cut_short();
    const std::uint64_t place = entry.place + found.shift;
    const std::string_view header = TRY(input.at(place, kZipLocalSize));
    const std::uint64_t before = TRY(zip_local_size(header));
    const std::string_view packed = TRY(input.at(place + before, entry.packed));
    std::string bytes;
    if (entry.method == kDeflated) {
      bytes = TRY(inflated(packed, Wrapping::bare, limit, entry.unpacked));
    } else if (packed.size() <= limit) {
      bytes = packed;
    } else {
      return fail(Errc::limit, "unpacks to more than " + std::to_string(limit) + " bytes");
    }
    if (crc32_of(bytes) != entry.checksum) return fail(Errc::damaged, "wrong checksum");
    return bytes;
  }
};

Zip::Zip(std::unique_ptr<State> state) : state_(std::move(state)) {}
Zip::Zip(Zip&&) noexcept = default;
Zip& Zip::operator=(Zip&&) noexcept = default;
Zip::~Zip() = default;

Result<Zip> Zip::open(const std::string& path) {
  Fd opened = TRY(Fd::open(path, O_RDONLY));
  struct stat status = {};
  if (::fstat(opened.get(), &status) != 0) return fail_errno("open " + path);
  auto state =
      std::make_unique<State>(Input(std::move(opened), static_cast<std::uint64_t>(status.st_size)), path);
  TRY(within(path, state->find_directory()));
  return Zip(std::move(state));
}

Result<bool> Zip::next(ZipMember& member) {
  State& at = *state_;
  while (!at.rest.at_end()) {
    const std::optional<ZipEntry> entry = next_zip_entry(at.rest);
    if (!entry) {
      at.rest = Cursor({});
      return fail(Errc::damaged, at.path + ": its directory cannot be followed");
    }
    ++at.followed;
    if (entry->name.ends_with('/') && entry->unpacked == 0) continue;
    at.entry = *entry;
    member = {.name = std::string(entry->name), .size = entry->unpacked};
    return true;
  }
  const std::string gap = at.found.gap(std::exchange(at.followed, at.found.entries));
  if (!gap.empty()) return fail(Errc::damaged, at.path + ": " + gap);
  return false;
}

Result<std::string> Zip::read(std::uint64_t limit) {
  const ZipEntry& entry = state_->entry;
  const auto where = [&] { return state_->path + ": " + printable(entry.name); };
  if ((entry.flags & kEncrypted) != 0) return fail(Errc::unsupported, where() + ": encrypted");
  if (entry.method != kStored && entry.method != kDeflated)
    return fail(Errc::unsupported, where() + ": compression method " + std::to_string(entry.method));
  Result<std::string> bytes = state_->unpack(limit);
  return bytes ? std::move(bytes) : within(where(), std::move(bytes));
}

}  // namespace peekr

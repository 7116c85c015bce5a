// SPDX-License-Identifier: Apache-2.0
#include "lib/zip.h"

#include <fcntl.h>
#include <minizip/unzip.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "base/fd.h"
#include "base/text.h"
#include "lib/inflate.h"

namespace peekr {
namespace {

constexpr std::size_t kLongestName = 0xFFFF;  // the length field has 16 bits
constexpr std::size_t kWindow = 64 << 10;
constexpr unsigned kEncrypted = 1;  // general purpose flag
constexpr unsigned kStored = 0, kDeflated = 8;

std::string reason(int code) {
  switch (code) {
    case UNZ_ERRNO: return "cut short";
    case UNZ_BADZIPFILE: return "headers are damaged";
    default: return "does not unpack (" + std::to_string(code) + ")";
  }
}

// The file, as minizip reads it: a byte at a time, in turns from the directory at the end and from the members before it. Each
// has a window of its own, so that most bytes are had without a system call, and all of them without stdio's locks.
class Input {
 public:
  Input(Fd file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

  std::size_t read(char* to, std::size_t size) {
    std::size_t done = 0;
    while (done < size) {
      if (rest_.empty()) rest_ = window();
      if (rest_.empty()) break;
      const std::size_t some = rest_.copy(to + done, size - done);
      rest_.remove_prefix(some);
      done += some;
      position_ += some;
    }
    return done;
  }
  bool seek(std::uint64_t position) {
    if (position > size_) return false;
    position_ = position;
    rest_ = {};
    return true;
  }
  [[nodiscard]] std::uint64_t position() const { return position_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  struct Window {
    std::uint64_t from = 0;
    std::string bytes;
    [[nodiscard]] std::uint64_t end() const { return from + bytes.size(); }
    [[nodiscard]] bool has(std::uint64_t position) const { return position >= from && position < end(); }
  };

  // What there is in memory from the position on; nothing: it cannot be read. A window moves on where it ends; else the one
  // that was not read from last gives way.
  std::string_view window() {
    if (position_ == size_) return {};
    if (!windows_[last_].has(position_)) {
      if (position_ != windows_[last_].end()) last_ ^= 1u;
      if (!windows_[last_].has(position_)) load(windows_[last_]);
    }
    const Window& at = windows_[last_];
    return at.has(position_) ? std::string_view(at.bytes).substr(position_ - at.from) : std::string_view();
  }
  void load(Window& window) {
    window.from = position_;
    window.bytes.resize(std::min<std::uint64_t>(kWindow, size_ - position_));
    const ssize_t got =
        ::pread(file_.get(), window.bytes.data(), window.bytes.size(), static_cast<off_t>(position_));
    failed_ = failed_ || got <= 0;
    window.bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  }

  Fd file_;
  std::uint64_t size_, position_ = 0;
  std::array<Window, 2> windows_;
  std::size_t last_ = 0;   // the window that was read from last
  std::string_view rest_;  // of it, from the position on; empty: not looked for yet
  bool failed_ = false;
};

Input& input_of(void* stream) { return *static_cast<Input*>(stream); }

// minizip's door to an Input, which is the stream that it "opens".
zlib_filefunc64_def functions_of(Input& input) {
  zlib_filefunc64_def all{};
  all.opaque = &input;
  all.zopen64_file = [](void* opaque, const void* /*path*/, int /*mode*/) { return opaque; };
  all.zread_file = [](void*, void* stream, void* to, uLong size) -> uLong {
    return input_of(stream).read(static_cast<char*>(to), size);
  };
  all.ztell64_file = [](void*, void* stream) -> ZPOS64_T { return input_of(stream).position(); };
  all.zseek64_file = [](void*, void* stream, ZPOS64_T offset, int origin) -> long {
    Input& at = input_of(stream);
    const std::uint64_t from = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? at.position() : at.size();
    return at.seek(from + offset) ? 0 : -1;
  };
  all.zclose_file = [](void*, void*) { return 0; };
  all.zerror_file = [](void*, void* stream) { return input_of(stream).failed() ? 1 : 0; };
  return all;
}

}  // namespace

struct Zip::State {
  Input input;
  unzFile file = nullptr;
  std::string path;
  std::uint64_t members = 0, seen = 0;
  unz_file_info64 info{};
  std::string name;

  explicit State(Input opened) : input(std::move(opened)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (file != nullptr) unzClose(file);
  }

  // The bytes of the open member, as they are packed.
  Result<std::string> packed() {
    const std::uint64_t from = unzGetCurrentFileZStreamPos64(file), size = info.compressed_size;
    std::string bytes;
    if (from > input.size() || size > input.size() - from) return fail(Errc::damaged, reason(UNZ_ERRNO));
    bytes.resize(size);
    if (!input.seek(from) || input.read(bytes.data(), size) < size)
      return fail(Errc::damaged, reason(UNZ_ERRNO));
    return bytes;
  }
  Result<std::string> unpack(std::uint64_t limit) {
    std::string bytes = TRY(packed());
    if (info.compression_method == kDeflated) bytes = TRY(inflated(bytes, Wrapping::bare, limit));
    if (bytes.size() > limit)
      return fail(Errc::limit, "unpacks to more than " + std::to_string(limit) + " bytes");
    if (crc32_of(bytes) != info.crc) return fail(Errc::damaged, "wrong checksum");
    bytes.shrink_to_fit();
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
  auto state = std::make_unique<State>(Input(std::move(opened), static_cast<std::uint64_t>(status.st_size)));
  state->path = path;
  zlib_filefunc64_def functions = functions_of(state->input);
  state->file = unzOpen2_64(path.c_str(), &functions);
  if (state->file == nullptr) return fail(Errc::damaged, "open " + path + ": not a zip file");
  unz_global_info64 global{};
  if (unzGetGlobalInfo64(state->file, &global) != UNZ_OK)
    return fail(Errc::damaged, path + ": not a zip file");
  state->members = global.number_entry;
  return Zip(std::move(state));
}

Result<bool> Zip::next(ZipMember& member) {
  State& at = *state_;
  while (at.seen < at.members) {
    const int moved = at.seen == 0 ? unzGoToFirstFile(at.file) : unzGoToNextFile(at.file);
    ++at.seen;
    std::array<char, kLongestName + 1> name;
    const int known = moved != UNZ_OK ? moved
                                      : unzGetCurrentFileInfo64(at.file, &at.info, name.data(), name.size(),
                                                                nullptr, 0, nullptr, 0);
    if (known != UNZ_OK) {
      at.seen = at.members;
      const std::string why =
          known == UNZ_END_OF_LIST_OF_FILE ? "ends before its last member" : reason(known);
      return fail(Errc::damaged, at.path + ": directory: " + why);
    }
    at.name.assign(name.data(), std::min<std::size_t>(at.info.size_filename, kLongestName));
    if (at.name.ends_with('/')) continue;
    member = {.name = at.name, .size = at.info.uncompressed_size};
    return true;
  }
  return false;
}

Result<std::string> Zip::read(std::uint64_t limit) {
  State& at = *state_;
  const std::string where = at.path + ": " + printable(at.name);
  if ((at.info.flag & kEncrypted) != 0) return fail(Errc::unsupported, where + ": encrypted");
  if (at.info.compression_method != kStored && at.info.compression_method != kDeflated) {
    return fail(Errc::unsupported,
                where + ": compression method " + std::to_string(at.info.compression_method));
  }
  int method = 0, level = 0;
  constexpr int kRaw = 1;  // zlib's own state costs more than most members: ISA-L unpacks
  if (const int opened = unzOpenCurrentFile2(at.file, &method, &level, kRaw); opened != UNZ_OK) {
    return fail(Errc::damaged, where + ": " + reason(opened));
  }
  Result<std::string> bytes = at.unpack(limit);
  unzCloseCurrentFile(at.file);
  return within(where, std::move(bytes));
}

}  // namespace peekr

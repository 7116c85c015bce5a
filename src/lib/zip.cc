// SPDX-License-Identifier: Apache-2.0
#include "lib/zip.h"

#include <fcntl.h>
#include <minizip/unzip.h>

#include <algorithm>
#include <array>

#include "base/fd.h"
#include "base/text.h"
#include "lib/inflate.h"

namespace peekr {
namespace {

constexpr std::size_t kLongestName = 0xFFFF;  // the length field has 16 bits
constexpr std::size_t kBlock = 64 << 10;
constexpr unsigned kEncrypted = 1;  // general purpose flag
constexpr unsigned kStored = 0, kDeflated = 8;

std::string reason(int code) {
  switch (code) {
    case UNZ_ERRNO: return "cut short";
    case UNZ_BADZIPFILE: return "headers are damaged";
    default: return "does not unpack (" + std::to_string(code) + ")";
  }
}

}  // namespace

struct Zip::State {
  unzFile file = nullptr;
  std::string path;
  std::uint64_t members = 0, seen = 0;
  unz_file_info64 info{};
  std::string name;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (file != nullptr) unzClose(file);
  }

  // The bytes of the open member, as they are packed.
  Result<std::string> packed() const {
    std::string bytes;
    std::array<char, kBlock> block;
    for (;;) {
      const int got = unzReadCurrentFile(file, block.data(), static_cast<unsigned>(block.size()));
      if (got < 0) return fail(Errc::damaged, reason(got));
      if (got == 0) break;
      bytes.append(block.data(), static_cast<std::size_t>(got));
    }
    if (bytes.size() != info.compressed_size) return fail(Errc::damaged, reason(UNZ_ERRNO));
    return bytes;
  }
  Result<std::string> unpack(std::uint64_t limit) const {
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
  TRY(Fd::open(path, O_RDONLY));  // minizip does not say why it cannot open a file
  auto state = std::make_unique<State>();
  state->path = path;
  state->file = unzOpen64(path.c_str());
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
  const State& at = *state_;
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

// SPDX-License-Identifier: Apache-2.0
#include "source/archive_bytes.h"

#include <sys/stat.h>

#include <algorithm>

#include "base/timer.h"
#include "image/unpack.h"

namespace peekr {
namespace {

class PieceBytes : public ByteSource {
 public:
  PieceBytes(std::shared_ptr<const ArchiveBytes> bytes, std::uint64_t offset, std::uint64_t size)
      : bytes_(std::move(bytes)), offset_(offset), left_(size) {}

 private:
  Result<std::string_view> fill() override {
    const std::size_t piece = offset_ / ArchiveBytes::kPiece;
    if (left_ == 0 || piece >= bytes_->pieces.size()) return std::string_view();
    std::string_view part = std::string_view(bytes_->pieces[piece]).substr(offset_ % ArchiveBytes::kPiece);
    part = part.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, part.size())));
    advance(part.size());
    return part;
  }
  Result<std::uint64_t> jump(std::uint64_t count) override {
    count = std::min(count, left_);
    advance(count);
    return count;
  }
  void advance(std::uint64_t count) {
    offset_ += count;
    left_ -= count;
  }

  std::shared_ptr<const ArchiveBytes> bytes_;
  std::uint64_t offset_, left_;
};

// Before it is done: what stands before the part, and the part.
Status spend(const ArchiveBytes& bytes, std::uint64_t offset, std::uint64_t size) {
  const auto take = [&](std::uint64_t& left) -> Status {
    if (offset > left || size > left - offset)
      return fail(Errc::limit, "too large to be kept unpacked (limit archive_bytes is " +
                                   std::to_string(bytes.anew->archive_bytes) +
                                   "), and its layers, each unpacked anew, take more than " +
                                   std::to_string(bytes.anew->layer_bytes) +
                                   " bytes (limit layer_bytes): unpack the archive first, or keep it with "
                                   "--limit archive_bytes=N");
    left -= offset + size;
    return {};
  };
  return bytes.left->with(take);
}

// A part of what is unpacked anew. What is to be noted of the packed file was noted when it was read to its end.
class AnewBytes : public ByteSource {
 public:
  AnewBytes(std::shared_ptr<const ArchiveBytes> bytes, std::uint64_t offset, std::uint64_t size)
      : bytes_(std::move(bytes)), offset_(offset), left_(size) {}

 private:
  Result<std::string_view> fill() override {
    if (left_ == 0) return std::string_view();
    if (!all_) {
      TRY(spend(*bytes_, offset_, left_));
      all_ = TRY(unpack(file_bytes(bytes_->file, 0, bytes_->size), *bytes_->anew, notes_));
      TRY(all_->skip(offset_));
    }
    const std::string_view part = TRY(all_->next());
    if (part.empty())
      return fail(Errc::damaged, "the archive is cut short, or was changed while it was read");
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, part.size()));
    left_ -= count;
    return part.substr(0, count);
  }

  std::shared_ptr<const ArchiveBytes> bytes_;
  std::vector<Note> notes_;
  std::unique_ptr<ByteSource> all_;
  std::uint64_t offset_, left_;
};

void unpack_anew(std::shared_ptr<const Fd> file, std::uint64_t size, const Limits& limits,
                 ArchiveBytes& bytes) {
  bytes.file = std::move(file);
  bytes.size = size;
  bytes.pieces = {};
  bytes.anew = limits;
  bytes.left = std::make_shared<Guarded<std::uint64_t>>(limits.layer_bytes);
}

void append(std::string_view part, ArchiveBytes& bytes) {
  bytes.size += part.size();
  while (!part.empty()) {
    if (bytes.pieces.empty() || bytes.pieces.back().size() == ArchiveBytes::kPiece) {
      bytes.pieces.emplace_back().reserve(ArchiveBytes::kPiece);
    }
    std::string& last = bytes.pieces.back();
    const std::size_t fits = std::min(part.size(), ArchiveBytes::kPiece - last.size());
    last += part.substr(0, fits);
    part.remove_prefix(fits);
  }
}

}  // namespace

Result<std::uint64_t> file_size(const Fd& file) {
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return fail_errno("stat");
  return static_cast<std::uint64_t>(status.st_size);
}

std::unique_ptr<ByteSource> part_of(const std::shared_ptr<const ArchiveBytes>& bytes, std::uint64_t offset,
                                    std::uint64_t size) {
  if (bytes->anew) return std::make_unique<AnewBytes>(bytes, offset, size);
  if (bytes->file) return file_bytes(bytes->file, offset, size);
  return std::make_unique<PieceBytes>(bytes, offset, size);
}

std::shared_ptr<const ArchiveBytes> bytes_of(std::string_view text) {
  const auto bytes = std::make_shared<ArchiveBytes>();
  append(text, *bytes);
  return bytes;
}

Status unpack_whole(const std::shared_ptr<const Fd>& file, const Limits& limits, ArchiveBytes& bytes,
                    std::vector<Note>& notes) {
  const Timer timer("source/unpack archive");
  const std::uint64_t size = TRY(file_size(*file));
  const bool is_hopeless = size > limits.archive_bytes / 3;  // layers mostly unpack to three times as much
  if (is_hopeless) {
    unpack_anew(file, size, limits, bytes);
    return {};
  }
  std::vector<Note> said;
  const std::unique_ptr<ByteSource> unpacked = TRY(unpack(file_bytes(file, 0, size), limits, said));
  for (;;) {
    const std::string_view part = TRY(unpacked->next());
    if (part.empty()) break;
    if (part.size() > limits.archive_bytes - bytes.size) {
      unpack_anew(file, size, limits, bytes);
      return {};
    }
    append(part, bytes);
  }
  std::ranges::move(said, std::back_inserter(notes));
  return {};
}

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// The file: a head of text, whose lines have always the same lengths, and zstd frames of what dump() hands over.
//
//   peekr database 1
//   format 7
//   built 2026-11-25T00:00:00Z
//   bytes 00000000000012345678     of the frames
//   sha256 <64 hex digits>         of the frames
//   key <64 hex digits>            the public key; zeros: it is not signed
//   signature <128 hex digits>     by that key, of the lines above
//   <empty line>
#include "service/transfer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "base/date.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/text.h"
#include "base/timer.h"
#include "db/db.h"
#include "db/dump.h"
#include "db/record.h"
#include "image/unpack.h"
#include "lib/digest.h"
#include "lib/ed25519.h"
#include "lib/zstd.h"

namespace peekr {
namespace {

constexpr std::string_view kMagic = "peekr database 1";
constexpr std::size_t kHeadBytes = 512;  // more than a head has
constexpr std::uint64_t kKeyBytes = 64 << 10;
constexpr std::int64_t kAheadSeconds = 86'400;                  // that clocks of two machines may be apart
constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 30;  // unpacked

struct Head {
  std::string format, built;
  std::uint64_t bytes = 0;
  std::string sha256, key, signature;  // hex; key and signature may be all zeros
};

std::string padded(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(20 - digits.size(), '0') + digits;
}

std::string signed_part(const Head& head) {
  return std::string(kMagic) + "\nformat " + head.format + "\nbuilt " + head.built + "\nbytes " +
         padded(head.bytes) + "\nsha256 " + head.sha256 + "\nkey " + head.key + "\n";
}
std::string text_of(const Head& head) { return signed_part(head) + "signature " + head.signature + "\n\n"; }

bool is_signed(const Head& head) { return head.key.find_first_not_of('0') != std::string::npos; }

std::optional<std::string> unhex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const auto byte = to_number(text.substr(i, 2), 16);
    if (!byte) return std::nullopt;
    out += static_cast<char>(*byte);
  }
  return text.size() % 2 == 0 ? std::optional(out) : std::nullopt;
}

bool is_hex(std::string_view text, std::size_t size) {
  const auto digit = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  return text.size() == size && std::ranges::all_of(text, digit);
}

// A head is one only as text_of() writes it: what of it goes into messages is digits.
Result<Head> parse_head(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return fail(Errc::damaged, "not an export of a peekr database");
  Head head;
  std::string_view rest = bytes;
  next_line(rest);
  const auto value = [&](std::string_view name) {
    const auto [first, second] = cut(rest.empty() ? rest : next_line(rest), ' ');
    return first == name ? std::string(second) : std::string();
  };
  head.format = value("format");
  head.built = value("built");
  head.bytes = to_number(value("bytes")).value_or(0);
  head.sha256 = value("sha256");
  head.key = value("key");
  head.signature = value("signature");
  const bool whole = is_hex(head.sha256, 64) && is_hex(head.key, 64) && is_hex(head.signature, 128) &&
                     !head.built.empty() && end_of(head.built) == head.built;
  if (!whole || !bytes.starts_with(text_of(head))) return fail(Errc::damaged, "its head is damaged");
  return head;
}

Status write_at(const Fd& file, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail_errno("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

// Removed again unless it is kept.
struct PartialFile {
  std::string path;
  Fd fd = {};

  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  explicit PartialFile(const std::string& target) : path(target + ".part-" + std::to_string(::getpid())) {}
  ~PartialFile() {
    if (fd.valid()) ::unlink(path.c_str());
  }
  Status keep_as(const std::string& target) {
    if (::fsync(fd.get()) != 0 || std::rename(path.c_str(), target.c_str()) != 0)
      return fail_errno("write " + target);
    fd = Fd();
    return {};
  }
};

// The frames, behind the head; sets head.bytes and head.sha256.
Status write_frames(const Db& db, const Fd& file, std::size_t offset, Head& head) {
  Hasher hasher("sha256");
  const auto use = [&](std::string_view piece) -> Status {
    const std::string frame = TRY(zstd_packed(piece));
    hasher.update(frame);
    const Status written = write_at(file, frame, offset + head.bytes);
    head.bytes += frame.size();
    return written;
  };
  TRY(dump(db, use));
  head.sha256 = hasher.finish();
  return {};
}

// What import reads.
struct Opened {
  Head head;
  std::shared_ptr<const Fd> file;
  std::size_t offset = 0;  // of the frames

  // An error at their end, if they are not what the head says.
  [[nodiscard]] std::unique_ptr<ByteSource> frames() const {
    return verified_bytes(file_bytes(file, offset, head.bytes), {"sha256", head.sha256}, "its content");
  }
};

Result<Opened> open_export(const std::string& path) {
  Opened out;
  out.file = std::make_shared<const Fd>(TRY(Fd::open(path, O_RDONLY)));
  std::string front(kHeadBytes, '\0');
  const ssize_t got = ::pread(out.file->get(), front.data(), front.size(), 0);
  if (got < 0) return fail_errno("read");
  front.resize(static_cast<std::size_t>(got));
  out.head = TRY(parse_head(front));
  out.offset = text_of(out.head).size();
  struct stat status = {};
  if (::fstat(out.file->get(), &status) != 0) return fail_errno("read");
  const std::uint64_t want = out.offset + out.head.bytes, there = static_cast<std::uint64_t>(status.st_size);
  if (there != want) {
    return fail(Errc::damaged, (there < want ? "cut short: " : "bytes behind its end: ") +
                                   std::to_string(there) + " bytes where its head says " +
                                   std::to_string(want));
  }
  if (out.head.format != record::kFormat) {
    return fail(Errc::unsupported, "format " + printable(out.head.format) + ", this program reads " +
                                       std::string(record::kFormat) +
                                       ": export it with the same version of peekr");
  }
  return out;
}

Status check_signature(const Head& head, const ImportRequest& request) {
  if (request.trust == Trust::anything) return {};
  if (!is_signed(head))
    return fail(Errc::mismatch, "it is not signed: --insecure-unsigned takes it as it is");
  if (request.key_files.empty())
    return fail(Errc::usage,
                "it is signed by the key " + head.key +
                    ": --trust FILE names the public key that you trust, --insecure-unsigned asks "
                    "for no signature");
  for (const std::string& file : request.key_files) {
    const std::string pem = TRY(read_file(file, kKeyBytes));
    const std::string key = TRY(within(file, ed25519_public_key(pem)));
    if (hex(key) != head.key) continue;
    return check_ed25519(key, signed_part(head), unhex(head.signature).value_or(""));
  }
  return fail(Errc::mismatch,
              "it is signed by the key " + head.key + ", which is none of those that are trusted");
}

// An export that was replaced by a newer one may be sound and signed, and hide what has become known since.
// One of a time to come would stay the newest until then, and its history would be of no time that was.
Status check_age(const Head& head, const ImportRequest& request) {
  if (seconds_between(request.now, head.built).value_or(kAheadSeconds + 1) > kAheadSeconds)
    return fail(Errc::usage, "it is of " + head.built + ", and it is " + request.now + " now");
  if (request.lost == Lost::accept) return {};
  const Result<Db> old = Db::open(request.directory);
  if (!old) return {};
  const std::string built = TRY(old->info()).built;
  if (head.built >= built) return {};
  return fail(Errc::usage, "it is of " + head.built + ", older than the database of " + built +
                               ": --replace takes it all the same");
}

// Before anything of it is read.
Status verify_frames(const Opened& opened) {
  const Timer timer("service/verify_export");
  const std::unique_ptr<ByteSource> all = opened.frames();
  while (!TRY(all->next()).empty()) {
  }
  return {};
}

Status restore(const Opened& opened, DbWriter& writer) {
  Limits limits;
  limits.layer_bytes = kMostBytes;
  std::vector<Note> gaps;
  const std::unique_ptr<ByteSource> all = TRY(unpack(opened.frames(), limits, gaps));
  Restore into(writer);
  for (;;) {
    const std::string_view some = TRY(all->next());
    if (some.empty()) break;
    TRY(into.take(some));
  }
  if (!gaps.empty()) return fail(Errc::damaged, gaps.front().what);
  return into.finish();
}

Status exported(const ExportRequest& request, const Db& db, std::uint64_t& size) {
  std::string pem;
  if (!request.key_file.empty()) pem = TRY(read_file(request.key_file, kKeyBytes));
  const std::string zeros(128, '0');
  Head head{.format = std::string(record::kFormat), .built = TRY(db.info()).built};
  head.sha256 = head.key = zeros.substr(0, 64);
  head.signature = zeros;
  if (!pem.empty()) head.key = hex(TRY(within(request.key_file, ed25519_public_key(pem))));
  PartialFile part(request.file);
  part.fd = TRY(Fd::open(part.path, O_RDWR | O_CREAT | O_EXCL));
  const std::size_t offset = text_of(head).size();
  TRY(write_frames(db, part.fd, offset, head));
  if (!pem.empty())
    head.signature = hex(TRY(within(request.key_file, ed25519_signature(pem, signed_part(head)))));
  TRY(write_at(part.fd, text_of(head), 0));
  size = offset + head.bytes;
  return part.keep_as(request.file);
}

}  // namespace

Result<std::uint64_t> export_db(const ExportRequest& request) {
  const Timer timer("service/export_db");
  const Db db = TRY(Db::open(request.directory));
  std::uint64_t size = 0;
  TRY(within("export " + request.file, exported(request, db, size)));
  return size;
}

Result<DbInfo> import_db(const ImportRequest& request, std::vector<Note>& notes) {
  const Timer timer("service/import_db");
  const std::string what = "import " + request.file;
  const Opened opened = TRY(within(what, open_export(request.file)));
  TRY(within(what, check_signature(opened.head, request)));
  TRY(within(what, verify_frames(opened)));
  TRY(within(what, check_age(opened.head, request)));
  DbWriter writer =
      TRY(in_turn(request.turn, [&] { return DbWriter::fresh(request.directory, opened.head.built); }));
  TRY(within(what, check_age(opened.head, request)));  // again: another process may have written
  TRY(within(what, restore(opened, writer)));
  TRY(take_over(request.directory, request.lost, writer, notes));
  TRY(writer.commit());
  const Db db = TRY(Db::open(request.directory));
  return db.info();
}

}  // namespace peekr

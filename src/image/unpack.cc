// SPDX-License-Identifier: Apache-2.0
#include "image/unpack.h"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "base/cursor.h"
#include "lib/inflate.h"

namespace peekr {
namespace {

constexpr std::size_t kOutput = 262144;
// A layer may hold a swap file or a database's, all of zeros, which no ratio tells from a bomb: what of ratio_from unpacks in a second or
// two is so many times fine there.
constexpr std::uint64_t kLayerTimes = 16;

// A source whose first bytes somebody has already looked at.
class Peeked : public ByteSource {
 public:
  Peeked(std::unique_ptr<ByteSource> source, std::string head)
      : source_(std::move(source)), head_(std::move(head)), view_(head_) {}

 private:
  Result<std::string_view> fill() override {
    if (!view_.empty()) return std::exchange(view_, {});
    return source_->next();
  }
  Result<std::uint64_t> jump(std::uint64_t count) override {
    if (!view_.empty()) return 0;
    // The source seeks where it can and reads what it cannot seek over. At its end the next fill() gives
    // nothing.
    TRY(source_->skip(count));
    return count;
  }

  std::unique_ptr<ByteSource> source_;
  std::string head_;
  std::string_view view_;
};

// The length of a gzip header at the front of `bytes`: nothing when more bytes are needed.
// ID1 ID2 CM FLG MTIME(4) XFL OS, then by FLG: FEXTRA(4) length-prefixed, FNAME(8) and FCOMMENT(16)
// NUL-ended, FHCRC(2).
Result<std::optional<std::size_t>> gzip_header(std::string_view bytes) {
  Cursor in(bytes);
  const std::string_view magic = in.take(2);
  const auto method = in.le<std::uint8_t>();
  const auto flags = in.le<std::uint8_t>();
  in.skip(6);
  if (!in.ok()) return std::optional<std::size_t>();
  if (magic != "\x1f\x8b" || method != 8) return fail(Errc::damaged, "gzip: not a gzip header");
  if ((flags & 0xE0u) != 0) return fail(Errc::damaged, "gzip: reserved flag bits are set");
  if ((flags & 4u) != 0) in.skip(in.le<std::uint16_t>());
  if ((flags & 8u) != 0) in.until('\0');
  if ((flags & 16u) != 0) in.until('\0');
  const std::size_t end = in.position();
  const std::uint32_t crc = (flags & 2u) != 0 ? in.le<std::uint16_t>() : 0;
  if (!in.ok()) return std::optional<std::size_t>();
  if ((flags & 2u) != 0 && crc != (crc32_of(bytes.substr(0, end)) & 0xFFFFu))
    return fail(Errc::damaged, "gzip: the header has a wrong checksum");
  return std::optional(in.position());
}

// What both formats share: the packed window, the output buffer, the limits, what is behind the end.
class Unpacked : public ByteSource {
 public:
  Unpacked(std::unique_ptr<ByteSource> packed, const Limits& limits, std::vector<Note>& notes)
      : packed_(std::move(packed)), limits_(limits), ratio_from_(limits.ratio_from), notes_(notes) {}

  // From now on what it gives lasts until it is asked for so many more.
  void keep(std::size_t chunks) { outputs_.resize(chunks); }
  // The ratio is asked only of so many times as much.
  void be_patient(std::uint64_t times) {
    ratio_from_ = ratio_from_ > ~std::uint64_t{0} / times ? ~std::uint64_t{0} : ratio_from_ * times;
  }

 protected:
  // More packed bytes into window_ if it is empty; false at the end of the blob.
  Result<bool> refill() {
    if (!window_.empty()) return true;
    window_ = TRY(packed_->next());
    in_ += window_.size();
    return !window_.empty();
  }
  void consume(std::size_t size) { window_.remove_prefix(size); }

  // Where to unpack to.
  std::span<char> output() {
    std::vector<char>& next = outputs_[turn_];
    if (next.empty()) next.resize(kOutput);
    return next;
  }

  // What was unpacked there.
  Result<std::string_view> give(std::size_t size) {
    out_ += size;
    if (out_ > limits_.layer_bytes) {
      return fail(Errc::limit, "unpacks to more than " + std::to_string(limits_.layer_bytes) +
                                   " bytes (limit layer_bytes)");
    }
    if (out_ > ratio_from_ && out_ / std::max<std::uint64_t>(limits_.ratio, 1) > in_) {
      return fail(Errc::limit, "unpacks to more than " + std::to_string(limits_.ratio) +
                                   " times its size (limit ratio: --limit ratio=N allows more)");
    }
    const std::string_view bytes(outputs_[turn_].data(), size);
    turn_ = (turn_ + 1) % outputs_.size();
    return bytes;
  }

  // Nothing more to unpack. What is left in the blob is read, so that its digest can be verified, and
  // reported unless it is zero padding.
  Status drain(std::string_view what) {
    bool zeros = true;
    while (TRY(refill())) {
      zeros = zeros && std::ranges::all_of(window_, [](char c) { return c == 0; });
      window_ = {};
    }
    if (!zeros) notes_.push_back({Path(), Why::suspicious, "data behind the " + std::string(what)});
    ended_ = true;
    return {};
  }

  std::unique_ptr<ByteSource> packed_;
  const Limits& limits_;
  std::uint64_t ratio_from_;
  std::vector<Note>& notes_;
  std::vector<std::vector<char>> outputs_ = std::vector<std::vector<char>>(1);
  std::size_t turn_ = 0;  // which of them is the next one
  std::string_view window_;
  std::uint64_t in_ = 0, out_ = 0;
  bool ended_ = false;
};

class Gunzipped : public Unpacked {
 public:
  using Unpacked::Unpacked;

 private:
  Result<std::string_view> fill() override {
    while (!ended_) {
      if (!in_member_ && !TRY(start_member())) continue;
      if (!TRY(refill())) return fail(Errc::damaged, "gzip: cut short");
      const InflateStep step = TRY(body_.step(window_, output()));
      consume(step.consumed);
      in_member_ = !step.done;
      if (step.produced > 0) return give(step.produced);
    }
    return std::string_view();
  }

  // Reads the next header; false when there is no further member.
  Result<bool> start_member() {
    std::string header;  // only where it is split over two windows
    for (;;) {
      if (!TRY(refill())) {
        if (!first_ && header.empty()) {
          ended_ = true;
          return false;
        }
        return fail(Errc::damaged, "gzip: header cut short");
      }
      if (!first_ && header.empty() && window_.front() != '\x1f') {
        TRY(drain("last gzip member"));
        return false;
      }
      const std::size_t before = header.size();
      const bool split = before > 0;
      if (split) header += window_;
      const std::optional<std::size_t> length = TRY(gzip_header(split ? std::string_view(header) : window_));
      if (length) {
        consume(*length - before);
        body_.start();
        first_ = false;
        return in_member_ = true;
      }
      if (!split) header = window_;
      if (header.size() > limits_.header_bytes) {
        return fail(Errc::limit, "gzip: a header of more than " + std::to_string(limits_.header_bytes) +
                                     " bytes (limit header_bytes)");
      }
      consume(window_.size());
    }
  }

  GzipBody body_;
  bool first_ = true, in_member_ = false;
};

struct Framing {
  std::string_view format;        // "zstd"
  std::string_view frame;         // what the format calls one: "frame"
  bool (*starts)(unsigned char);  // whether a frame may start with that byte
};

// Frames (streams) one after the other, each with its own checksum, by a codec of lib/inflate.
template <class Codec>
class Framed : public Unpacked {
 public:
  Framed(std::unique_ptr<ByteSource> packed, const Limits& limits, std::vector<Note>& notes, Codec codec,
         const Framing& framing)
      : Unpacked(std::move(packed), limits, notes), codec_(std::move(codec)), framing_(framing) {}

 private:
  Result<std::string_view> fill() override {
    while (!ended_) {
      if (!more_output_ && !TRY(refill())) {
        if (!between_) return fail(Errc::damaged, std::string(framing_.format) + ": cut short");
        return std::string_view();
      }
      if (between_ && !framing_.starts(static_cast<unsigned char>(window_.front()))) {
        TRY(drain("last " + std::string(framing_.format) + " " + std::string(framing_.frame)));
        continue;
      }
      const InflateStep step = TRY(codec_.step(window_, output()));
      consume(step.consumed);
      between_ = step.done;
      more_output_ = !step.done && step.produced == kOutput;
      if (step.produced > 0) return give(step.produced);
    }
    return std::string_view();
  }

  Codec codec_;
  const Framing& framing_;
  bool between_ = true;       // no frame is open
  bool more_output_ = false;  // the codec holds output that did not fit
};

// First byte of 0xFD2FB528 and of the skippable 0x184D2A50-5F, little endian.
constexpr Framing kZstd = {"zstd", "frame",
                           [](unsigned char byte) { return byte == 0x28 || (byte & 0xF0u) == 0x50; }};
constexpr Framing kBzip2 = {"bzip2", "stream", [](unsigned char byte) { return byte == 'B'; }};
constexpr Framing kXz = {"xz", "stream", [](unsigned char byte) { return byte == 0xFD; }};

bool is_gzip(std::string_view head) { return head.starts_with("\x1f\x8b"); }

bool is_zstd(std::string_view head) {
  const auto magic = Cursor(head).le<std::uint32_t>();
  return magic == 0xFD2FB528u || (magic & 0xFFFFFFF0u) == 0x184D2A50u;
}

constexpr std::string_view kXzMagic =
                               "\xFD"
                               "7zXZ",
                           kBzip2Magic = "BZh";

// The source again, its first bytes in `head`.
Result<std::unique_ptr<ByteSource>> peeked(std::unique_ptr<ByteSource> packed, std::string& head) {
  while (head.size() < 5) {
    const std::string_view bytes = TRY(packed->next());
    if (bytes.empty()) break;
    head += bytes;
  }
  return std::make_unique<Peeked>(std::move(packed), head);
}

// What is gzip or zstd by its first bytes, `head`.
std::unique_ptr<Unpacked> unpacked(std::unique_ptr<ByteSource> whole, std::string_view head,
                                   const Limits& limits, std::vector<Note>& notes) {
  if (is_gzip(head)) return std::make_unique<Gunzipped>(std::move(whole), limits, notes);
  return std::make_unique<Framed<ZstdFrames>>(std::move(whole), limits, notes, ZstdFrames(limits.window_log),
                                              kZstd);
}

}  // namespace

bool is_packed(std::string_view head) { return is_gzip(head) || is_zstd(head); }

Result<std::unique_ptr<ByteSource>> unpack(std::unique_ptr<ByteSource> packed, const Limits& limits,
                                           std::vector<Note>& notes, Inflate inflate) {
  std::string head;
  std::unique_ptr<ByteSource> whole = TRY(peeked(std::move(packed), head));
  for (const auto& [magic, name] : {std::pair(kXzMagic, "xz"), std::pair(kBzip2Magic, "bzip2")}) {
    if (!head.starts_with(magic)) continue;
    return fail(Errc::unsupported, "compressed with " + std::string(name) + ", which is no layer format");
  }
  if (!is_packed(head)) return whole;
  std::unique_ptr<Unpacked> plain = unpacked(std::move(whole), head, limits, notes);
  plain->be_patient(kLayerTimes);
  if (inflate == Inflate::asked) return plain;
  plain->keep(kChunksAhead);
  return ahead_bytes(std::move(plain));
}

Result<std::unique_ptr<ByteSource>> unpack_document(std::unique_ptr<ByteSource> packed, const Limits& limits,
                                                    std::vector<Note>& notes) {
  std::string head;
  std::unique_ptr<ByteSource> whole = TRY(peeked(std::move(packed), head));
  if (head.starts_with(kBzip2Magic)) {
    return std::make_unique<Framed<Bzip2Streams>>(std::move(whole), limits, notes, Bzip2Streams(), kBzip2);
  }
  if (head.starts_with(kXzMagic)) {
    return std::make_unique<Framed<XzStreams>>(std::move(whole), limits, notes, XzStreams(limits.window_log),
                                               kXz);
  }
  if (!is_packed(head)) return whole;
  return unpacked(std::move(whole), head, limits, notes);
}

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "lib/inflate.h"

#include <bzlib.h>
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <libdeflate.h>
#include <lzma.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/memory.h"

namespace peekr {
namespace {

constexpr std::size_t kLeastBlock = 512, kPlausible = 64;  // times as many bytes as were packed

std::uint32_t clamp(std::size_t size) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(size < kMost ? size : kMost);
}

std::string_view isal_reason(int code) {
  switch (code) {
    case ISAL_INVALID_BLOCK: return "invalid block type";
    case ISAL_INVALID_SYMBOL: return "invalid symbol";
    case ISAL_INVALID_LOOKBACK: return "a distance points before the start";
    case ISAL_INCORRECT_CHECKSUM: return "wrong checksum or length";
    default: return "not a DEFLATE stream";
  }
}

}  // namespace

struct GzipBody::State {
  inflate_state isal;
};

GzipBody::GzipBody() : state_(std::make_unique<State>()) {}
GzipBody::GzipBody(GzipBody&&) noexcept = default;
GzipBody::~GzipBody() = default;

void GzipBody::start() {
  isal_inflate_init(&state_->isal);
  state_->isal.crc_flag = ISAL_GZIP_NO_HDR_VER;
}

Result<InflateStep> GzipBody::step(std::string_view in, std::span<char> out) {
  inflate_state& isal = state_->isal;
  isal.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(in.data()));
  isal.avail_in = clamp(in.size());
  isal.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  isal.avail_out = clamp(out.size());
  const std::uint32_t in_before = isal.avail_in;
  const std::uint32_t out_before = isal.avail_out;
  const int code = isal_inflate(&isal);
  if (code != ISAL_DECOMP_OK && code != ISAL_END_INPUT && code != ISAL_OUT_OVERFLOW) {
    return fail(Errc::damaged, "gzip: " + std::string(isal_reason(code)));
  }
  return InflateStep{in_before - isal.avail_in, out_before - isal.avail_out,
                     isal.block_state == ISAL_BLOCK_FINISH};
}

Result<std::string> inflated(std::string_view packed, Wrapping wrapping, std::uint64_t limit,
                             std::uint64_t likely) {
  // Nothing of one stream is left in it for the next; members come in thousands, and it is cleared when it is made.
  thread_local const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> inflater(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (inflater == nullptr) out_of_memory();
  auto* const step =
      wrapping == Wrapping::zlib ? libdeflate_zlib_decompress_ex : libdeflate_deflate_decompress_ex;
  // What was claimed is believed as far as the packed bytes bear it out; where there is no room it begins anew with more.
  std::uint64_t room =
      likely != 0 && likely <= kPlausible * packed.size() ? likely : std::max(4 * packed.size(), kLeastBlock);
  for (;; room *= 4) {
    room = std::min(room, limit);
    std::size_t consumed = 0, produced = 0;
    libdeflate_result result = LIBDEFLATE_BAD_DATA;
    std::string bytes;
    bytes.resize_and_overwrite(room, [&](char* to, std::size_t size) {
      result = step(inflater.get(), packed.data(), packed.size(), to, size, &consumed, &produced);
      return result == LIBDEFLATE_SUCCESS ? produced : 0;
    });
    if (result == LIBDEFLATE_SUCCESS) return bytes;
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE)
      return fail(Errc::damaged, "does not inflate: damaged, or cut short");
    if (room == limit) return fail(Errc::limit, "unpacks to more than " + std::to_string(limit) + " bytes");
  }
}

std::uint32_t crc32_of(std::string_view bytes) {
  return ::crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

struct ZstdFrames::State {
  struct Free {
    void operator()(ZSTD_DCtx* made) const { ZSTD_freeDCtx(made); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context{ZSTD_createDCtx()};
  unsigned window_log = 0;
};

namespace {

// Where there is a bound, that is what it says; else it is this stream's affair: its header may ask for much.
std::unexpected<Error> no_memory(std::string_view format) {
  if (memory_is_bound()) out_of_memory();
  return fail(Errc::limit, std::string(format) + ": there is no memory for what it asks for");
}

}  // namespace

ZstdFrames::ZstdFrames(unsigned window_log) : state_(std::make_unique<State>()) {
  if (state_->context == nullptr) out_of_memory();
  state_->window_log = window_log;
  ZSTD_DCtx_setParameter(state_->context.get(), ZSTD_d_windowLogMax, static_cast<int>(window_log));
}
ZstdFrames::ZstdFrames(ZstdFrames&&) noexcept = default;
ZstdFrames::~ZstdFrames() = default;

Result<InflateStep> ZstdFrames::step(std::string_view in, std::span<char> out) {
  ZSTD_inBuffer input{in.data(), in.size(), 0};
  ZSTD_outBuffer output{out.data(), out.size(), 0};
  const std::size_t left = ZSTD_decompressStream(state_->context.get(), &output, &input);
  if (ZSTD_isError(left) != 0) {
    if (ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge) {
      return fail(Errc::limit, "zstd: window larger than 2^" + std::to_string(state_->window_log) +
                                   " bytes (limit window_log)");
    }
    if (ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation) return no_memory("zstd");
    return fail(Errc::damaged, std::string("zstd: ") + ZSTD_getErrorName(left));
  }
  return InflateStep{input.pos, output.pos, left == 0};
}

struct Bzip2Streams::State {
  ~State() { end(); }
  void end() {
    if (open) BZ2_bzDecompressEnd(&bz);
    open = false;
  }
  bz_stream bz = {};
  bool open = false;
};

Bzip2Streams::Bzip2Streams() : state_(std::make_unique<State>()) {}
Bzip2Streams::Bzip2Streams(Bzip2Streams&&) noexcept = default;
Bzip2Streams::~Bzip2Streams() = default;

Result<InflateStep> Bzip2Streams::step(std::string_view in, std::span<char> out) {
  bz_stream& bz = state_->bz;
  if (!state_->open) {
    bz = {};
    if (BZ2_bzDecompressInit(&bz, 0, 0) != BZ_OK) return no_memory("bzip2");
    state_->open = true;
  }
  bz.next_in = const_cast<char*>(in.data());
  bz.avail_in = clamp(in.size());
  bz.next_out = out.data();
  bz.avail_out = clamp(out.size());
  const unsigned in_before = bz.avail_in, out_before = bz.avail_out;
  const int code = BZ2_bzDecompress(&bz);
  if (code == BZ_MEM_ERROR) return no_memory("bzip2");
  if (code != BZ_OK && code != BZ_STREAM_END) return fail(Errc::damaged, "bzip2: not a bzip2 stream");
  const InflateStep step{in_before - bz.avail_in, out_before - bz.avail_out, code == BZ_STREAM_END};
  if (step.done) state_->end();
  return step;
}

struct XzStreams::State {
  ~State() { lzma_end(&lzma); }
  lzma_stream lzma = LZMA_STREAM_INIT;
  unsigned window_log = 0;
  bool open = false;
};

XzStreams::XzStreams(unsigned window_log) : state_(std::make_unique<State>()) {
  state_->window_log = window_log;
}
XzStreams::XzStreams(XzStreams&&) noexcept = default;
XzStreams::~XzStreams() = default;

Result<InflateStep> XzStreams::step(std::string_view in, std::span<char> out) {
  lzma_stream& lzma = state_->lzma;
  if (!state_->open) {
    constexpr std::uint64_t kBeside = 1 << 20;  // what the decoder needs beside the dictionary
    const std::uint64_t limit = (std::uint64_t{1} << state_->window_log) + kBeside;
    if (lzma_stream_decoder(&lzma, limit, 0) != LZMA_OK) return no_memory("xz");
    state_->open = true;
  }
  lzma.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
  lzma.avail_in = in.size();
  lzma.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  lzma.avail_out = out.size();
  const lzma_ret code = lzma_code(&lzma, LZMA_RUN);
  if (code == LZMA_MEM_ERROR) return no_memory("xz");
  if (code == LZMA_MEMLIMIT_ERROR) {
    return fail(Errc::limit, "xz: dictionary larger than 2^" + std::to_string(state_->window_log) +
                                 " bytes (limit window_log)");
  }
  if (code != LZMA_OK && code != LZMA_STREAM_END && code != LZMA_BUF_ERROR) {
    return fail(Errc::damaged, code == LZMA_FORMAT_ERROR ? "xz: not an xz stream" : "xz: damaged");
  }
  const InflateStep step{in.size() - lzma.avail_in, out.size() - lzma.avail_out, code == LZMA_STREAM_END};
  if (step.done) state_->open = false;
  return step;
}

}  // namespace peekr

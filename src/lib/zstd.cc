// SPDX-License-Identifier: Apache-2.0
#include "lib/zstd.h"

#include <zstd.h>

#include <algorithm>
#include <memory>

#include "lib/inflate.h"

namespace peekr {
namespace {

constexpr int kLevel = 3;
constexpr unsigned kWindowLog = 27;
constexpr std::size_t kFirstBytes = 64 << 10;

}  // namespace

Result<std::string> zstd_packed(std::string_view bytes) {
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress2(context.get(), out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0) return fail(Errc::internal, std::string("zstd: ") + ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

Result<std::string> zstd_unpacked(std::string_view packed, std::uint64_t limit) {
  ZstdFrames frames(kWindowLog);
  std::string out;
  std::size_t filled = 0;
  bool done = packed.empty();
  while (!packed.empty() || !done) {
    if (filled > limit)
      return fail(Errc::limit, "zstd: unpacks to more than " + std::to_string(limit) + " bytes");
    if (filled == out.size()) out.resize(std::max(kFirstBytes, out.size() * 2));
    const InflateStep step = TRY(frames.step(packed, std::span(out).subspan(filled)));
    if (step.consumed == 0 && step.produced == 0) return fail(Errc::damaged, "zstd: cut short");
    packed.remove_prefix(step.consumed);
    filled += step.produced;
    done = step.done;
  }
  out.resize(filled);
  if (filled > limit)
    return fail(Errc::limit, "zstd: unpacks to more than " + std::to_string(limit) + " bytes");
  return out;
}

}  // namespace peekr

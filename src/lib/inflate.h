// SPDX-License-Identifier: Apache-2.0
// Decompressors. Streams: DEFLATE with gzip's trailer by ISA-L (2.5 times as fast as zlib), zstd by libzstd, bzip2 by libbz2, xz by
// liblzma. What lies in memory whole: DEFLATE by libdeflate, which takes three quarters of ISA-L's time for members of 1 KB. The only
// door to these libraries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace peekr {

// What one step did. `done`: the member or frame has ended, its checksum was right.
struct InflateStep {
  std::size_t consumed = 0, produced = 0;
  bool done = false;
};

// One gzip member after the other, without their headers (RFC 1952): the caller parses those, because ISA-L 2.30 rejects a
// header with FHCRC that is split over two buffers and accepts reserved flag bits.
class GzipBody {
 public:
  GzipBody();
  GzipBody(GzipBody&&) noexcept;
  ~GzipBody();
  void start();  // before each member
  Result<InflateStep> step(std::string_view in, std::span<char> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A whole DEFLATE stream in memory, bare (RFC 1951) or as zlib wraps it (RFC 1950, checksum verified). Errc::limit over
// `limit` unpacked bytes. Bytes behind its end are left alone. likely: what somebody claims that it unpacks to; 0: nobody does.
enum class Wrapping { bare, zlib };
[[nodiscard]] Result<std::string> inflated(std::string_view packed, Wrapping wrapping, std::uint64_t limit,
                                           std::uint64_t likely = 0);

// The CRC-32 of gzip and zip.
[[nodiscard]] std::uint32_t crc32_of(std::string_view bytes);

// zstd frames (RFC 8878), skippable frames included. A window over 2^window_log bytes is Errc::limit.
class ZstdFrames {
 public:
  explicit ZstdFrames(unsigned window_log);
  ZstdFrames(ZstdFrames&&) noexcept;
  ~ZstdFrames();
  Result<InflateStep> step(std::string_view in, std::span<char> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// bzip2 streams one after the other (sourceware.org/bzip2).
class Bzip2Streams {
 public:
  Bzip2Streams();
  Bzip2Streams(Bzip2Streams&&) noexcept;
  ~Bzip2Streams();
  Result<InflateStep> step(std::string_view in, std::span<char> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// xz streams one after the other (tukaani.org/xz/xz-file-format.txt). A dictionary over 2^window_log bytes is Errc::limit.
class XzStreams {
 public:
  explicit XzStreams(unsigned window_log);
  XzStreams(XzStreams&&) noexcept;
  ~XzStreams();
  Result<InflateStep> step(std::string_view in, std::span<char> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// ByteSource: the bytes of one blob, front to back, from wherever it lives. What `source/` makes and the
// layer reader eats.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/fd.h"
#include "base/result.h"
#include "model/digest.h"

namespace peekr {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // The next bytes, valid until the next call; empty at the end. After an error every call gives that error.
  Result<std::string_view> next();
  // Leave out the `count` bytes that would come next (fewer at the end of the source).
  Status skip(std::uint64_t count);

 protected:
  // next() for the implementer.
  virtual Result<std::string_view> fill() = 0;
  // A source that can seek leaves out up to `count` bytes without reading them and says how many.
  virtual Result<std::uint64_t> jump(std::uint64_t /*count*/) { return 0; }

 private:
  Result<std::string_view> fetch();

  std::string_view rest_;  // handed out by fill() and left by skip()
  std::optional<Error> trouble_;
};

// A part of an open file: pread into one reused buffer. `file` is shared: several layers lie in one archive.
std::unique_ptr<ByteSource> file_bytes(std::shared_ptr<const Fd> file, std::uint64_t offset,
                                       std::uint64_t size);
// Bytes in memory; the view must outlive the source.
std::unique_ptr<ByteSource> memory_bytes(std::string_view bytes);
// The same bytes; more than `most` of them are an Errc::limit that names it.
std::unique_ptr<ByteSource> limited_bytes(std::unique_ptr<ByteSource> source, std::uint64_t most,
                                          std::string limit);
// The same bytes, hashed on the way in a thread of its own. At the end `done` is told their digest; its error is the source's.
std::unique_ptr<ByteSource> hashed_bytes(std::unique_ptr<ByteSource> source, std::string algorithm,
                                         std::function<Status(const Digest&)> done);
// The same bytes, of which a thread of its own fetches the next ones meanwhile: so many chunks at most, the reader's own
// included. Nothing is copied: what the source gives must last until it is asked for as many more.
inline constexpr std::size_t kChunksAhead = 8;
std::unique_ptr<ByteSource> ahead_bytes(std::unique_ptr<ByteSource> source);
// Errc::mismatch, naming `what` and both digests, where these bytes do not have that one.
Status check_digest(const std::string& what, const Digest& digest, std::string_view bytes);
// Bytes that do not have that digest are an Errc::mismatch at their end, naming `what` and both digests. Only a source read to
// its end is verified.
std::unique_ptr<ByteSource> verified_bytes(std::unique_ptr<ByteSource> source, Digest digest,
                                           std::string what);

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// Zip: reads the members of a zip file one by one (APPNOTE.TXT; stored and deflated members, zip64), out of the file: memory holds
// its directory and one member. No length of the file is believed before the bytes are there, so a bomb costs at most the caller's
// limit. One that lies in memory: catalog/zip_view.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace peekr {

struct ZipMember {
  std::string name;        // as written: it may climb out, never use it as a path
  std::uint64_t size = 0;  // unpacked, as the directory claims
};

class Zip {
 public:
  // Errc::damaged when it is no zip file.
  static Result<Zip> open(const std::string& path);
  Zip(Zip&&) noexcept;
  Zip& operator=(Zip&&) noexcept;
  ~Zip();

  // The next member that is no folder; false at the end. After an error the directory cannot be followed any
  // further.
  Result<bool> next(ZipMember& member);
  // The bytes of that member, checksum verified. Errc::limit over `limit` bytes, unsupported when it is
  // encrypted or packed otherwise, damaged when it does not unpack; then next() may go on.
  Result<std::string> read(std::uint64_t limit);

 private:
  struct State;
  explicit Zip(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// Unpacking of a blob by its first bytes, never by its name: gzip (RFC 1952, many members), zstd (RFC 8878,
// many frames, skippable ones), or neither: then the bytes as they are.
#pragma once

#include <memory>
#include <vector>

#include "image/bytes.h"
#include "model/limits.h"
#include "model/note.h"

namespace peekr {

// ahead: in a thread of its own, which makes the next bytes while those at hand are looked at.
enum class Inflate { asked, ahead };

// Whether a blob that begins so is gzip or zstd.
[[nodiscard]] bool is_packed(std::string_view head);

// The unpacked bytes of a layer, within limits.layer_bytes and, behind 16 times limits.ratio_from, limits.ratio. Data behind the last member or frame is a Note
// (suspicious) and is not unpacked, but the packed source is read to its end. `notes` must outlive the
// source, and be left alone that long where it unpacks ahead.
Result<std::unique_ptr<ByteSource>> unpack(std::unique_ptr<ByteSource> packed, const Limits& limits,
                                           std::vector<Note>& notes, Inflate inflate = Inflate::asked);
// The same for what is no layer: bzip2 and xz, too, and the ratio is asked from limits.ratio_from on.
Result<std::unique_ptr<ByteSource>> unpack_document(std::unique_ptr<ByteSource> packed, const Limits& limits,
                                                    std::vector<Note>& notes);

}  // namespace peekr

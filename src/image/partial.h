// SPDX-License-Identifier: Apache-2.0
// A layer read through its table of contents: only the files travel that somebody wants by their path. Each is verified by the
// digest that the table has of it, and the table by that of the manifest.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "image/layer.h"

namespace peekr {

// What was found so. Nothing: it is to be read whole, because nobody asks for less, or because
// it cannot be done, or some bytes are not those that a digest is of: then Image::whole_because says why. The error names the layer.
Result<std::optional<Listing>> read_partial(const LayerJob& job, std::uint32_t index);

// By which a layer was read; null: it was read whole, or not yet.
[[nodiscard]] std::shared_ptr<const Toc> toc_in_use(const Image& image, std::uint32_t layer);

// What was not looked at in all of them.
[[nodiscard]] std::optional<Note> note_of_parts(const Image& image, const Reader& reader);

// Whether reading the whole layer gets round that: of wrong bytes the digest of all of it shows whose they are.
[[nodiscard]] bool may_fall_back(Errc code);

// The second reading of a layer that was read so: contents by their Item::place.
Status read_partial_files(const Image& image, std::uint32_t layer, const std::vector<Content>& contents,
                          const Limits& limits, const UseContent& use);

// The same from its unpacked tar: by their paths, because places are those of the table.
Status read_by_name(ByteSource& plain, const Toc& toc, const std::vector<Content>& contents,
                    const Limits& limits, const UseContent& use);

// The JSON of the table, `packed` as it lies in the blob. Errc::mismatch: it has another digest.
Result<std::string> unpacked_toc(const TocPlace& place, std::string_view packed, const Limits& limits);

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// What the JSON of Syft and of Grype have in common: a package, the image, the distribution, who wrote it. Their words: model/anchore.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/anchore.h"
#include "model/report.h"
#include "report/json_writer.h"

namespace peekr::anchore {

// For each package one of its own; the same in all documents on the same image.
[[nodiscard]] std::vector<std::string> ids_of(const Inventory& inventory);

void write_place(JsonWriter& json, const ImageInfo& image, const Package& package);  // "locations"
// Under "metadata" of a source, or under "target".
void write_image(JsonWriter& json, std::string_view key, const ImageInfo& image);
void write_distro(JsonWriter& json, const std::optional<Distro>& distro);  // "distro"
[[nodiscard]] std::string_view source_type(const ImageInfo& image);        // "image"

}  // namespace peekr::anchore

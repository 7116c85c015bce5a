// SPDX-License-Identifier: Apache-2.0
#include "report/record_writer.h"

#include <algorithm>

#include "base/base64.h"
#include "base/text.h"

namespace peekr {

void write_head(JsonWriter& json, std::uint64_t schema, std::string_view version, std::string_view created) {
  json.number("schema_version", schema);
  json.record("peekr", [&] { json.text("version", version); });
  json.text("created", created);
}

// A control character below 0x20 is written as what it is; printable() would not have it.
void RecordWriter::text(std::string_view key, std::string_view value) {
  json_.text(key, value);
  unsigned char all = 0;  // bytes: no way out of the loop, so that many are looked at in one step
  for (const char c : value)
    all |= static_cast<unsigned char>(c) | static_cast<unsigned char>(c == 0x7F ? 0x80 : 0);
  if (all < 0x80) return;
  std::string blank(value);
  std::ranges::replace_if(blank, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  if (printable(blank) != blank) json_.text(std::string(key) + "_bytes", base64_encoded(value));
}

}  // namespace peekr

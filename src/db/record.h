// SPDX-License-Identifier: Apache-2.0
// How advisories lie in the database: fields in the order of the struct, numbers as unsigned LEB128, texts
// and lists behind their length. docs/db-format.md has the tables; kFormat is raised whenever a byte changes
// its meaning, or other rows are written of the same records.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/advisory.h"
#include "model/report.h"
#include "model/risk.h"

namespace peekr::record {

inline constexpr std::string_view kFormat = "7";
// What to do about a database of another one.
inline constexpr std::string_view kOtherFormat =
    "another version of peekr made it: remove it, then db update or db build makes it again";

// What one advisory says about one package of one ecosystem.
struct Row {
  std::string advisory;  // id
  std::vector<Affected> affected;
};

// What there was of a record, before it was changed or removed.
struct Past {
  std::string source;
  std::string id;                    // empty: the source itself; both empty: when it was changed last
  std::optional<std::string> bytes;  // encoded; none: it was not there
};

// The same of a row of `risks`.
struct PastRisk {
  std::string key;
  std::optional<std::string> bytes;
};

[[nodiscard]] std::string encode(const Advisory& advisory);
[[nodiscard]] std::string encode(std::string_view advisory, const std::vector<const Affected*>& affected);

// An advisory, encoded. Its affected stand last, each as it stands in its row.
struct Encoded {
  std::string bytes;
  std::vector<std::size_t> affected;  // where each begins
};
// Both in place of what was there: the room is used again. affected: of those numbers.
void encode(const Advisory& advisory, Encoded& out);
void encode_row(const Advisory& advisory, const Encoded& encoded, std::span<const std::size_t> affected,
                std::string& out);
[[nodiscard]] std::string encode(const Risk& risk);
[[nodiscard]] std::string encode(const DbSource& source);
[[nodiscard]] std::string encode(const Past& past);
[[nodiscard]] std::string encode(std::span<const PastRisk> risks);

// Errc::damaged for bytes that encode() has not written.
Result<Advisory> decode_advisory(std::string_view bytes);
Status decode(std::string_view bytes, Advisory& empty);  // into one that is empty
Status decode_row(std::string_view bytes, Row& row);     // replaces what is in row
// What a row begins with, so that most rows need not be decoded: sole_fix() of the only entry in it; else, or damaged, empty.
[[nodiscard]] std::string_view row_sole_fix(std::string_view bytes);
Result<Risk> decode_risk(std::string_view bytes);
Result<DbSource> decode_source(std::string_view bytes);
Result<Past> decode_past(std::string_view bytes);
Result<std::vector<PastRisk>> decode_past_risks(std::string_view bytes);
// The id of an encoded advisory.
Result<std::string> decode_id(std::string_view bytes);
// And when it was modified: all of a source's are asked for once a day, and all that stands between is passed over.
struct Stamp {
  std::string_view id, modified;  // in the bytes
};
Result<Stamp> decode_stamp(std::string_view bytes);

}  // namespace peekr::record

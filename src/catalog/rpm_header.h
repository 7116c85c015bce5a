// SPDX-License-Identifier: Apache-2.0
// The header of an installed rpm package: what all three formats of rpm's database keep one blob of.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/note.h"
#include "model/package.h"

namespace peekr {

// Where the readers of the three formats put what they find.
struct RpmSink {
  // The number that the database gave the package, and its header blob. The view is valid during the call
  // only.
  std::function<void(std::uint64_t number, std::string_view blob)> header;
  std::function<void(Why why, std::string what)> note;
};

struct RpmHeader {
  Package package;      // without a path
  std::string problem;  // what of it could not be read; empty: nothing
};

// Errc::damaged: it does not even say which package it is of.
[[nodiscard]] Result<RpmHeader> read_rpm_header(std::string_view blob);

// "glibc-2.34-60.el9.src.rpm" -> source glibc, version 2.34-60.el9. Empty or "(none)": the package is its own
// source.
void set_rpm_source(std::string_view source_rpm, Package& package);

// Text as rpm's tools print it: "(none)" stands for a missing value.
[[nodiscard]] std::string_view unless_none(std::string_view text);

}  // namespace peekr

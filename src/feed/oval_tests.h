// SPDX-License-Identifier: Apache-2.0
// What the criteria of an OVAL document refer to: its tests with their objects and states.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "feed/oval.h"
#include "lib/xml.h"

namespace peekr::oval {

// The number at the end of an id: "oval:com.oracle.elsa:tst:20070057001".
[[nodiscard]] std::optional<std::uint64_t> number_of(std::string_view id);

// One criterion: a statement about a package, or a condition under which statements hold.
struct Condition {
  enum class Kind { package, platform, system_arch, module, satisfied };
  Kind kind{};
  Statement statement;  // package
  std::string text;     // platform: "Oracle Linux 5"; system_arch: "x86_64"; module: "nodejs:14"
};

class Tests {
 public:
  // Errc::damaged where the document is not whole.
  static Result<Tests> read(std::string_view document);
  // Errc::not_found: no such test, object or state; unsupported: one of a form that is not known.
  [[nodiscard]] Result<Condition> condition(std::string_view test_ref, std::string_view comment) const;

 private:
  struct State {
    std::string operation, evr, version, arch;
    bool signature = false;
  };
  struct Test {
    std::uint64_t object = 0, state = 0;
    bool of_package = false;  // an rpminfo_test
  };
  Status add(const XmlPiece& piece);
  static Result<Condition> of_state(const State& state, std::string package, std::string_view comment);

  std::unordered_map<std::uint64_t, Test> tests_;
  std::unordered_map<std::uint64_t, std::string> objects_;  // names of packages
  std::unordered_map<std::uint64_t, State> states_;
};

}  // namespace peekr::oval

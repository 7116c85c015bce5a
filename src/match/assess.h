// SPDX-License-Identifier: Apache-2.0
// What one advisory says about one package: who is asked for (source or binary, with or without epoch),
// module streams, architectures, and several fixed builds in one advisory. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/db.h"
#include "match/ecosystem.h"
#include "match/range.h"
#include "model/package.h"

namespace peekr {

// A package in the words of its ecosystem's advisories.
struct Subject {
  const Package* package = nullptr;
  const Ecosystem* row = nullptr;
  std::string key;  // the name that is looked up
  bool by_source = false;
  std::string version;  // the version that is compared
  Order order;
  std::string_view
      system;  // "linux" or "windows", in Go's words; empty: not known, so any that a record names may be its own
};

// Whether two builds name the same minor release: "14.el9_4.1" and "1.module+el9.4.0+7"; none that names none.
[[nodiscard]] bool same_minor_release(std::string_view a, std::string_view b);
// The same of two builds of EPEL 10 and later, of which each minor release has repositories and updates of its own, and names them
// behind the distribution alone: "1.el10_0". "2.el9.1" is the first bump of a build.
[[nodiscard]] bool same_minor_release_of_epel(std::string_view a, std::string_view b);
// "1.2-3" of "1.2-3~bpo12+1": what Debian's testing calls the version that was backported; empty: it is not one.
[[nodiscard]] std::string backported(const Ecosystem& row, std::string_view version);
// One or two of them, the source package first; of software one for each of its names.
[[nodiscard]] std::vector<Subject> subjects(const Ecosystem& row, const Package& package);

// What the record says of the subject in that ecosystem.
[[nodiscard]] std::vector<Entry> entries_of(const Advisory& record, const std::string& ecosystem,
                                            const Subject& subject);

// One entry: of that architecture, module stream, flavour and kind of name.
[[nodiscard]] bool is_about(const Entry& entry, const Subject& subject);

struct Opinion {
  Judgement judgement;
  Standing standing = Standing::affected;
  std::string urgency;
  std::vector<std::string> vectors;
};

// entries: all that one advisory says about the subject's key in one ecosystem. Nothing: it is not about this
// package (not affected, another architecture, another module stream). A publisher's "not affected" is an
// opinion.
[[nodiscard]] std::optional<Opinion> assess(std::span<const Entry> entries, const Subject& subject);

// Why a record that is about the package does not find the installed version affected.
struct Denial {
  bool by_range = false;  // others are; else: none is, says the publisher
  std::string says;       // "affected: >= 0, < 1.2", "not affected: component_not_present"
  std::string fixed_in;   // by_range: a fix that the installed version has; empty: none
};
// Nothing: it is not about this package, or finds it affected, or cannot tell.
[[nodiscard]] std::optional<Denial> denial(std::span<const Entry> entries, const Subject& subject);

}  // namespace peekr

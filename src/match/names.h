// SPDX-License-Identifier: Apache-2.0
// The names of vulnerabilities: which of them an advisory is about, and which names mean the same. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/advisory.h"

namespace peekr {

// "CVE-2015-7547" out of itself or of a distribution's copy ("DEBIAN-CVE-2015-7547"); empty: none.
[[nodiscard]] std::string_view cve_of(std::string_view id);
// A distribution's own record of one CVE: "ALPINE-CVE-2020-1".
[[nodiscard]] bool is_copy(std::string_view id);
// An erratum: an update with its own id that answers any number of vulnerabilities ("DSA-3481-1",
// "RHSA-2024:4546").
[[nodiscard]] bool is_erratum(std::string_view id);
// A correction of NVD's configurations of one CVE (nvd-data-overrides): "ANCHORE-CVE-2019-7317".
[[nodiscard]] bool corrects_nvd(std::string_view id);
// The first of a series of Debian advisories: "DSA-3481-1" of "DSA-3481-2"; empty for the first itself and
// all others.
[[nodiscard]] std::string first_of_series(std::string_view id);

// One vulnerability in an advisory's words.
struct Vulnerability {
  std::vector<std::string> same;   // names that mean it, wherever they stand: its identity; never empty
  std::vector<std::string> names;  // names under which it is also known: the erratum's
};
// None: an update that mends or improves something, without a vulnerability (AlmaLinux ALBA-, Red Hat RHBA-,
// ...).
[[nodiscard]] std::vector<Vulnerability> vulnerabilities(const Advisory& advisory);
// Whether it is about one vulnerability, no more and no less.
[[nodiscard]] bool is_about_one(const Advisory& advisory);

// The names that the record, whatever package it is about, says mean the same as `name`; with it. By `aliases` in both
// directions; by `upstream` of a record of one vulnerability only from its id on: what is upstream of many copies knows
// none of them. None: it says nothing of that kind, or that several CVEs are one, which is not to be taken from afar.
[[nodiscard]] std::vector<std::string> synonyms(const Advisory& record, std::string_view name);

// What is shown of names that mean the same: the CVE where there is one, else the GHSA, else the first in
// order.
[[nodiscard]] std::string shown(const std::vector<std::string>& same);

}  // namespace peekr

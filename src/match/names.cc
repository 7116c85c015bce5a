// SPDX-License-Identifier: Apache-2.0
// OSV's three links (ossf.github.io/osv-schema): `aliases` mean the same vulnerability; `upstream` are those
// that an advisory is about; `related` says nothing about identity, except in the errata of those publishers
// that list their CVEs nowhere else.
#include "match/names.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "base/text.h"

namespace peekr {
namespace {

struct Family {
  std::string_view prefix;
  bool cves_in_related = false;
  bool security = true;  // false: bug fixes and enhancements, which may have CVEs all the same
};

constexpr Family kErrata[] = {
    {"ALBA-", true, false},
    {"ALEA-", true, false},
    {"ALAS"},  // "ALAS2-2018-942", "ALASKERNEL-5.10-2022-005"
    {"ALSA-", true},
    {"BRSA-"},
    {"CLSA-"},
    {"DLA-"},
    {"DSA-"},
    {"DTSA-"},
    {"ELA-"},
    {"ELBA-", false, false},
    {"ELEA-", false, false},
    {"ELSA-"},
    {"FEDORA-"},
    {"LSN-"},
    {"MGASA-"},
    {"OESA-"},
    {"PHSA-", true},
    {"RHBA-", false, false},
    {"RHEA-", false, false},
    {"RHSA-"},
    {"RLBA-", true, false},
    {"RLEA-", true, false},
    {"RLSA-", true},
    {"RXSA-", true},
    {"SUSE-FU-", false, false},
    {"SUSE-OU-", false, false},
    {"SUSE-RU-", false, false},
    {"SUSE-SU-"},
    {"USN-", true},
    {"openSUSE-FU-", false, false},
    {"openSUSE-OU-", false, false},
    {"openSUSE-RU-", false, false},
    {"openSUSE-SU-"},
};

const Family* family(std::string_view id) {
  if (id.empty()) return nullptr;
  const auto found = std::ranges::find_if(kErrata, [&](const Family& one) {
    return one.prefix.front() == id.front() && id.starts_with(one.prefix);
  });
  return found == std::end(kErrata) ? nullptr : found;
}

// Each once, in the order in which they came. Real records have a few names, a hostile one may have any number.
class NameList {
 public:
  void add(std::string_view name) {
    if (list_.size() < kFew) {
      if (std::ranges::find(list_, name) != list_.end()) return;
    } else {
      if (seen_.empty()) seen_.insert(list_.begin(), list_.end());
      if (!seen_.emplace(name).second) return;
    }
    list_.emplace_back(name);
  }
  // A name, and the CVE that it is a copy of.
  void add_same(std::string_view id) {
    add(id);
    if (const std::string_view cve = cve_of(id); !cve.empty()) add(cve);
  }
  [[nodiscard]] const std::vector<std::string>& list() const { return list_; }

 private:
  static constexpr std::size_t kFew = 16;
  std::vector<std::string> list_;
  std::unordered_set<std::string> seen_;  // all of them, when they are no longer few
};

// The CVEs among names, each with the names that mean it, in order of the CVEs.
using Cves = std::map<std::string, NameList, std::less<>>;
void collect(const std::vector<std::string>& names, Cves& cves) {
  for (const std::string& name : names) {
    if (const std::string_view cve = cve_of(name); !cve.empty()) cves[std::string(cve)].add_same(name);
  }
}

std::vector<Vulnerability> of_erratum(const Advisory& advisory, const Cves& cves) {
  std::vector<Vulnerability> all;
  for (const auto& [cve, same] : cves) {
    all.push_back({.same = same.list(), .names = {advisory.id}});
  }
  return all;
}

}  // namespace

std::string_view cve_of(std::string_view id) {
  const std::size_t at = id.rfind("CVE-");
  if (at == std::string_view::npos || (at > 0 && id[at - 1] != '-')) return {};
  const std::string_view cve = id.substr(at);
  if (cve.size() < 13 || cve[8] != '-') return {};
  const auto digits = [](std::string_view text) { return std::ranges::all_of(text, is_digit); };
  return digits(cve.substr(4, 4)) && digits(cve.substr(9)) ? cve : std::string_view();
}

bool is_copy(std::string_view id) {
  const std::string_view cve = cve_of(id);
  return !cve.empty() && cve.size() < id.size();
}

bool is_erratum(std::string_view id) { return family(id) != nullptr; }

bool corrects_nvd(std::string_view id) { return id.starts_with("ANCHORE-CVE-"); }

std::string first_of_series(std::string_view id) {
  if (!id.starts_with("DSA-") && !id.starts_with("DLA-")) return {};
  const std::size_t dash = id.rfind('-');
  const std::string_view number = id.substr(dash + 1);
  if (dash <= 3 || number == "1" || !to_number(number)) return {};
  return std::string(id.substr(0, dash)) + "-1";
}

std::vector<Vulnerability> vulnerabilities(const Advisory& advisory) {
  const Family* erratum = family(advisory.id);
  Cves cves;
  collect(advisory.upstream, cves);
  if (erratum != nullptr) collect(advisory.aliases, cves);  // as errata had them before OSV knew `upstream`
  if (erratum != nullptr && erratum->cves_in_related) collect(advisory.related, cves);
  if (erratum != nullptr && !cves.empty()) return of_erratum(advisory, cves);
  if (erratum != nullptr && !erratum->security) return {};
  if (cves.size() > 1) return of_erratum(advisory, cves);

  NameList all, others;
  all.add_same(advisory.id);
  for (const std::string& alias : advisory.aliases) all.add_same(alias);
  for (const auto& [cve, same] : cves) {
    for (const std::string& name : same.list()) all.add(name);
  }
  // What is known under another name only: a distribution's record of one "GHSA-…".
  const bool record_of_one = cves.empty() && erratum == nullptr && advisory.upstream.size() == 1;
  for (const std::string& name : advisory.upstream) (record_of_one ? all : others).add(name);
  return {{.same = all.list(), .names = others.list()}};
}

bool is_about_one(const Advisory& advisory) {
  const bool plain = advisory.upstream.size() < 2 && !is_erratum(advisory.id);
  return plain || vulnerabilities(advisory).size() == 1;
}

std::vector<std::string> synonyms(const Advisory& record, std::string_view name) {
  std::vector<std::string> same;
  if (is_erratum(record.id)) return same;
  if (record.id == name) {
    std::vector<Vulnerability> all = vulnerabilities(record);
    if (all.size() == 1) same = std::move(all.front().same);
  } else if (std::ranges::find(record.aliases, name) != record.aliases.end()) {
    NameList all;
    all.add_same(record.id);
    for (const std::string& alias : record.aliases) all.add_same(alias);
    same = all.list();
  }
  const auto is_cve = [](const std::string& one) { return one.starts_with("CVE-"); };
  if (std::ranges::count_if(same, is_cve) > 1) same.clear();
  return same;
}

std::string shown(const std::vector<std::string>& same) {
  const auto rank = [](const std::string& id) {
    return id.starts_with("CVE-") ? 0 : id.starts_with("GHSA-") ? 1 : 2;
  };
  const auto best = std::ranges::min_element(same, [&](const std::string& a, const std::string& b) {
    return rank(a) != rank(b) ? rank(a) < rank(b) : a < b;
  });
  return best == same.end() ? std::string() : *best;
}

}  // namespace peekr

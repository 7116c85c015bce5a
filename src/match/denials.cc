// SPDX-License-Identifier: Apache-2.0
#include "match/denials.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <unordered_set>

namespace peekr {
namespace {

// Photon's errata list their packages and their vulnerabilities, not which has which: by them each would have all.
bool mixes(const Advisory& advisory) {
  if (!advisory.id.starts_with("PHSA-")) return false;
  std::set<std::string_view> packages;
  for (const Affected& one : advisory.affected) packages.insert(one.package);
  return packages.size() > 1 && vulnerabilities(advisory).size() > 1;
}

std::string caveat(const Advisory& advisory) {
  if (advisory.review == "UNREVIEWED") return "has not been reviewed by its publisher";
  return mixes(advisory) ? "does not say which of its packages has which of its vulnerabilities" : "";
}

// Photon's list names the packages that have a vulnerability: what it does not name has none of it.
void add_silence(const Advisory& record, const Judged& judged, std::vector<Hit>& hits) {
  for (const Affected& one : record.affected) {
    if (std::ranges::find(judged.channels.first, one.ecosystem) == judged.channels.first.end()) continue;
    hits.push_back({.advisory = &record,
                    .about = about(record, nullptr),
                    .proof = proof(judged.subjects.front(), one.ecosystem, record, {}),
                    .against = Hit::Against::silent,
                    .says = "it is in " + one.package + ", not in this package",
                    .overrules = true});
    return;
  }
}

// Whether nothing of its configurations was lost (feed/nvd_configurations.h).
bool is_all_read(const Advisory& record) {
  return std::ranges::none_of(record.affected, &std::string::empty, &Affected::package);
}

// Whether its configurations count instead of NVD's: where each names versions. Of "-" nobody knows which those are.
bool replaces_nvd(const Advisory& record) {
  return corrects_nvd(record.id) && is_all_read(record) &&
         std::ranges::none_of(record.affected,
                              [](const Affected& one) { return one.ranges.empty() && one.versions.empty(); });
}

// Whether it names the package for some target software alone: "facebook:react:node.js" of facebook:react.
bool names_a_part(const Advisory& record, const Subject& subject) {
  if (!subject.key.contains(':')) return false;
  return std::ranges::any_of(record.affected, [whole = subject.key + ":"](const Affected& one) {
    return one.package.starts_with(whole);
  });
}

// Configurations (NVD's) tell systems apart; what corrects them has all of a vulnerability: what it does not name is not affected.
void add_configured(const Advisory& record, const Judged& judged, std::vector<Hit>& hits) {
  using Against = Hit::Against;
  if (record.affected.empty() || record.affected.front().ecosystem != "CPE" || !is_all_read(record)) return;
  const std::string &ecosystem = record.affected.front().ecosystem,
                    &package = record.affected.front().package;
  const Subject* named = nullptr;
  for (const Subject& subject : judged.subjects) {
    if (names_a_part(record, subject)) return;
    for (const Entry& entry : entries_of(record, ecosystem, subject)) {
      if (is_about(entry, subject)) return;  // whether the version is cannot be told
      named = &subject;
    }
  }
  if (named == nullptr && !replaces_nvd(record)) return;
  hits.push_back({.advisory = &record,
                  .about = about(record, nullptr),
                  .proof = proof(named == nullptr ? judged.subjects.front() : *named, ecosystem, record, {}),
                  .against = named == nullptr ? Against::silent : Against::other_systems,
                  .says = named == nullptr ? "it is in " + package + ", not in this package"
                                           : "affected on other systems alone",
                  .overrules = true});
}

// An erratum says what it has fixed, not that nothing is left to fix.
void add_denial(const Advisory& record, const Judged& judged, std::vector<Hit>& hits,
                Hit::Channel channel = Hit::Channel::first) {
  if (is_erratum(record.id) || !is_about_one(record)) return;
  const Ecosystem& row = *judged.scope.row;
  const bool withdrawn = !record.withdrawn.empty();
  const Channels& who = judged.channels;
  for (const Subject& subject : judged.subjects) {
    for (const std::string& ecosystem : channel == Hit::Channel::first ? who.first : who.then) {
      const std::vector<Entry> entries = entries_of(record, ecosystem, subject);
      if (entries.empty()) continue;
      std::optional<Denial> no = denial(entries, subject);
      if (withdrawn) no = Denial{.says = "withdrawn " + record.withdrawn.substr(0, 10)};
      if (!no) continue;
      // A distribution's own word on a version counts more than a copy's, too; that of a language's database does not.
      const bool weighs = !no->by_range || !row.distros.empty();
      hits.push_back({.advisory = &record,
                      .about = about(record, nullptr),
                      .proof = proof(subject, ecosystem, record, {}),
                      .against = withdrawn      ? Hit::Against::withdrawn
                                 : no->by_range ? Hit::Against::range
                                                : Hit::Against::not_affected,
                      .channel = channel,
                      .says = std::move(no->says),
                      .overrules = replaces_nvd(record) || (weighs && at_home(row, record.publisher))});
      return;
    }
  }
  if (row.name == "photon") add_silence(record, judged, hits);
  if (row.key == Ecosystem::Key::software) add_configured(record, judged, hits);
}

bool is_epel(const Judged& judged) { return judged.scope.row->name == "epel"; }

std::vector<std::string> streams_of(const Judged& judged) {
  if (is_epel(judged)) return judged.channels.first;
  std::vector<std::string> streams = judged.channels.fixes;
  std::ranges::copy_if(judged.channels.then, std::back_inserter(streams),
                       [&](const std::string& one) { return !needed_for(*judged.scope.row, one).empty(); });
  return streams;
}

bool same_minor(const Judged& judged, std::string_view fix, std::string_view version) {
  return is_epel(judged) ? same_minor_release_of_epel(fix, version) : same_minor_release(fix, version);
}

// Whether a record has a fix of the installed minor release that the installed build lacks, of a vulnerability that `record` is about.
bool is_mended_later(const Advisory& record, const Subject& subject, const std::vector<Hit>& hits) {
  const std::vector<Vulnerability> all = about(record, nullptr);
  const auto is_one = [&](const Vulnerability& other) {
    return std::ranges::any_of(all, [&](const Vulnerability& one) {
      return std::ranges::find_first_of(one.same, other.same) != one.same.end();
    });
  };
  return std::ranges::any_of(hits, [&](const Hit& hit) {
    return hit.against == Hit::Against::no &&
           same_minor_release_of_epel(hit.proof.fixed_in, subject.version) &&
           std::ranges::any_of(hit.about, is_one);
  });
}

// A build that has the fix of its own minor release has it, whether or not the image says (an SBOM does not) that its
// repositories are those of that stream: what the usual ones fix in later builds does not count against it.
void add_stream_fix(const Advisory& record, const Judged& judged, std::vector<Hit>& hits) {
  const std::vector<std::string> streams = streams_of(judged);
  for (const Subject& subject : judged.subjects) {
    for (const std::string& ecosystem : streams) {
      const std::vector<Entry> entries = entries_of(record, ecosystem, subject);
      if (entries.empty()) continue;
      const std::optional<Denial> no = denial(entries, subject);
      if (!no || !same_minor(judged, no->fixed_in, subject.version)) continue;
      if (is_epel(judged) && is_mended_later(record, subject, hits)) continue;
      hits.push_back({.advisory = &record,
                      .about = about(record, nullptr),
                      .proof = proof(subject, ecosystem, record, {}),
                      .against = Hit::Against::range,
                      .channel = Hit::Channel::fixes,
                      .says = no->says});
    }
  }
}

}  // namespace

Proof proof(const Subject& subject, const std::string& ecosystem, const Advisory& advisory,
            Judgement&& judgement) {
  return {.advisory = advisory.id,
          .publisher = advisory.publisher,
          .ecosystem = ecosystem,
          .key = subject.key,
          .by_source = subject.by_source,
          .scheme = std::string(subject.order.scheme->name),
          .installed = subject.version,
          .range = std::move(judgement.range),
          .comparison = std::move(judgement.comparison),
          .fixed_in = std::move(judgement.fixed_in),
          .needs = needed_for(*subject.row, ecosystem),
          .caveat = caveat(advisory)};
}

bool is_of_own_minor_release(const Proof& proof) {
  return proof.ecosystem.starts_with("EPEL:") && same_minor_release_of_epel(proof.fixed_in, proof.installed);
}

bool says_no_more(const Hit& hit) {
  return hit.channel == Hit::Channel::first && hit.against == Hit::Against::no &&
         hit.standing == Standing::end_of_life && hit.proof.fixed_in.empty();
}

void add_denials(const Related& all, const Judged& judged, std::vector<Hit>& hits) {
  std::unordered_set<const Advisory*> seen;
  for (const Hit& hit : hits) {
    if (hit.channel == Hit::Channel::first) seen.insert(hit.advisory);
  }
  for (const Advisory* record : all.records) {
    if (seen.insert(record).second) add_denial(*record, judged, hits);
  }
  const Ecosystem& row = *judged.scope.row;
  // What Ubuntu Pro says of a release matters where the archive says no more than that its support has ended.
  if (row.peculiar == Ecosystem::Peculiar::ubuntu && std::ranges::any_of(hits, says_no_more)) {
    std::unordered_set<const Advisory*> asked;
    for (const Advisory* record : all.records) {
      if (asked.insert(record).second) add_denial(*record, judged, hits, Hit::Channel::then);
    }
  }
  if (row.peculiar == Ecosystem::Peculiar::redhat || is_epel(judged)) {
    std::unordered_set<const Advisory*> asked;
    for (const Advisory* record : all.records) {
      if (asked.insert(record).second) add_stream_fix(*record, judged, hits);
    }
  }
  // Distributions also withdraw what they no longer track (Ubuntu): that takes nothing back.
  for (const Advisory* record : all.withdrawn) {
    if (row.distros.empty() && at_home(row, record->publisher) && seen.insert(record).second)
      add_denial(*record, judged, hits);
  }
}

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// Names are joined by union-find: two records are about the same vulnerability when a chain of equal names
// leads from one to the other (GHSA-1 = CVE-2 = GO-3), also over records about other packages.
#include "match/group.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "match/severity.h"

namespace peekr {
namespace {

// One record's word on one vulnerability.
struct Claimed {
  const Hit* hit = nullptr;
  const Vulnerability* vulnerability = nullptr;
  bool of_several = false;
};

class Names {
 public:
  void join(const std::vector<std::string>& same) {
    for (const std::string& name : same) parents_[root(number(name))] = root(number(same.front()));
  }
  std::size_t root(const std::string& name) { return root(number(name)); }
  // By root.
  std::map<std::size_t, std::vector<std::string>> all() {
    std::map<std::size_t, std::vector<std::string>> found;
    for (const auto& [name, at] : numbers_) found[root(at)].push_back(name);
    return found;
  }

 private:
  std::size_t number(const std::string& name) {
    const auto [found, fresh] = numbers_.try_emplace(name, parents_.size());
    if (fresh) parents_.push_back(found->second);
    return found->second;
  }
  std::size_t root(std::size_t at) {
    while (parents_[at] != at) at = parents_[at] = parents_[parents_[at]];
    return at;
  }

  std::map<std::string, std::size_t> numbers_;
  std::vector<std::size_t> parents_;
};

bool names_a_cve(const std::vector<Vulnerability>& all) {
  return std::ranges::any_of(all,
                             [](const Vulnerability& one) { return shown(one.same).starts_with("CVE-"); });
}

std::vector<Claimed> claims(std::span<const Hit> hits) {
  std::vector<Claimed> all;
  for (const Hit& hit : hits) {
    for (const Vulnerability& one : hit.about) all.push_back({&hit, &one, hit.about.size() > 1});
  }
  return all;
}

// All that is claimed about one vulnerability.
struct Cluster {
  std::vector<const Claimed*> claims;
  std::vector<std::string> same;  // sorted
};

std::vector<Cluster> clusters(const std::vector<Claimed>& all, std::span<const Synonyms> synonyms) {
  Names names;
  for (const Claimed& one : all) names.join(one.vulnerability->same);
  for (const Synonyms& one : synonyms) names.join(one);
  std::map<std::size_t, Cluster> by_root;
  for (const Claimed& one : all) {
    by_root[names.root(one.vulnerability->same.front())].claims.push_back(&one);
  }
  for (auto& [root, same] : names.all()) {
    if (const auto found = by_root.find(root); found != by_root.end()) found->second.same = std::move(same);
  }
  std::vector<Cluster> found;
  for (auto& [root, cluster] : by_root) found.push_back(std::move(cluster));
  return found;
}

// "Not affected" in a publisher's own feed of a distribution beats another publisher's copy of the CVE for
// the same distribution: Alpine's secdb beats OSV's ALPINE-CVE-…, which knows no "not affected", and so do
// its rejections, which are of no release ("Alpine"). It beats nothing else.
void drop_refuted(std::vector<const Claimed*>& cluster) {
  std::set<std::pair<std::string, std::string>> refuted;  // ecosystem, publisher
  for (const Claimed* one : cluster) {
    if (one->hit->standing == Standing::not_affected) {
      refuted.emplace(one->hit->proof.ecosystem, one->hit->advisory->publisher);
    }
  }
  if (refuted.empty()) return;
  std::erase_if(cluster, [&](const Claimed* one) {
    if (one->hit->standing == Standing::not_affected) return true;
    return is_copy(one->hit->advisory->id) && std::ranges::any_of(refuted, [&](const auto& by) {
             const std::string& ecosystem = one->hit->proof.ecosystem;
             const bool same = by.first == ecosystem || by.first == cut(ecosystem, ':').first;
             return same && by.second != one->hit->advisory->publisher;
           });
  });
}

// Several advisories fix one vulnerability because the first fix was incomplete: the greatest version counts.
std::string greatest_fix(const std::vector<const Claimed*>& cluster, const Scheme& scheme) {
  std::string best;
  for (const Claimed* one : cluster) {
    const std::string& fix = one->hit->proof.fixed_in;
    if (fix.empty()) continue;
    if (best.empty() || scheme.compare(best, fix) == std::strong_ordering::less) best = fix;
  }
  return best;
}

// With a fix it is simply affected; without one, the reason that any record gives.
Standing standing(const std::vector<const Claimed*>& cluster, const Finding& finding) {
  if (!finding.fixed_in.empty()) return Standing::affected;
  for (const Claimed* one : cluster) {
    if (one->hit->standing != Standing::affected) return one->hit->standing;
  }
  return Standing::affected;
}

void add_words(const Claimed& one, Finding& finding) {
  const Advisory& advisory = *one.hit->advisory;
  if (finding.summary.empty()) finding.summary = advisory.summary;
  if (!advisory.published.empty() && (finding.published.empty() || advisory.published < finding.published)) {
    finding.published = advisory.published;
  }
  for (const Reference& reference : advisory.references) {
    // An erratum's references are about all its vulnerabilities.
    if (one.of_several && reference.type != "ADVISORY" && reference.url.find(finding.id) == std::string::npos)
      continue;
    if (std::ranges::find(finding.references, reference.url) == finding.references.end()) {
      finding.references.push_back(reference.url);
    }
  }
}

// A distribution's copy of a CVE has the CVE's date, whenever the fix came.
std::string fix_published(const std::vector<const Claimed*>& cluster, const Finding& finding) {
  std::string first;
  for (const Claimed* one : cluster) {
    const Advisory& advisory = *one->hit->advisory;
    if (finding.fixed_in.empty() || one->hit->proof.fixed_in != finding.fixed_in || is_copy(advisory.id))
      continue;
    if (!advisory.published.empty() && (first.empty() || advisory.published < first))
      first = advisory.published;
  }
  return first;
}

Finding finding_of(Cluster& all, const Scheme& scheme) {
  std::vector<const Claimed*>& cluster = all.claims;
  // Records of this vulnerability alone have the better words.
  std::ranges::sort(cluster, {}, [](const Claimed* one) { return std::pair(one->of_several, one); });
  Finding finding{.id = shown(all.same)};
  std::set<std::string> names(all.same.begin(), all.same.end());
  std::vector<Statement> statements;
  for (const Claimed* one : cluster) {
    names.insert(one->vulnerability->names.begin(), one->vulnerability->names.end());
    statements.push_back({one->hit->advisory, one->hit->urgency, one->hit->vectors, one->of_several});
    finding.proofs.push_back(one->hit->proof);
  }
  names.erase(finding.id);
  finding.names.assign(names.begin(), names.end());
  for (const Claimed* one : cluster) add_words(*one, finding);
  finding.fixed_in = greatest_fix(cluster, scheme);
  finding.fix_published = fix_published(cluster, finding);
  finding.standing = standing(cluster, finding);
  const bool informational = std::ranges::all_of(
      cluster, [](const Claimed* one) { return one->hit->advisory->kind == Advisory::Kind::informational; });
  if (informational) finding.kind = Advisory::Kind::informational;
  rate(statements, finding);
  return finding;
}

}  // namespace

std::vector<Vulnerability> about(const Advisory& advisory, const Advisory* first) {
  std::vector<Vulnerability> own = vulnerabilities(advisory);
  if (first == nullptr || names_a_cve(own)) return own;
  std::vector<Vulnerability> inherited = vulnerabilities(*first);
  if (!names_a_cve(inherited)) return own;
  for (Vulnerability& one : inherited) one.names.push_back(advisory.id);
  return inherited;
}

std::vector<Finding> group(std::span<const Hit> hits, std::span<const Synonyms> synonyms,
                           const Scheme& scheme) {
  const std::vector<Claimed> all = claims(hits);
  std::vector<Finding> findings;
  for (Cluster& cluster : clusters(all, synonyms)) {
    drop_refuted(cluster.claims);
    if (!cluster.claims.empty()) findings.push_back(finding_of(cluster, scheme));
  }
  return findings;
}

}  // namespace peekr

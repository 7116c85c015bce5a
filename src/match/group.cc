// SPDX-License-Identifier: Apache-2.0
// Names are joined by union-find: two records are about the same vulnerability when a chain of equal names
// leads from one to the other (GHSA-1 = CVE-2 = GO-3), also over records about other packages.
#include "match/group.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "match/decide.h"
#include "match/denials.h"
#include "match/severity.h"

namespace peekr {
namespace {

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

// A fix that the image's repositories do not have, to judge by where the installed version is from.
bool is_extended(const Hit& hit) { return hit.channel != Hit::Channel::first && !hit.proof.needs.empty(); }

// Several advisories fix one vulnerability because the first fix was incomplete: the greatest version counts. Of EPEL 10 those of the
// installed build's minor release count alone, where there is one.
std::string greatest_fix(const std::vector<const Claimed*>& cluster, const Scheme& scheme) {
  const auto is_own = [](const Claimed* one) { return is_of_own_minor_release(one->hit->proof); };
  const bool any_own = std::ranges::any_of(cluster, is_own);
  std::string best;
  for (const Claimed* one : cluster) {
    const std::string& fix = one->hit->proof.fixed_in;
    if (fix.empty() || is_extended(*one->hit) || (any_own && !is_own(one))) continue;
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

// Malware where one says so; informational where all do.
Advisory::Kind kind_of(const std::vector<const Claimed*>& claims) {
  using Kind = Advisory::Kind;
  const auto is = [](Kind kind) {
    return [kind](const Claimed* one) { return one->hit->advisory->kind == kind; };
  };
  if (std::ranges::any_of(claims, is(Kind::malware))) return Kind::malware;
  return std::ranges::all_of(claims, is(Kind::informational)) ? Kind::informational : Kind::vulnerability;
}

// claims: not empty.
Finding finding_of(std::vector<const Claimed*>& claims, const std::vector<std::string>& same,
                   const Scheme& scheme) {
  // Records of this vulnerability alone have the better words.
  std::ranges::sort(claims, {}, [](const Claimed* one) { return std::pair(one->of_several, one); });
  Finding finding{.id = shown(same)};
  std::set<std::string> names(same.begin(), same.end());
  std::vector<Statement> statements;
  for (const Claimed* one : claims) {
    names.insert(one->vulnerability->names.begin(), one->vulnerability->names.end());
    statements.push_back({one->hit->advisory, one->hit->urgency, one->hit->vectors, one->of_several});
    finding.proofs.push_back(one->hit->proof);
  }
  names.erase(finding.id);
  finding.names.assign(names.begin(), names.end());
  for (const Claimed* one : claims) add_words(*one, finding);
  finding.fixed_in = greatest_fix(claims, scheme);
  finding.fix_published = fix_published(claims, finding);
  finding.standing = standing(claims, finding);
  finding.kind = kind_of(claims);
  rate(statements, finding);
  return finding;
}

void add_extended(const std::vector<const Claimed*>& all, Finding& finding) {
  for (const Claimed* one : all) {
    const Proof& proof = one->hit->proof;
    if (!is_extended(*one->hit) || proof.fixed_in.empty() || one->hit->against != Hit::Against::no) continue;
    finding.extended_fixes.push_back({proof.advisory, proof.ecosystem, proof.fixed_in, proof.needs});
  }
  // Who fixes it for subscribers alone does not fix it for others.
  if (finding.fixed_in.empty() && !finding.extended_fixes.empty() && finding.standing == Standing::affected)
    finding.standing = Standing::wont_fix;
}

// The rule by which all were overruled.
std::string overruled_by(const Decision& decision, const Dissent& first) {
  if (decision.by->hit->against == Hit::Against::other_systems)
    return first.publisher + " tells systems apart: the word of who does not does not count against it";
  if (decision.by->hit->channel == Hit::Channel::then)
    return "the archive says no more than that the release has ended: the subscription's word decides";
  if (corrects_nvd(first.advisory))
    return first.publisher + " corrects NVD's configurations, and its own count instead";
  const bool own = std::ranges::any_of(decision.overruled, [&](const Claimed* one) {
    return one->hit->advisory->publisher == first.publisher;
  });
  return own ? first.publisher + " has said otherwise since"
             : first.publisher + " judges its own packages: a copy's word does not count against it";
}

void add_finding(const Cluster& cluster, const Scheme& scheme, Grouped& all) {
  Decision decision = decide(cluster.claims);
  const bool stands = !decision.affected.empty();
  std::vector<const Claimed*>& found = stands ? decision.affected : decision.overruled;
  if (found.empty()) return;  // all say the same: not affected
  Finding finding = finding_of(found, cluster.same, scheme);
  for (const Claimed* one : decision.against) finding.dissents.push_back(dissent(*one));
  add_extended(cluster.claims, finding);
  rate_confidence(decision, finding);
  if (!stands) {
    const Dissent first = dissent(*decision.by);
    finding.decided_by = overruled_by(decision, first);
    std::string reason = first.advisory + " of " + first.publisher + " says " + first.says +
                         ", which overrules " + finding.proofs.front().advisory;
    return all.overruled.push_back({Suppressed::Rule::overruled, std::move(finding), std::move(reason)});
  }
  for (const Claimed* one : decision.overruled) finding.dissents.push_back(dissent(*one));
  if (!finding.dissents.empty())
    finding.decided_by = "any record that finds it affected counts, unless overruled";
  all.standing.push_back(std::move(finding));
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

Grouped group(std::span<const Hit> hits, std::span<const Synonyms> synonyms, const Scheme& scheme) {
  const std::vector<Claimed> all = claims(hits);
  Grouped grouped;
  for (const Cluster& cluster : clusters(all, synonyms)) add_finding(cluster, scheme, grouped);
  return grouped;
}

}  // namespace peekr

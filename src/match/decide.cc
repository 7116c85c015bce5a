// SPDX-License-Identifier: Apache-2.0
#include "match/decide.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "db/index.h"
#include "match/denials.h"

namespace peekr {
namespace {

// A publisher's later word on one vulnerability, that nothing is affected, against what it had said before: in an erratum that
// lists the vulnerability among others, or in an older record. A list without dates says what holds now.
bool takes_back(const Hit& by, const Hit& hit) {
  const bool denied = by.against == Hit::Against::not_affected;
  if (!denied || by.advisory->publisher != hit.advisory->publisher) return false;
  if (by.advisory->id.starts_with("DHI-")) return false;  // Docker: of one image, whatever another one has
  const Advisory& before = *hit.advisory;
  return index::supersedes(by.advisory->modified,
                           before.published.empty() ? before.modified : before.published);
}

// Its own entries of a distribution or ecosystem beat what others copied into it: Alpine's secdb beats OSV's ALPINE-CVE-…,
// and so do its rejections, which are of no release ("Alpine"). Of its own words the later beats the earlier.
bool beats(const Hit& by, const Hit& hit) {
  if (!by.overrules) return false;
  if (by.channel == Hit::Channel::then && says_no_more(hit)) return true;  // see add_ended
  const std::string& id = hit.advisory->id;
  // Bitnami takes versions from NVD, and does not tell systems apart.
  if (by.against == Hit::Against::other_systems && hit.advisory->publisher == "Bitnami") return true;
  if (corrects_nvd(by.advisory->id)) return hit.advisory->publisher == "NVD";
  // An erratum that does not say which of its packages has which of its vulnerabilities.
  const bool guess = is_erratum(id) && !hit.proof.caveat.empty();
  const std::string& ecosystem = hit.proof.ecosystem;
  const std::string_view family = cut(ecosystem, ':').first;
  const std::string& publisher = hit.advisory->publisher;
  const bool of_others = by.advisory->publisher != publisher && publisher != family;
  const bool copy = of_others && (is_copy(id) || id.starts_with("GHSA-"));
  if (!guess && !copy && !takes_back(by, hit)) return false;
  return by.proof.ecosystem == ecosystem || by.proof.ecosystem == family;
}

// Where the first channel says no more than that support has ended, and the second that the package has nothing of it, that, too.
void add_ended(const std::vector<const Claimed*>& all, std::vector<const Claimed*>& some) {
  const auto says_more = [](const Claimed* one) {
    return one->hit->channel == Hit::Channel::first && one->hit->against == Hit::Against::no &&
           !says_no_more(*one->hit);
  };
  const auto is_of_second = [](const Claimed* one) { return one->hit->channel == Hit::Channel::then; };
  const auto finds = [&](const Claimed* one) {
    return is_of_second(one) && one->hit->against == Hit::Against::no;
  };
  if (some.empty() || std::ranges::any_of(all, says_more) || std::ranges::any_of(all, finds)) return;
  std::ranges::copy_if(all, std::back_inserter(some), is_of_second);
}

// What says something about the vulnerability: the first channel where it does, else the second. But where a build has the fix of
// the stream that it is from (add_stream_fix), that one alone, unless a later one there mends it.
std::vector<const Claimed*> heard(const std::vector<const Claimed*>& all) {
  std::vector<const Claimed*> some;
  std::ranges::copy_if(all, std::back_inserter(some),
                       [](const Claimed* one) { return one->hit->channel == Hit::Channel::fixes; });
  const bool fixed =
      std::ranges::all_of(some, [](const Claimed* one) { return one->hit->against != Hit::Against::no; });
  if (fixed && !some.empty()) return some;
  some.clear();
  std::ranges::copy_if(all, std::back_inserter(some),
                       [](const Claimed* one) { return one->hit->channel == Hit::Channel::first; });
  if (some.empty()) {
    std::ranges::copy_if(all, std::back_inserter(some), [](const Claimed* one) {
      return one->hit->channel == Hit::Channel::then && one->hit->against == Hit::Against::no;
    });
  } else {
    add_ended(all, some);
  }
  return some;
}

}  // namespace

Decision decide(const std::vector<const Claimed*>& all) {
  const std::vector<const Claimed*> cluster = heard(all);
  Decision decision;
  for (const Claimed* one : cluster) {
    if (one->hit->against != Hit::Against::no) decision.against.push_back(one);
  }
  const auto upheld = [&](const Hit& by) {  // a record that is withdrawn for another of the same publisher
    return by.against == Hit::Against::withdrawn && std::ranges::any_of(cluster, [&](const Claimed* one) {
             return one->hit->against == Hit::Against::no &&
                    one->hit->advisory->publisher == by.advisory->publisher;
           });
  };
  for (const Claimed* one : cluster) {
    if (one->hit->against != Hit::Against::no) continue;
    const auto by = std::ranges::find_if(decision.against, [&](const Claimed* other) {
      return beats(*other->hit, *one->hit) && !upheld(*other->hit);
    });
    const bool beaten = by != decision.against.end();
    (beaten ? decision.overruled : decision.affected).push_back(one);
    if (beaten && decision.by == nullptr) decision.by = *by;
  }
  return decision;
}

Dissent dissent(const Claimed& one) {
  const Hit& hit = *one.hit;
  std::string says = hit.against == Hit::Against::no ? "affected: " + hit.proof.range : hit.says;
  return {hit.advisory->id, hit.advisory->publisher, hit.proof.ecosystem, std::move(says)};
}

void rate_confidence(const Decision& decision, Finding& finding) {
  const auto sure = std::ranges::find(finding.proofs, "", &Proof::caveat);
  if (finding.fixed_in.empty() && finding.standing == Standing::under_investigation) {
    finding.confidence = Confidence::not_assessed;
    finding.confidence_by = finding.proofs.front().publisher + " has not decided yet";
  } else if (sure == finding.proofs.end()) {
    finding.confidence = Confidence::potential;
    finding.confidence_by = finding.proofs.front().advisory + " " + finding.proofs.front().caveat;
  } else if (!decision.against.empty()) {
    const Dissent other = dissent(*decision.against.front());
    finding.confidence = Confidence::potential;
    finding.confidence_by = "records disagree: " + other.advisory + " says " + other.says;
  } else if (finding.fixed_in.empty()) {
    finding.confidence = Confidence::vendor_unfixed;
    finding.confidence_by = finding.extended_fixes.empty()
                                ? "no fix is known"
                                : "fixed only for those who have " + finding.extended_fixes.front().needs;
  }
}

}  // namespace peekr

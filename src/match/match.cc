// SPDX-License-Identifier: Apache-2.0
// The only file of this folder that asks the database; what it finds is judged by pure functions:
//   ecosystem  which rows and ecosystem strings     assess  one advisory, one package     range     version in range
//   group      many records, one finding            names   what means the same           severity  how bad
//   enrich     what other records know, and the risk
#include "match/match.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "base/timer.h"
#include "match/assess.h"
#include "match/ecosystem.h"
#include "match/enrich.h"
#include "match/group.h"

namespace peekr {
namespace {

// Names of one vulnerability, on average; real ones have two to four.
constexpr std::size_t kMostSynonyms = 32;

// What is asked of the database in this run, each advisory once.
class Answers {
 public:
  explicit Answers(const Db& db) : db_(db) {}

  // By advisory, without what is surely fixed in the version at hand: nearly everything a database says about a package.
  Result<std::vector<Entry>> lookup(const std::string& ecosystem, const Subject& subject) const {
    Db::Settled settled;
    if (subject.order.epochs == Order::Epochs::as_written) {
      // Many vulnerabilities are fixed by one version: most are asked for again at once.
      settled = [&subject, asked = std::string(), answer = false](std::string_view fix) mutable {
        if (fix == asked) return answer;
        const auto order = subject.order.scheme->compare(subject.version, fix);
        asked = fix;
        return answer = order && *order != std::strong_ordering::less;
      };
    }
    std::vector<Entry> entries = TRY(db_.lookup(ecosystem, subject.key, settled));
    if (!std::ranges::is_sorted(entries, {}, &Entry::advisory))
      std::ranges::sort(entries, {}, &Entry::advisory);
    return entries;
  }

  // Null: there is none.
  Result<const Advisory*> advisory(const std::string& id) {
    auto found = advisories_.find(id);
    if (found == advisories_.end()) {
      std::optional<Advisory> record = TRY(db_.advisory(id));
      found = advisories_.emplace(id, std::move(record)).first;
    }
    return found->second ? &*found->second : nullptr;
  }

  Result<std::vector<Risk>> risks(const std::string& id) const { return db_.risk(id); }

  // All records with that name that are not withdrawn.
  Result<const std::vector<const Advisory*>*> named(const std::string& id) {
    if (const auto found = named_.find(id); found != named_.end()) return &found->second;
    std::vector<const Advisory*> records;
    const std::vector<std::string> ids = TRY(db_.named(id));
    for (const std::string& one : ids) {
      const Advisory* record = TRY(advisory(one));
      if (record != nullptr && record->withdrawn.empty()) records.push_back(record);
    }
    return &named_.emplace(id, std::move(records)).first->second;
  }

 private:
  const Db& db_;
  std::unordered_map<std::string, std::optional<Advisory>> advisories_;
  std::unordered_map<std::string, std::vector<const Advisory*>> named_;
};

// Packages of one type, and who judges them.
struct Scope {
  const Ecosystem* row = nullptr;
  std::vector<std::string> ecosystems;  // that the database has; none: not judged
};

std::string packages(std::ptrdiff_t count, const std::string& type) {
  return std::to_string(count) + " " + type + (count == 1 ? " package" : " packages");
}

std::string system_name(const Distro& distro) {
  if (!distro.name.empty()) return distro.name;
  return distro.version_id.empty() ? distro.id : distro.id + " " + distro.version_id;
}

Result<std::vector<std::string>> present(const std::vector<std::string>& patterns, const Db& db) {
  std::vector<std::string> all;
  for (const std::string& pattern : patterns) {
    const std::vector<std::string> some = TRY(db.ecosystems(pattern.substr(0, pattern.find('*'))));
    for (const std::string& one : some) {
      if (fits(pattern, one) && std::ranges::find(all, one) == all.end()) all.push_back(one);
    }
  }
  return all;
}

// ", only for Debian:10, Debian:11": what the database has of other releases.
Result<std::string> other_releases(const Wanted& want, const Db& db) {
  if (want.patterns.empty() || want.patterns[0].find(':') == std::string::npos) return std::string();
  const std::string& pattern = want.patterns[0];
  std::vector<std::string> there = TRY(db.ecosystems(pattern.substr(0, pattern.find(':') + 1)));
  if (there.empty()) return std::string();
  constexpr std::size_t kShown = 12;
  const std::size_t more = there.size() > kShown ? there.size() - kShown : 0;
  there.resize(there.size() - more);
  return ", only for " + join(there, ", ") + (more == 0 ? "" : " and " + std::to_string(more) + " more");
}

// Whether any row judges packages of that type on any distribution.
bool known_type(const std::string& type) {
  return std::ranges::find(all_ecosystems(), type, &Ecosystem::type) != all_ecosystems().end();
}

// Finds who judges the packages of a type; what keeps them from being judged becomes a note.
Result<Scope> scope_of(const std::string& type, const Inventory& inventory, const Db& db,
                       std::vector<Note>& notes) {
  const std::optional<Distro>& distro = inventory.distro;
  const auto note = [&](const std::string& what) {
    notes.push_back({distro ? distro->path : Path(), Why::no_data, what});
  };
  const auto count = std::ranges::count(inventory.packages, type, &Package::type);
  const std::string not_judged = " (" + packages(count, type) + " not judged)";
  if (!known_type(type)) {
    note("type " + type + ": no advisories are known for it" + not_judged);
    return Scope{};
  }
  const Distro system = distro.value_or(Distro{});
  Scope scope{.row = find_ecosystem(type, system), .ecosystems = {}};
  if (scope.row == nullptr) {
    note(system.id.empty()
             ? "operating system: not recognised" + not_judged
             : system_name(system) + ": no advisories are known for its " + type + " packages" + not_judged);
    return scope;
  }
  const std::string whose = scope.row->distros.empty() ? type : system_name(system);
  const Wanted want = wanted(*scope.row, system);
  scope.ecosystems = TRY(present(want.patterns, db));
  if (scope.ecosystems.empty()) {
    const std::string others = TRY(other_releases(want, db));
    note(whose + ": the database has no advisories for " + join(want.patterns, " or ") + others + not_judged);
    return scope;
  }
  if (scope.row->distros.empty()) return scope;
  // A record may name the distribution without a release: it speaks of all of them.
  const std::string whole = want.patterns[0].substr(0, want.patterns[0].find(':'));
  const std::vector<std::string> bare = TRY(present({whole}, db));
  for (const std::string& one : bare) {
    if (std::ranges::find(scope.ecosystems, one) == scope.ecosystems.end()) scope.ecosystems.push_back(one);
  }
  if (want.rolling) {
    note(whose + ": a release without a number, judged by " + join(scope.ecosystems, ", ") +
         ", which need not name all that is known");
  }
  return scope;
}

std::string label(const Package& package) { return package.name + " " + full_version(package); }

Proof proof(const Subject& subject, const std::string& ecosystem, const Advisory& advisory,
            Judgement&& judgement) {
  return {.advisory = advisory.id,
          .publisher = advisory.publisher,
          .ecosystem = ecosystem,
          .key = subject.key,
          .by_source = subject.by_source,
          .scheme = std::string(subject.row->scheme),
          .installed = subject.version,
          .range = std::move(judgement.range),
          .comparison = std::move(judgement.comparison),
          .fixed_in = std::move(judgement.fixed_in)};
}

// What is known about the packages that share all that is judged: the binary packages of one source.
struct Known {
  struct Doubt {
    Why why{};
    std::string what;
    std::string advisory = {};  // that cannot be judged; empty: it is about something else
  };
  std::vector<Finding> findings;  // by severity (highest first), then id; their package is not set
  std::vector<Doubt> doubts;
};

// All that the judgement of a package depends on, its scope aside.
std::string identity(const std::vector<Subject>& all) {
  std::string out;
  for (const Subject& subject : all) {
    const Package& package = *subject.package;
    out += package.type + '\n' + subject.key + '\n' + subject.version + '\n' + package.arch + '\n';
    out += subject.order.epochs == Order::Epochs::as_written ? "+\n" : "-\n";
    if (subject.row->peculiar == Ecosystem::Peculiar::enterprise_linux) {
      out += package.version + '\n' + package.modularity + '\n';
    }
  }
  return out;
}

// What a record says about a package in the words of its distribution.
std::vector<const Affected*> said_of(const Advisory& record, const Scope& scope, const Package& package) {
  std::vector<const Affected*> all;
  for (const Affected& one : record.affected) {
    const bool same = one.package == package.name || one.package == package.source;
    if (same && std::ranges::find(scope.ecosystems, one.ecosystem) != scope.ecosystems.end())
      all.push_back(&one);
  }
  return all;
}

// Of a record that does not find the package affected.
std::string harmless(const std::vector<const Affected*>& said) {
  for (const Affected* one : said) {
    for (const Range& range : one->ranges) {
      const auto fix = std::ranges::find(range.events, Event::Kind::fixed, &Event::kind);
      if (one->standing != Standing::not_affected && fix != range.events.end())
        return "fixed in " + fix->version;
    }
  }
  return "not affected";
}

bool is_called(const Finding& finding, const std::vector<std::string>& names) {
  return std::ranges::any_of(names, [&](const std::string& name) {
    return finding.id == name || std::ranges::find(finding.names, name) != finding.names.end();
  });
}

// One run of match(): walks the packages, gathers hits, makes findings.
struct Matcher {
  Answers answers;
  Findings findings;
  std::unordered_map<std::string, Known> known;

  // entries: one advisory's.
  Status judge(std::span<const Entry> entries, const Subject& subject, std::vector<Hit>& hits,
               Known& result) {
    std::optional<Opinion> opinion = assess(entries, subject);
    if (!opinion) return {};
    const std::string& id = entries.front().advisory;
    if (opinion->judgement.answer == Judgement::Answer::undetermined) {
      result.doubts.push_back({Why::unordered, id + " cannot be judged: " + opinion->judgement.doubt, id});
      return {};
    }
    const Advisory* advisory = TRY(answers.advisory(id));
    if (advisory == nullptr)
      return fail(Errc::damaged, "database: no record of " + id + ", which its index names");
    const std::string first = first_of_series(id);
    const Advisory* inherited = first.empty() ? nullptr : TRY(answers.advisory(first));
    const std::string& ecosystem = entries.front().affected.ecosystem;
    hits.push_back({.advisory = advisory,
                    .about = about(*advisory, inherited),
                    .standing = opinion->standing,
                    .urgency = std::move(opinion->urgency),
                    .vectors = std::move(opinion->vectors),
                    .proof = proof(subject, ecosystem, *advisory, std::move(opinion->judgement))});
    return {};
  }

  // The closure of the hits' names over all records, also those about other packages.
  Result<std::vector<Synonyms>> synonyms_of(const std::vector<Hit>& hits, Known& result) {
    std::vector<std::string> names;
    std::unordered_set<std::string> seen;
    const auto add = [&](const std::string& name) {
      // Nobody but the record itself, which is a hit, bears the name of a distribution's copy of a CVE.
      if (!is_copy(name) && seen.insert(name).second) names.push_back(name);
    };
    for (const Hit& hit : hits) {
      for (const Vulnerability& one : hit.about) std::ranges::for_each(one.same, add);
    }
    const std::size_t most = kMostSynonyms * (names.size() + 1);
    std::vector<Synonyms> all;
    for (std::size_t at = 0; at < names.size() && at < most; ++at) {
      const std::string name = names[at];
      for (const Advisory* record : *TRY(answers.named(name))) {
        Synonyms same = synonyms(*record, name);
        if (same.size() < 2) continue;
        std::ranges::for_each(same, add);
        all.push_back(std::move(same));
      }
    }
    if (names.size() > most) {
      result.doubts.push_back({Why::too_big, "names of its vulnerabilities: more than " +
                                                 std::to_string(most) + ", the rest is not joined"});
    }
    return all;
  }

  Result<Known> judge_all(const std::vector<Subject>& subjects, const Scope& scope) {
    Known result;
    std::vector<Hit> hits;
    for (const Subject& subject : subjects) {
      for (const std::string& ecosystem : scope.ecosystems) {
        const std::vector<Entry> entries = TRY(answers.lookup(ecosystem, subject));
        for (auto from = entries.begin(); from != entries.end();) {
          const auto other = [&](const Entry& entry) { return entry.advisory != from->advisory; };
          const auto to = std::find_if(from, entries.end(), other);
          TRY(judge({from, to}, subject, hits, result));
          from = to;
        }
      }
    }
    const std::vector<Synonyms> synonyms = TRY(synonyms_of(hits, result));
    if (!hits.empty()) result.findings = group(hits, synonyms, *find_scheme(scope.row->scheme));
    for (Finding& finding : result.findings) {
      const std::vector<const Advisory*>& records = *TRY(answers.named(finding.id));
      enrich(records, finding);
      finding.risks = TRY(answers.risks(finding.id));
      finding.risk = risk_score(finding);
    }
    std::ranges::sort(result.findings, [](const Finding& a, const Finding& b) {
      return a.severity != b.severity ? a.severity > b.severity : a.id < b.id;
    });
    return result;
  }

  Result<const Known*> known_of(const Package& package, const Scope& scope) {
    const std::vector<Subject> all = subjects(*scope.row, package);
    const auto [found, fresh] = known.try_emplace(identity(all));
    if (fresh) found->second = TRY(judge_all(all, scope));
    return &found->second;
  }

  // A language package out of a system package is judged by the distribution, which backports fixes under old numbers: where
  // it speaks of the vulnerability, its word counts (and is among the findings of the system package, if it says
  // "affected"); where it is silent, or cannot be understood, the finding stands. The reason; empty: the finding stands.
  Result<std::string> overruled(const Finding& finding, const Package& owner, const Scope& scope) {
    if (scope.ecosystems.empty()) return std::string();
    std::vector<std::string> names = finding.names;
    names.push_back(finding.id);
    const Known& judged = *TRY(known_of(owner, scope));
    const bool affected =
        std::ranges::any_of(judged.findings, [&](const Finding& one) { return is_called(one, names); });
    std::string reason;
    for (const std::string& name : names) {
      for (const Advisory* record : *TRY(answers.named(name))) {
        if (std::ranges::find(judged.doubts, record->id, &Known::Doubt::advisory) != judged.doubts.end())
          return std::string();
        const std::vector<const Affected*> said = said_of(*record, scope, owner);
        if (said.empty() || !reason.empty()) continue;
        reason = "installed by " + owner.type + " package " + label(owner) +
                 ", which its distribution judges: " + record->id + ": " +
                 (affected ? "affected, among that package's findings" : harmless(said));
      }
    }
    return reason;
  }

  Status settle(std::size_t index, const Finding& finding, const std::vector<Package>& packages,
                const std::map<std::string, Scope>& scopes) {
    const std::optional<std::size_t> owner = packages[index].owner;
    std::string reason;
    if (packages[index].remnant) {
      reason = "remnant: none of the files of " + packages[index].type + " package " +
               label(packages[index]) + " is in the image";
    } else if (finding.kind == Advisory::Kind::informational) {
      reason = "informational, no hole in a version: " + finding.proofs.front().advisory;
    } else if (owner) {
      reason = TRY(overruled(finding, packages[*owner], scopes.at(packages[*owner].type)));
    }
    if (reason.empty()) {
      findings.list.push_back(finding);
      findings.list.back().package = index;
    } else {
      findings.suppressed.push_back({finding, std::move(reason)});
      findings.suppressed.back().finding.package = index;
    }
    return {};
  }

  Status match_package(std::size_t index, const std::vector<Package>& packages,
                       const std::map<std::string, Scope>& scopes) {
    const Package& package = packages[index];
    const Scope& scope = scopes.at(package.type);
    const Known& judged = *TRY(known_of(package, scope));
    for (const Finding& finding : judged.findings) TRY(settle(index, finding, packages, scopes));
    for (const Known::Doubt& doubt : judged.doubts) {
      findings.notes.push_back({package.path, doubt.why, label(package) + ": " + doubt.what});
    }
    return {};
  }
};

// The packages by type, name and version: the order of the findings.
std::vector<std::size_t> in_order(const std::vector<Package>& packages) {
  std::vector<std::size_t> order(packages.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    const Package &x = packages[a], &y = packages[b];
    return std::tie(x.type, x.name, x.version, x.arch, x.path, a) <
           std::tie(y.type, y.name, y.version, y.arch, y.path, b);
  });
  return order;
}

void sort(std::vector<Note>& notes) {
  std::ranges::sort(notes);
  const auto twice = std::ranges::unique(notes);
  notes.erase(twice.begin(), twice.end());
}

}  // namespace

Result<Findings> match(const Inventory& inventory, const Db& db) {
  const Timer timer("match");
  std::set<std::string> types;
  for (const Package& package : inventory.packages) types.insert(package.type);
  Matcher matcher{.answers = Answers(db), .findings = {}, .known = {}};
  std::map<std::string, Scope> scopes;
  if (types.empty()) {
    matcher.findings.notes.push_back(
        {Path(), Why::no_data, "no packages were found in the image: nothing to judge"});
  }
  for (const std::string& type : types) {
    scopes[type] = TRY(scope_of(type, inventory, db, matcher.findings.notes));
  }
  matcher.findings.list.reserve(inventory.packages.size());
  for (const std::size_t i : in_order(inventory.packages)) {
    const Scope& scope = scopes[inventory.packages[i].type];
    if (scope.ecosystems.empty()) continue;
    TRY(matcher.match_package(i, inventory.packages, scopes));
    ++matcher.findings.judged;
  }
  sort(matcher.findings.notes);
  return std::move(matcher.findings);
}

}  // namespace peekr

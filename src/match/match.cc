// SPDX-License-Identifier: Apache-2.0
// Asks the database; what it finds is judged by pure functions (but for scope and explain, which ask it, too):
//   scope      who judges a type of packages        assess  one advisory, one package     range     version in range
//   ecosystem  which rows and ecosystem strings     denials who says otherwise             decide    who is believed
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
#include "match/denials.h"
#include "match/enrich.h"
#include "match/group.h"
#include "match/kernel.h"
#include "match/scope.h"

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

  struct Named {
    std::vector<const Advisory*> records, withdrawn;
  };
  // All records with that name.
  Result<const Named*> named(const std::string& id) {
    if (const auto found = named_.find(id); found != named_.end()) return &found->second;
    Named all;
    const std::vector<std::string> ids = TRY(db_.named(id));
    for (const std::string& one : ids) {
      const Advisory* record = TRY(advisory(one));
      if (record != nullptr) (record->withdrawn.empty() ? all.records : all.withdrawn).push_back(record);
    }
    return &named_.emplace(id, std::move(all)).first->second;
  }

  // Of a record with very many at once, too.
  bool has_alias(const Advisory& record, const std::string& name) {
    constexpr std::size_t kFew = 16;
    if (record.aliases.size() <= kFew) return std::ranges::find(record.aliases, name) != record.aliases.end();
    std::unordered_set<std::string_view>& all = aliases_[&record];
    if (all.empty()) all.insert(record.aliases.begin(), record.aliases.end());
    return all.contains(name);
  }

 private:
  const Db& db_;
  std::unordered_map<std::string, std::optional<Advisory>> advisories_;
  std::unordered_map<std::string, Named> named_;
  std::unordered_map<const Advisory*, std::unordered_set<std::string_view>> aliases_;  // of some records
};

std::string label(const Package& package) { return package.name + " " + full_version(package); }

bool worse(const Finding& a, const Finding& b) {
  return a.severity != b.severity ? a.severity > b.severity : a.id < b.id;
}

// What is known about the packages that share all that is judged: the binary packages of one source.
struct Known {
  struct Doubt {
    Why why{};
    std::string what;
    std::string advisory = {};  // that cannot be judged; empty: it is about something else
  };
  std::vector<Finding> findings;  // by severity (highest first), then id; their package is not set
  std::vector<Suppressed> overruled;
  std::vector<Doubt> doubts;
};

// All that the judgement of a package depends on, its scope aside.
std::string identity(const std::vector<Subject>& all, const Channels& who) {
  std::string out = join(who.first, "\n") + '\f' + join(who.then, "\n") + '\f' + who.doubt + '\f';
  for (const Subject& subject : all) {
    const Package& package = *subject.package;
    if (is_of_windows(package)) out += "windows\n";
    out += package.type + '\n' + subject.key + '\n' + subject.version + '\n' + package.arch + '\n';
    out += subject.order.epochs == Order::Epochs::as_written ? "+\n" : "-\n";
    if (is_enterprise(*subject.row)) {
      out += package.version + '\n' + package.modularity + '\n';
    }
  }
  return out;
}

// What a record says about a package in the words of those who judge it.
std::vector<Affected> said_of(const Advisory& record, const Judged& judged) {
  std::vector<std::string> ecosystems = judged.channels.first;
  if (judged.channels.role == Channels::Then::finds)
    ecosystems.insert(ecosystems.end(), judged.channels.then.begin(), judged.channels.then.end());
  std::vector<Affected> all;
  for (const Subject& subject : judged.subjects) {
    for (const std::string& ecosystem : ecosystems) {
      for (Entry& entry : entries_of(record, ecosystem, subject)) {
        if (is_about(entry, subject)) all.push_back(std::move(entry.affected));
      }
    }
  }
  return all;
}

// Of a record that does not find the package affected.
std::string harmless(const std::vector<Affected>& said) {
  for (const Affected& one : said) {
    for (const Range& range : one.ranges) {
      const auto fix = std::ranges::find(range.events, Event::Kind::fixed, &Event::kind);
      if (one.standing != Standing::not_affected && fix != range.events.end())
        return "fixed in " + fix->version;
    }
  }
  return "not affected";
}

bool is_called(const Finding& finding, const std::vector<std::string>& names) {
  return std::ranges::any_of(names, [&](const std::string& name) {
    return finding.id == name || std::ranges::binary_search(finding.names, name);  // group() has sorted them
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
    if (opinion->standing == Standing::not_affected)
      return {};  // where somebody else differs: see add_denials
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
  Result<Related> related(const std::vector<Hit>& hits, Known& result) {
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
    std::set<std::pair<const Advisory*, bool>> heard;  // by its id, or by an alias: it says the same of all
    Related all;
    for (std::size_t at = 0; at < names.size() && at < most; ++at) {
      const std::string name = names[at];
      const Answers::Named& named = *TRY(answers.named(name));
      all.records.insert(all.records.end(), named.records.begin(), named.records.end());
      all.withdrawn.insert(all.withdrawn.end(), named.withdrawn.begin(), named.withdrawn.end());
      for (const Advisory* record : named.records) {
        const bool by_id = record->id == name;
        if (!by_id && !answers.has_alias(*record, name)) continue;
        if (!heard.emplace(record, by_id).second) continue;
        Synonyms same = synonyms(*record, name);
        if (same.size() < 2) continue;
        std::ranges::for_each(same, add);
        all.synonyms.push_back(std::move(same));
      }
    }
    if (names.size() > most) {
      result.doubts.push_back({Why::too_big, "names of its vulnerabilities: more than " +
                                                 std::to_string(most) + ", the rest is not joined"});
    }
    return all;
  }

  // What is known of a finding beside the records that found it.
  Status complete(Finding& finding) {
    enrich((*TRY(answers.named(finding.id))).records, finding);
    finding.risks = TRY(answers.risks(finding.id));
    finding.risk = risk_score(finding);
    return {};
  }

  // What the ecosystems' advisories find in the package.
  Status add_hits(const std::vector<std::string>& ecosystems, const Judged& judged, std::vector<Hit>& hits,
                  Known& result) {
    for (const Subject& subject : judged.subjects) {
      for (const std::string& ecosystem : ecosystems) {
        const std::vector<Entry> entries = TRY(answers.lookup(ecosystem, subject));
        for (auto from = entries.begin(); from != entries.end();) {
          const auto other = [&](const Entry& entry) { return entry.advisory != from->advisory; };
          const auto to = std::find_if(from, entries.end(), other);
          TRY(judge({from, to}, subject, hits, result));
          from = to;
        }
      }
    }
    return {};
  }

  Result<Known> judge_all(const Judged& judged) {
    Known result;
    std::vector<Hit> hits;
    if (!judged.channels.doubt.empty()) result.doubts.push_back({Why::no_data, judged.channels.doubt});
    TRY(add_hits(judged.channels.first, judged, hits, result));
    const std::size_t first = hits.size();
    TRY(add_hits(judged.channels.then, judged, hits, result));
    const auto channel =
        judged.channels.role == Channels::Then::finds ? Hit::Channel::then : Hit::Channel::fixes;
    for (std::size_t i = first; i < hits.size(); ++i) hits[i].channel = channel;
    if (hits.empty()) return result;
    const Related all = TRY(related(hits, result));
    add_denials(all, judged, hits);
    Grouped grouped = group(hits, all.synonyms, *find_scheme(judged.scope.row->scheme));
    for (Finding& finding : grouped.standing) TRY(complete(finding));
    for (Suppressed& one : grouped.overruled) TRY(complete(one.finding));
    result.findings = std::move(grouped.standing);
    result.overruled = std::move(grouped.overruled);
    std::ranges::sort(result.findings, worse);
    std::ranges::sort(result.overruled, worse, &Suppressed::finding);
    return result;
  }

  Result<const Known*> known_of(const Package& package, const Scope& scope) {
    const std::vector<Subject> all = subjects(*scope.row, package);
    const Channels who = channels(scope, package);
    const auto [found, fresh] = known.try_emplace(identity(all, who));
    if (fresh) found->second = TRY(judge_all({scope, all, who}));
    return &found->second;
  }

  // A language package out of a system package is judged by the distribution, which backports fixes under old numbers: where
  // it speaks of the vulnerability, its word counts (and is among the findings of the system package, if it says
  // "affected"); where it is silent, or cannot be understood, the finding stands. The reason; empty: the finding stands.
  Result<std::string> judged_by_owner(const Finding& finding, const Package& owner, const Scope& scope) {
    if (scope.ecosystems.empty()) return std::string();
    std::vector<std::string> names = finding.names;
    names.push_back(finding.id);
    const Known& known_of_owner = *TRY(known_of(owner, scope));
    const std::vector<Subject> all = subjects(*scope.row, owner);
    const Channels who = channels(scope, owner);
    const bool affected = std::ranges::any_of(known_of_owner.findings,
                                              [&](const Finding& one) { return is_called(one, names); });
    std::string reason;
    for (const std::string& name : names) {
      for (const Advisory* record : (*TRY(answers.named(name))).records) {
        if (std::ranges::find(known_of_owner.doubts, record->id, &Known::Doubt::advisory) !=
            known_of_owner.doubts.end())
          return std::string();
        const std::vector<Affected> said = said_of(*record, {scope, all, who});
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
    Suppressed one;
    if (packages[index].remnant) {
      one.rule = Suppressed::Rule::remnant;
      one.reason = "remnant: none of the files of " + packages[index].type + " package " +
                   label(packages[index]) + " is in the image";
    } else if (finding.kind == Advisory::Kind::informational) {
      one.reason = "informational, no hole in a version: " + finding.proofs.front().advisory;
    } else if (is_beside_kernel(packages[index])) {
      one.rule = Suppressed::Rule::host_kernel;
      one.reason =
          "built from the source of " + packages[index].source + ", but no kernel: the host's kernel runs";
    } else if (owner) {
      one.rule = Suppressed::Rule::distribution;
      one.reason = TRY(judged_by_owner(finding, packages[*owner], scopes.at(packages[*owner].type)));
    }
    if (one.reason.empty()) {
      findings.list.push_back(finding);
      place(index, packages[index], findings.list.back());
    } else {
      one.finding = finding;
      suppress(index, packages[index], std::move(one));
    }
    return {};
  }

  static void place(std::size_t index, const Package& package, Finding& finding) {
    finding.package = index;
    if (!package.by_content) return;
    finding.confidence = Confidence::potential;
    finding.confidence_by =
        "known by the bytes of the file alone: no package database and no manifest names it";
  }

  void suppress(std::size_t index, const Package& package, Suppressed one) {
    findings.suppressed.push_back(std::move(one));
    place(index, package, findings.suppressed.back().finding);
  }

  Status match_package(std::size_t index, const std::vector<Package>& packages,
                       const std::map<std::string, Scope>& scopes) {
    const Package& package = packages[index];
    const Scope& scope = scopes.at(package.type);
    const Known& judged = *TRY(known_of(package, scope));
    for (const Finding& finding : judged.findings) TRY(settle(index, finding, packages, scopes));
    for (const Suppressed& one : judged.overruled) suppress(index, package, one);
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

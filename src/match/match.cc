// SPDX-License-Identifier: Apache-2.0
// Asks the database; what it finds is judged by pure functions (but for scope, maven and explain, which ask it, too):
//   scope      who judges a type of packages        channels  who of them one package      questions  what is asked once
//   assess     one advisory, one package            range     version in range
//   ecosystem  which rows and ecosystem strings     denials who says otherwise             decide    who is believed
//   group      many records, one finding            names   what means the same           severity  how bad
//   enrich     what other records know, and the risk  maven  which names a jar's may mean
//   fix        which version all of them call fixed
//   judge      all of these, for one package: the packages that share what is judged are judged once, by several threads
#include "match/match.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>

#include "base/text.h"
#include "base/timer.h"
#include "match/assess.h"
#include "match/channels.h"
#include "match/denials.h"
#include "match/judge.h"
#include "match/kernel.h"
#include "match/maven.h"
#include "match/questions.h"
#include "match/unknown_software.h"
#include "match/unsaid_sources.h"
#include "match/unsaid_vendors.h"
#include "model/order.h"
#include "model/third_party.h"

namespace peekr {
namespace {

std::string label(const Package& package) { return package.name + " " + full_version(package); }

// What a record says about a package in the words of those who judge it.
std::vector<Affected> said_of(const Advisory& record, const Judged& judged) {
  std::vector<std::string> ecosystems = judged.channels.first;
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

// One run of match(): walks the packages, makes findings.
struct Matcher {
  const std::vector<Package>& packages;
  std::vector<bool> foreign;  // by package: it is a third party's
  const Questions& questions;
  std::vector<Known>& known;         // by question; the last who needs one takes its findings
  std::vector<std::size_t> waiting;  // by question: who still needs it
  Judge judge;
  Findings findings = {};

  // A language package out of a system package is judged by the distribution, which backports fixes under old numbers: where
  // it speaks of the vulnerability, its word counts (and is among the findings of the system package, if it says
  // "affected"); where it is silent, or cannot be understood, the finding stands. The reason; empty: the finding stands.
  Result<std::string> judged_by_owner(const Finding& finding, std::size_t owner) {
    if (questions.of[owner] == Questions::kNone) return std::string();
    std::vector<std::string> names = finding.names;
    names.push_back(finding.id);
    const Known& known_of_owner = known[questions.of[owner]];
    const Question& asked = questions.all[questions.of[owner]];
    const bool affected = std::ranges::any_of(known_of_owner.findings,
                                              [&](const Finding& one) { return is_called(one, names); });
    std::string reason;
    for (const std::string& name : names) {
      for (const Advisory* record : *TRY(judge.records(name))) {
        if (std::ranges::find(known_of_owner.doubts, record->id, &Known::Doubt::advisory) !=
            known_of_owner.doubts.end())
          return std::string();
        const std::vector<Affected> said = said_of(*record, {*asked.scope, asked.subjects, asked.channels});
        if (said.empty() || !reason.empty()) continue;
        reason = "installed by " + packages[owner].type + " package " + label(packages[owner]) +
                 ", which its distribution judges: " + record->id + ": " +
                 (affected ? "affected, among that package's findings" : harmless(said));
      }
    }
    return reason;
  }

  Status settle(std::size_t index, Finding finding) {
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
    } else if (owner && !foreign[*owner]) {
      one.rule = Suppressed::Rule::distribution;
      one.reason = TRY(judged_by_owner(finding, *owner));
    }
    if (one.reason.empty()) {
      findings.list.push_back(std::move(finding));
      place(index, packages[index], findings.list.back());
    } else {
      one.finding = std::move(finding);
      suppress(index, packages[index], std::move(one));
    }
    return {};
  }

  void place(std::size_t index, const Package& package, Finding& finding) const {
    finding.package = index;
    const std::string& key = finding.proofs.front().key;
    const bool guessed = package.type == "maven" && key != package.name && !is_part_of(package.name, key);
    // In an SBOM, too, which does not say by what the software was recognised.
    const bool is_software = questions.all[questions.of[index]].scope->row->key == Ecosystem::Key::software;
    if (!package.by_content && !is_software && !foreign[index] && !guessed) return;
    finding.confidence = Confidence::potential;
    finding.confidence_by =
        guessed ? "by its artifact id alone: that it is " + key + " is a guess"
        : foreign[index]
            ? "a third party's package: the distribution's records are about its own of that name"
        : package.by_content
            ? "known by the bytes of the file alone: no package database and no manifest names it"
            : "known as " + key + " alone: it is a package of no ecosystem";
  }

  // What the distribution knows to be fixed in its own package says nothing about another's of that name.
  void note_third_parties() {
    std::map<std::string, std::pair<std::size_t, std::size_t>> publishers;  // first package, how many
    for (std::size_t i = 0; i < packages.size(); ++i) {
      if (questions.of[i] == Questions::kNone || !foreign[i]) continue;
      const Package& one = packages[i];
      ++publishers.try_emplace(one.type == "rpm" ? one.vendor : one.maintainer, i, 0).first->second.second;
    }
    for (const auto& [name, one] : publishers) {
      const Package& first = packages[one.first];
      const std::string more = one.second == 1 ? "" : " and " + std::to_string(one.second - 1) + " more";
      findings.notes.push_back(
          {first.path, Why::no_data,
           label(first) + more + ": made by " + name +
               ", of whose packages no feed speaks: judged by the distribution's records of "
               "its own of that name"});
    }
  }

  void suppress(std::size_t index, const Package& package, Suppressed one) {
    findings.suppressed.push_back(std::move(one));
    place(index, package, findings.suppressed.back().finding);
  }

  Status match_package(std::size_t index) {
    const Package& package = packages[index];
    Known& judged = known[questions.of[index]];
    const bool last = --waiting[questions.of[index]] == 0;
    for (Finding& finding : judged.findings) TRY(settle(index, last ? std::move(finding) : finding));
    for (const Suppressed& one : judged.overruled) suppress(index, package, one);
    for (const auto& [why, what] : told(judged.doubts))
      findings.notes.push_back({package.path, why, label(package) + ": " + what});
    return {};
  }
};

// Which is that of the findings.
std::vector<std::size_t> in_order(const std::vector<Package>& packages) {
  std::vector<std::size_t> order(packages.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return package_before(packages, a, b); });
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
  const std::vector<Package>& packages = inventory.packages;
  std::vector<Note> notes;
  if (packages.empty())
    notes.push_back({Path(), Why::no_data, "no packages were found in the image: nothing to judge"});
  const Scopes scopes = TRY(Scopes::of(inventory, db, notes));
  TRY(note_unsaid_sources(inventory, scopes, db, notes));
  TRY(note_unsaid_vendors(inventory, scopes, db, notes));
  const std::vector<bool> unknown = TRY(unknown_software(inventory, scopes, db, notes));
  const Questions questions(packages, scopes, unknown);
  std::vector<Known> known = TRY(questions.judged(db));
  std::vector<bool> foreign;
  for (const Package& package : packages) foreign.push_back(is_of_third_party(package, inventory.distro));
  Matcher matcher{packages, std::move(foreign), questions, known, questions.asked_by(packages), Judge(db)};
  matcher.findings.list.reserve(packages.size());
  for (const std::size_t i : in_order(packages)) {
    if (questions.of[i] == Questions::kNone) continue;
    TRY(matcher.match_package(i));
    ++matcher.findings.judged;
  }
  leave_to_neighbours(packages, matcher.findings.list);
  matcher.note_third_parties();
  Findings& findings = matcher.findings;
  findings.notes.insert(findings.notes.end(), notes.begin(), notes.end());
  sort(findings.notes);
  return std::move(findings);
}

}  // namespace peekr

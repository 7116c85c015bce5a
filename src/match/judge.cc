// SPDX-License-Identifier: Apache-2.0
#include "match/judge.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "match/assess.h"
#include "match/channels.h"
#include "match/enrich.h"
#include "match/fix.h"
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

  // Of several sources.
  Result<const std::vector<Sourced>*> records(const std::string& id) {
    if (const auto found = records_.find(id); found != records_.end()) return &found->second;
    std::vector<Sourced> records = TRY(db_.records(id));
    return &records_.emplace(id, std::move(records)).first->second;
  }
  // Null: there is none.
  Result<const Advisory*> advisory(const std::string& id) {
    const std::vector<Sourced>& all = *TRY(records(id));
    return all.empty() ? nullptr : &all.front().advisory;
  }
  // Which one of them an entry about that subject is of.
  Result<const Advisory*> advisory_of(const Entry& entry, const Subject& subject) {
    const std::vector<Sourced>& all = *TRY(records(entry.advisory));
    if (all.size() == 1) return &all.front().advisory;
    const auto found = std::ranges::find_if(all, [&](const Sourced& one) {
      return !entries_of(one.advisory, entry.affected.ecosystem, subject).empty();
    });
    return found == all.end() ? nullptr : &found->advisory;
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
      for (const auto& [source, record] : *TRY(records(one)))
        (record.withdrawn.empty() ? all.records : all.withdrawn).push_back(&record);
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
  std::unordered_map<std::string, std::vector<Sourced>> records_;
  std::unordered_map<std::string, Named> named_;
  std::unordered_map<const Advisory*, std::unordered_set<std::string_view>> aliases_;  // of some records
};

bool worse(const Finding& a, const Finding& b) {
  return a.severity != b.severity ? a.severity > b.severity : a.id < b.id;
}

}  // namespace

struct Judge::Impl {
  Answers answers;

  // entries: one advisory's.
  Status judge(std::span<const Entry> entries, const Subject& subject, std::vector<Hit>& hits,
               Known& result) {
    std::optional<Opinion> opinion = assess(entries, subject);
    if (!opinion) return {};
    const std::string& id = entries.front().advisory;
    if (opinion->judgement.answer == Judgement::Answer::undetermined) {
      result.doubts.push_back({Why::unordered, opinion->judgement.doubt, id});
      return {};
    }
    if (opinion->standing == Standing::not_affected)
      return {};  // where somebody else differs: see add_denials
    const Advisory* advisory = TRY(answers.advisory_of(entries.front(), subject));
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

  // What its records say of the package, but for those whose fix not everybody gets.
  Result<std::vector<RecordEntries>> said_by(const std::vector<Proof>& proofs, const Judged& judged) {
    std::vector<RecordEntries> all;
    for (const Proof& proof : proofs) {
      if (!proof.needs.empty()) continue;
      const auto subject = std::ranges::find_if(judged.subjects, [&](const Subject& one) {
        return one.key == proof.key && one.by_source == proof.by_source;
      });
      if (subject == judged.subjects.end()) continue;
      for (const auto& [source, record] : *TRY(answers.records(proof.advisory)))
        all.push_back({entries_of(record, proof.ecosystem, *subject), &*subject, &record});
    }
    std::erase_if(all, [](const RecordEntries& one) { return one.entries.empty(); });
    return all;
  }

  // One of its records may find affected what another calls fixed.
  Status settle_fix(const Judged& judged, Finding& finding) {
    const auto agrees = [&](const Proof& one) { return one.fixed_in == finding.fixed_in; };
    if (finding.fixed_in.empty() || std::ranges::all_of(finding.proofs, agrees)) return {};
    // Nobody takes a build of another minor release.
    if (std::ranges::any_of(finding.proofs, is_of_own_minor_release)) return {};
    const std::vector<RecordEntries> all = TRY(said_by(finding.proofs, judged));
    std::string fix = fixed_for_all(finding.fixed_in, all);
    if (fix == finding.fixed_in) return {};
    finding.fix_published = fix_published(fix, all);
    finding.fixed_in = std::move(fix);
    return {};
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

  // Of a record that names the package in the products that all have, too, these decide: an erratum has no other way to say that a
  // version is fixed.
  static void leave_out_named(const Judged& judged, std::size_t from, std::vector<Hit>& hits) {
    const auto is_named = [&](const Hit& hit) {
      return std::ranges::any_of(judged.subjects, [&](const Subject& subject) {
        return std::ranges::any_of(judged.channels.first, [&](const std::string& ecosystem) {
          return !entries_of(*hit.advisory, ecosystem, subject).empty();
        });
      });
    };
    hits.erase(std::remove_if(hits.begin() + static_cast<std::ptrdiff_t>(from), hits.end(), is_named),
               hits.end());
  }

  Result<Known> judge_all(const Judged& judged) {
    Known result;
    std::vector<Hit> hits;
    if (!judged.channels.doubt.empty()) result.doubts.push_back({Why::no_data, judged.channels.doubt});
    const Channels& who = judged.channels;
    for (const auto& [channel, ecosystems] :
         {std::pair(Hit::Channel::first, &who.first), std::pair(Hit::Channel::then, &who.then),
          std::pair(Hit::Channel::fixes, &who.fixes)}) {
      const std::size_t from = hits.size();
      TRY(add_hits(*ecosystems, judged, hits, result));
      for (std::size_t i = from; i < hits.size(); ++i) hits[i].channel = channel;
      const bool by_suse = judged.scope.row->peculiar == Ecosystem::Peculiar::suse;
      if (by_suse && channel == Hit::Channel::then) leave_out_named(judged, from, hits);
    }
    if (hits.empty()) return result;
    const Related all = TRY(related(hits, result));
    add_denials(all, judged, hits);
    Grouped grouped = group(hits, all.synonyms, *find_scheme(judged.scope.row->scheme));
    for (Finding& finding : grouped.standing) {
      TRY(settle_fix(judged, finding));
      TRY(complete(finding));
    }
    for (Suppressed& one : grouped.overruled) TRY(complete(one.finding));
    result.findings = std::move(grouped.standing);
    result.overruled = std::move(grouped.overruled);
    std::ranges::sort(result.findings, worse);
    std::ranges::sort(result.overruled, worse, &Suppressed::finding);
    return result;
  }
};

std::vector<std::pair<Why, std::string>> told(const std::vector<Known::Doubt>& doubts) {
  std::vector<std::pair<Why, std::string>> all;
  std::map<std::string, std::vector<std::string>> advisories;  // by the reason
  for (const Known::Doubt& one : doubts) {
    if (one.advisory.empty()) {
      all.emplace_back(one.why, one.what);
    } else {
      advisories[one.what].push_back(one.advisory);
    }
  }
  for (auto& [what, ids] : advisories) {
    sort_unique(ids);
    const std::string more = ids.size() == 1 ? "" : " and " + std::to_string(ids.size() - 1) + " more";
    all.emplace_back(Why::unordered, ids.front() + more + " cannot be judged: " + what);
  }
  return all;
}

Judge::Judge(const Db& db) : impl_(std::make_unique<Impl>(Answers(db))) {}
Judge::Judge(Judge&&) noexcept = default;
Judge::~Judge() = default;

Result<Known> Judge::judge(const Judged& judged) { return impl_->judge_all(judged); }

Result<const std::vector<const Advisory*>*> Judge::records(const std::string& name) {
  return &(*TRY(impl_->answers.named(name))).records;
}

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "match/explain.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "match/assess.h"
#include "match/channels.h"
#include "match/maven.h"
#include "match/names.h"

namespace peekr {
namespace {

constexpr std::size_t kMostNames = 256;

// What is asked for: its names, as asked for first, and every record that bears one of them, by id.
struct Known {
  std::vector<std::string> names;
  std::map<std::string, std::vector<Sourced>> records;
};

// A name as the records write it: people write it in any case.
Result<std::string> spelled(std::string_view id, const Db& db) {
  const std::string wanted = lower(id);
  const std::vector<std::string> ids = TRY(db.named(id));
  for (const std::string& one : ids) {
    const std::vector<Sourced> records = TRY(db.records(one));
    std::vector<std::string> names = {one};
    for (const auto& [source, record] : records) {
      for (const auto* more : {&record.aliases, &record.upstream, &record.related})
        names.insert(names.end(), more->begin(), more->end());
    }
    for (const std::string& name : names) {
      if (lower(name) == wanted) return name;
      if (lower(cve_of(name)) == wanted) return std::string(cve_of(name));
    }
  }
  return std::string(id);
}

Result<Known> known_of(std::string_view id, const Db& db) {
  Known known{.names = {std::string(id)}};
  std::vector<std::string>& names = known.names;
  std::unordered_set<std::string> seen(names.begin(), names.end());
  std::set<std::pair<const Advisory*, bool>> heard;
  const auto hear = [&](const Advisory& record, const std::string& name) {
    // What it says of one of its aliases it says of all.
    const bool by_id = record.id == id || record.id == name;
    const bool bears = by_id || std::ranges::find(record.aliases, name) != record.aliases.end();
    if (!bears || !heard.emplace(&record, by_id).second) return;
    for (std::string& same : synonyms(record, record.id == id ? record.id : name)) {
      if (seen.insert(same).second) names.push_back(std::move(same));
    }
  };
  for (std::size_t at = 0; at < names.size() && at < kMostNames; ++at) {
    const std::string name = names[at];
    const std::vector<std::string> ids = TRY(db.named(name));
    for (const std::string& one : ids) {
      auto found = known.records.find(one);
      if (found == known.records.end()) found = known.records.emplace(one, TRY(db.records(one))).first;
      for (const auto& [source, record] : found->second) hear(record, name);
    }
  }
  return known;
}

// The findings learn the name that is asked for where it is one of their vulnerability: it may be that of a record which none of
// them bears ("CVE5-CVE-2024-29041").
void teach(const std::vector<std::string>& names, Finding& finding) {
  const std::set<std::string_view> same(names.begin(), names.end());
  const auto is_one = [&](const std::string& name) { return same.contains(name); };
  if (!is_one(finding.id) && std::ranges::none_of(finding.names, is_one)) return;
  const std::string& asked = names.front();
  if (finding.id == asked) return;
  const auto at = std::ranges::lower_bound(finding.names, asked);
  if (at == finding.names.end() || *at != asked) finding.names.insert(at, asked);
}

std::string words(const Opinion& opinion) {
  using Answer = Judgement::Answer;
  if (opinion.standing == Standing::not_affected) return "not affected";
  if (opinion.judgement.answer == Answer::undetermined) return "cannot be judged: " + opinion.judgement.doubt;
  std::string text = "affected: " + opinion.judgement.range + " (" + opinion.judgement.comparison + ")";
  if (opinion.judgement.fixed_in.empty()) text += ", no fix";
  if (opinion.standing != Standing::affected) text += ", " + std::string(name(opinion.standing));
  return text;
}

// What one record says of one subject in one ecosystem; false: nothing.
bool listen(const Advisory& record, const std::string& ecosystem, const Subject& subject, Account& account) {
  using Word = Account::Word;
  const std::vector<Entry> entries = entries_of(record, ecosystem, subject);
  if (entries.empty()) return false;
  account.fixed_in.clear();
  if (const std::optional<Opinion> opinion = assess(entries, subject);
      opinion && opinion->standing != Standing::not_affected) {
    const bool unsure = opinion->judgement.answer == Judgement::Answer::undetermined;
    account.word = unsure ? Word::undetermined : Word::affected;
    account.says = words(*opinion);
  } else if (const std::optional<Denial> no = denial(entries, subject)) {
    account.word = !no->by_range          ? Word::not_affected
                   : no->fixed_in.empty() ? Word::out_of_range
                                          : Word::fixed;
    account.says = no->says + (no->by_range ? ", not " + subject.version : "");
    account.fixed_in = no->fixed_in;
  } else {
    account.word = Word::of_another;
    account.says = "of another system, architecture, module stream or kind of package";
  }
  account.ecosystem = ecosystem;
  const std::string needs = needed_for(*subject.row, ecosystem);
  if (!needs.empty()) account.says += ", for those who have " + needs;
  if (!record.withdrawn.empty()) account.says += "; withdrawn " + record.withdrawn.substr(0, 10);
  return true;
}

// The ecosystems in which a record names the subject's key.
std::string elsewhere(const Advisory& record, const Subject& subject) {
  std::set<std::string> names;
  for (const Affected& one : record.affected) {
    if (normalised_name(one.ecosystem, one.package) == normalised_name(one.ecosystem, subject.key))
      names.insert(one.ecosystem);
  }
  constexpr std::size_t kShown = 6;
  const std::size_t more = names.size() > kShown ? names.size() - kShown : 0;
  std::vector<std::string> shown(names.begin(), names.end());
  shown.resize(shown.size() - more);
  return join(shown, ", ") + (more == 0 ? "" : " and " + std::to_string(more) + " more");
}

// A record may name the package and its source: what it says of both is told once, of what differs by whose name it is.
struct Told {
  Account account;
  const Subject* subject;
};
std::vector<Account> each_once(std::vector<Told> words) {
  std::vector<Account> out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Account& one = words[i].account;
    const auto is_same = [&](const Told& other) {
      return other.account.ecosystem == one.ecosystem && other.account.says == one.says;
    };
    const auto beside = [&](const Told& other) {
      return other.account.ecosystem == one.ecosystem && other.account.word != Account::Word::of_another &&
             !is_same(other);
    };
    const bool another = std::ranges::any_of(words, beside);
    if (another && one.word == Account::Word::of_another) continue;
    if (std::any_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(i), is_same)) continue;
    out.push_back(one);
    if (another)
      out.back().says =
          words[i].subject->key + (words[i].subject->by_source ? ", its source: " : ": ") + one.says;
  }
  return out;
}

// One line for each ecosystem that judges the package and that the record has something to say in.
void tell(const Advisory& record, const Scope& scope, Account account, Report& report) {
  const Package& package = report.inventory.packages[account.package];
  const Channels who = channels(scope, package);
  std::string other;
  std::vector<Told> words;
  const std::vector<Subject> all = subjects(scope, package);
  for (const Subject& subject : all) {
    for (const auto* ecosystems : {&who.first, &who.then, &who.fixes}) {
      for (const std::string& ecosystem : *ecosystems) {
        if (listen(record, ecosystem, subject, account)) words.push_back({account, &subject});
      }
    }
    if (other.empty()) other = elsewhere(record, subject);
  }
  const bool any = !words.empty();
  std::ranges::move(each_once(std::move(words)), std::back_inserter(report.accounts));
  if (any || other.empty()) return;
  account.word = Account::Word::elsewhere;
  account.ecosystem.clear();
  account.says = "speaks of it in " + other + " only";
  report.accounts.push_back(std::move(account));
}

}  // namespace

Status explain(std::string_view id, const Db& db, Report& report) {
  report.explained = TRY(spelled(id, db));
  const Known known = TRY(known_of(report.explained, db));
  for (const auto& [name, records] : known.records) report.records += records.size();
  for (Finding& one : report.findings.list) teach(known.names, one);
  for (Suppressed& one : report.findings.suppressed) teach(known.names, one.finding);
  std::vector<Note> notes;  // match() has them
  const Scopes scopes = TRY(Scopes::of(report.inventory, db, notes));
  for (std::size_t i = 0; i < report.inventory.packages.size(); ++i) {
    const Scope& scope = scopes.at(report.inventory.packages[i]);
    if (!is_judged(scope)) continue;
    for (const auto& [name, records] : known.records) {
      for (const auto& [source, record] : records)
        tell(record, scope, {.package = i, .advisory = name, .publisher = record.publisher}, report);
    }
  }
  return {};
}

}  // namespace peekr

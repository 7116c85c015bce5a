// SPDX-License-Identifier: Apache-2.0
#include "match/questions.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/pool.h"
#include "base/text.h"
#include "match/maven.h"

namespace peekr {
namespace {

// All that the judgement of a package depends on, its scope aside.
std::string identity(const std::vector<Subject>& all, const Channels& who) {
  std::string out = join(who.first, "\n") + '\f' + join(who.then, "\n") + '\f' + join(who.fixes, "\n") +
                    '\f' + who.doubt + '\f';
  for (const Subject& subject : all) {
    const Package& package = *subject.package;
    out += std::string(subject.system) + '\n';
    out += package.type + '\n' + subject.key + '\n' + subject.version + '\n' + package.arch + '\n';
    out += subject.order.epochs == Order::Epochs::as_written ? "+\n" : "-\n";
    if (is_enterprise(*subject.row)) {
      out += package.version + '\n' + package.modularity + '\n';
    }
  }
  return out;
}

// Of what was not read since the machine was started, much is read at once.
void announce(const std::vector<Question>& all, const Db& db) {
  std::map<std::string_view, std::size_t> lookups;  // by ecosystem
  for (const Question& one : all) {
    for (const auto* ecosystems : {&one.channels.first, &one.channels.then, &one.channels.fixes}) {
      for (const std::string& ecosystem : *ecosystems) lookups[ecosystem] += one.subjects.size();
    }
  }
  for (const auto& [ecosystem, count] : lookups) db.expect(ecosystem, count);
}

}  // namespace

Questions::Questions(const std::vector<Package>& packages, const Scopes& scopes,
                     const std::vector<bool>& unknown) {
  std::unordered_map<std::string, std::size_t> seen;
  for (const Package& package : packages) {
    const Scope& scope = scopes.at(package);
    of.push_back(kNone);
    if (!is_judged(scope) || unknown[of.size() - 1]) continue;
    Question one{&scope, subjects(scope, package), channels(scope, package)};
    const auto [found, fresh] = seen.try_emplace(identity(one.subjects, one.channels), all.size());
    if (fresh) all.push_back(std::move(one));
    of.back() = found->second;
  }
}

std::vector<std::size_t> Questions::asked_by(const std::vector<Package>& packages) const {
  std::vector<std::size_t> counts(all.size());
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (of[i] != kNone) ++counts[of[i]];
    if (const auto owner = packages[i].owner; owner && of[*owner] != kNone) ++counts[of[*owner]];
  }
  return counts;
}

Result<std::vector<Known>> Questions::judged(const Db& db) const {
  announce(all, db);
  constexpr std::size_t kAtOnce = 32;
  auto parts = Pool().map((all.size() + kAtOnce - 1) / kAtOnce, [&](std::size_t part) {
    const auto judge_part = [&]() -> Result<std::vector<Known>> {
      Judge judge(db);
      std::vector<Known> known;
      for (std::size_t i = part * kAtOnce; i < std::min(all.size(), (part + 1) * kAtOnce); ++i)
        known.push_back(TRY(judge.judge({*all[i].scope, all[i].subjects, all[i].channels})));
      return known;
    };
    return judge_part();
  });
  std::vector<Known> known;
  for (Result<std::vector<Known>>& part : parts) {
    if (!part) return std::unexpected(std::move(part).error());
    std::ranges::move(*part, std::back_inserter(known));
  }
  return known;
}

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
#include "report/finding_groups.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "report/columns.h"

namespace peekr {
namespace {

using GroupKey = std::tuple<std::string, std::string, std::string>;
using RowKey =
    std::tuple<std::string_view, Severity, std::string_view, Standing, Confidence>;  // of a finding

struct Draft {
  std::map<RowKey, FindingRow> rows;
};

const std::string& source_of(const Package& package) {
  return package.source.empty() ? package.name : package.source;
}

std::string version_of(const Package& package) {
  return package.source_version.empty() ? full_version(package) : package.source_version;
}

void sort_by_name(std::vector<std::size_t>& indices, const std::vector<Package>& packages) {
  std::ranges::sort(indices, [&](std::size_t a, std::size_t b) {
    return std::tie(packages[a].name, packages[a].arch, a) < std::tie(packages[b].name, packages[b].arch, b);
  });
  const auto rest = std::ranges::unique(indices);
  indices.erase(rest.begin(), rest.end());
}

FindingGroup finished(const GroupKey& key, Draft draft, const std::vector<Package>& packages, Sort sort) {
  FindingGroup group{.type = std::get<0>(key), .source = std::get<1>(key), .version = std::get<2>(key)};
  for (auto& [row_key, row] : draft.rows) {
    sort_by_name(row.packages, packages);
    group.packages.insert(group.packages.end(), row.packages.begin(), row.packages.end());
    group.worst = std::max(group.worst, row.finding->severity);
    group.rows.push_back(std::move(row));
  }
  sort_by_name(group.packages, packages);
  std::ranges::sort(group.rows, [sort](const FindingRow& a, const FindingRow& b) {
    const Finding &x = *a.finding, &y = *b.finding;
    if (const double p = rank(x, sort), q = rank(y, sort); p != q) return p > q;
    if (x.severity != y.severity) return x.severity > y.severity;
    return std::tie(x.id, x.fixed_in, x.standing, x.confidence) <
           std::tie(y.id, y.fixed_in, y.standing, y.confidence);
  });
  return group;
}

}  // namespace

double rank(const Finding& finding, Sort sort) {
  const Risk *epss = epss_of(finding.risks), *kev = kev_of(finding.risks);
  switch (sort) {
    case Sort::risk: return finding.risk.total;
    case Sort::epss: return epss == nullptr ? -1 : epss->epss->score;
    case Sort::kev: return (kev == nullptr ? 0 : kev->kev->ransomware ? 2000 : 1000) + finding.risk.total;
    case Sort::fix: return finding.fixed_in.empty() ? 0 : 1;
    case Sort::severity:
    case Sort::package: break;
  }
  return 0;
}

std::string_view status_text(const Finding& finding) {
  if (!finding.fixed_in.empty()) return "fix available";
  if (!finding.extended_fixes.empty()) return "fix for subscribers";
  switch (finding.standing) {
    case Standing::affected:
    case Standing::not_affected: return "no fix yet";
    case Standing::wont_fix: return "will not be fixed";
    case Standing::deferred: return "fix deferred";
    case Standing::end_of_life: return "end of life, no fix";
    case Standing::under_investigation: return "under investigation";
  }
  return "";
}

namespace {

std::vector<FindingGroup> grouped(const Report& report, Sort sort, std::optional<Whose> origin) {
  const std::vector<Package>& packages = report.inventory.packages;
  std::map<GroupKey, Draft> drafts;
  const Package* last = nullptr;  // whose findings mostly stand together
  Draft* current = nullptr;
  for (const Finding& finding : report.findings.list) {
    if (is_malware(finding)) continue;
    const Package& package = packages[finding.package];
    if (origin && is_of_base(report.image, package.layer) != (*origin == Whose::base)) continue;
    if (std::exchange(last, &package) != &package)
      current = &drafts[{package.type, source_of(package), version_of(package)}];
    FindingRow& row =
        current->rows[{finding.id, finding.severity, finding.fixed_in, finding.standing, finding.confidence}];
    if (row.finding == nullptr) row.finding = &finding;
    row.packages.push_back(finding.package);
  }
  std::vector<FindingGroup> groups;
  groups.reserve(drafts.size());
  for (auto& [key, draft] : drafts) groups.push_back(finished(key, std::move(draft), packages, sort));
  std::ranges::sort(groups, [sort](const FindingGroup& a, const FindingGroup& b) {
    const double p = rank(*a.rows.front().finding, sort), q = rank(*b.rows.front().finding, sort);
    if (p != q) return p > q;
    if (sort != Sort::package && a.worst != b.worst) return a.worst > b.worst;
    return std::tie(a.source, a.version, a.type) < std::tie(b.source, b.version, b.type);
  });
  return groups;
}

}  // namespace

std::vector<FindingGroup> grouped(const Report& report, Sort sort) {
  return grouped(report, sort, std::optional<Whose>());
}

std::vector<FindingGroup> grouped(const Report& report, Sort sort, Whose origin) {
  return grouped(report, sort, std::optional(origin));
}

std::vector<const Finding*> in_order(const Report& report, std::optional<Sort> sort) {
  std::vector<const Finding*> list;
  for (const Finding& one : report.findings.list) {
    if (!is_malware(one)) list.push_back(&one);
  }
  if (!sort) return list;
  std::map<std::pair<std::size_t, std::string_view>, std::size_t> places;  // package and id
  for (const FindingGroup& group : grouped(report, *sort)) {
    for (const FindingRow& row : group.rows) {
      for (const std::size_t package : row.packages)
        places.try_emplace({package, row.finding->id}, places.size());
    }
  }
  std::ranges::stable_sort(list, {}, [&](const Finding* one) { return places.at({one->package, one->id}); });
  return list;
}

std::array<SeverityCount, 6> counted_by_severity(const std::vector<FindingGroup>& groups) {
  std::array<SeverityCount, 6> counts{};
  for (const FindingGroup& group : groups) {
    std::set<std::string_view>
        counted;  // an id has several rows where its packages are fixed in different versions
    for (const FindingRow& row : group.rows) {
      if (!counted.insert(row.finding->id).second) continue;
      SeverityCount& count = counts[static_cast<std::size_t>(row.finding->severity)];
      ++count.all;
      if (!row.finding->fixed_in.empty()) ++count.fixable;
    }
  }
  return counts;
}

bool is_malware(const Finding& finding) { return finding.kind == Advisory::Kind::malware; }

Severity harm_of(const Finding& finding) {
  return is_malware(finding) ? Severity::critical : finding.severity;
}

std::size_t vulnerabilities(const Report& report) {
  return report.findings.list.size() -
         static_cast<std::size_t>(std::ranges::count_if(report.findings.list, is_malware));
}

std::size_t taken_out_by_user(const Report& report) {
  return static_cast<std::size_t>(
      std::ranges::count_if(report.findings.suppressed,
                            [](const Suppressed& one) { return one.rule >= Suppressed::Rule::filter; }));
}

std::vector<Note> all_notes(const Report& report) {
  std::vector<Note> notes = report.inventory.notes;
  notes.insert(notes.end(), report.findings.notes.begin(), report.findings.notes.end());
  return notes;
}

std::vector<Note> gaps(const Report& report) {
  std::vector<Note> notes = all_notes(report);
  std::erase_if(notes, [](const Note& one) { return !incomplete(one.why); });
  return notes;
}

std::string words(const Note& note) {
  return std::string(name(note.why)) + ": " + (note.path.empty() ? "" : note.path.str() + ": ") + note.what;
}

std::vector<std::string> not_assessed(const Report& report) {
  std::vector<std::string> reasons;
  if (report.inventory.packages.empty()) reasons.emplace_back("no packages were found in the image");
  if (report.db.advisories == 0) reasons.emplace_back("the advisory database is empty");
  // That there are no advisories for a system outweighs that some document could not be read whole: the first is what is told.
  for (const std::vector<Note>* notes : {&report.findings.notes, &report.inventory.notes}) {
    for (const Note& note : *notes) {
      if (note.why == Why::no_data) reasons.push_back(one_line(note.what));
    }
  }
  return reasons;
}

Assessment assessment(const Report& report) {
  const bool blind = !not_assessed(report).empty();
  if (report.findings.judged == 0 && report.findings.list.empty() && blind) return Assessment::none;
  return blind || !gaps(report).empty() ? Assessment::partial : Assessment::full;
}

std::string_view name(Assessment assessment) {
  switch (assessment) {
    case Assessment::none: return "none";
    case Assessment::partial: return "partial";
    case Assessment::full: return "full";
  }
  return "";
}

}  // namespace peekr

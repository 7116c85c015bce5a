// SPDX-License-Identifier: Apache-2.0
// peekr db search: by id, by package, by package URL.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/db_json.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "match/ecosystem.h"
#include "match/match.h"
#include "model/end_of_life.h"
#include "model/purl.h"
#include "report/columns.h"

namespace peekr {
namespace {

// ">= 0, < 2.19-18+deb8u3"; intervals are parted by " or ".
std::string range_text(const Range& range) {
  std::string out;
  for (const Event& event : range.events) {
    std::string_view sign;
    switch (event.kind) {
      case Event::Kind::introduced: sign = ">="; break;
      case Event::Kind::fixed: sign = "<"; break;
      case Event::Kind::last_affected: sign = "<="; break;
      case Event::Kind::limit: sign = "up to"; break;
    }
    if (!out.empty()) out += event.kind == Event::Kind::introduced ? " or " : ", ";
    out += fmt::format("{} {}", sign, one_line(event.version));
  }
  return out;
}

std::string affected_text(const Affected& affected) {
  std::string out;
  for (const Range& range : affected.ranges) {
    if (range.type == "GIT") continue;  // commits, no versions
    if (!out.empty()) out += " or ";
    out += range_text(range);
  }
  if (out.empty() && !affected.versions.empty()) out = counted(affected.versions.size(), "listed version");
  if (affected.standing != Standing::affected)
    out += fmt::format("{}{}", out.empty() ? "" : "; ", name(affected.standing));
  if (!affected.urgency.empty()) out += "; urgency " + one_line(affected.urgency);
  if (!affected.module.empty()) out += "; module " + one_line(affected.module);
  return out;
}

std::string names_text(const Advisory& advisory) {
  std::vector<std::string> names = advisory.aliases;
  names.insert(names.end(), advisory.upstream.begin(), advisory.upstream.end());
  std::ranges::sort(names);
  const auto rest = std::ranges::unique(names);
  names.erase(rest.begin(), rest.end());
  return one_line(join(names, ", "));
}

std::string advisory_text(const Advisory& advisory, unsigned width) {
  const auto field = [&](std::string_view label, const std::string& text) {
    const std::string head = "  " + filled(label, 10) + "  ";
    return text.empty() ? "" : wrapped(text, {.width = width, .indent = columns(head), .head = head});
  };
  std::string out = fmt::format("{} (from {})\n", one_line(advisory.id), one_line(advisory.publisher));
  out += field("summary", one_line(advisory.summary));
  out += field("names", names_text(advisory));
  out += field("published", one_line(advisory.published));
  out += field("modified", one_line(advisory.modified));
  out += field("withdrawn", one_line(advisory.withdrawn));
  std::string severity = one_line(advisory.severity);
  for (const std::string& vector : advisory.vectors)
    severity += (severity.empty() ? "" : ", ") + one_line(vector);
  out += field("severity", severity);
  for (const Affected& affected : advisory.affected) {
    out += field(one_line(affected.ecosystem), one_line(affected.package) + "  " + affected_text(affected));
  }
  return out;
}

// What is said about a package of one ecosystem.
struct Said {
  std::string ecosystem, package;
  std::vector<Entry> entries;
};

struct Judged {
  NamedPackage named;
  Findings findings;
};

// One kind of answer at most.
struct Answer {
  std::vector<Advisory> advisories;
  std::vector<Said> packages;
  std::optional<Judged> judged;
  std::string none;  // what is said of nothing found
};

Result<Answer> search_id(const Db& db, const Options& options) {
  Answer answer{.none = "no advisory has the name " + printable(options.id)};
  const std::vector<std::string> ids = TRY(db.named(options.id));
  for (const std::string& id : ids) {
    std::vector<Sourced> records = TRY(db.records(id));
    if (records.empty())
      return fail(Errc::damaged, "database: no record of " + printable(id) + ", which its index names");
    for (auto& [source, advisory] : records) answer.advisories.push_back(std::move(advisory));
  }
  return answer;
}

Status add_package(const Db& db, const std::vector<std::string>& ecosystems, const std::string& name,
                   Answer& answer) {
  for (const std::string& ecosystem : ecosystems) {
    const std::string package = normalised_name(ecosystem, name);
    std::vector<Entry> entries = TRY(db.lookup(ecosystem, package));
    if (!entries.empty()) answer.packages.push_back({ecosystem, package, std::move(entries)});
  }
  return {};
}

// Where nothing is of that name, what has it for the last part of its own.
Result<Answer> search_package(const Db& db, const Options& options) {
  const std::string only = TRY(meant_ecosystem(db, options.ecosystem));
  const std::string where = only.empty() ? "" : " of " + printable(only);
  Answer answer{.none = "no advisory speaks of a package " + printable(options.package) + where};
  const auto add = [&](const std::string& name) -> Status {
    std::vector<std::string> ecosystems = {only};
    if (only.empty()) ecosystems = TRY(db.ecosystems_with(name));
    return add_package(db, ecosystems, name, answer);
  };
  TRY(add(options.package));
  if (!answer.packages.empty()) return answer;
  const std::vector<std::string> longer = TRY(db.names_ending(options.package));
  for (const std::string& name : longer) TRY(add(name));
  return answer;
}

// The ecosystems of the database that may judge a package; with a release of the distribution, only those of that one.
Result<std::vector<std::string>> ecosystems_of(const Db& db, const Ecosystem& row, const Distro& distro) {
  std::vector<std::string> patterns;
  if (row.distros.empty() || says_release(distro)) {
    patterns = wanted(row, distro).patterns;
  } else {
    for (const std::string_view one : split(row.strings, '|'))
      patterns.push_back(std::string(one.substr(0, one.find('{'))) + (one.find('{') == one.npos ? "" : "*"));
  }
  std::set<std::string> found;
  for (const std::string& pattern : patterns) {
    const std::vector<std::string> some = TRY(db.ecosystems(pattern.substr(0, pattern.find('*'))));
    for (const std::string& one : some) {
      if (fits(pattern, one)) found.insert(one);
    }
  }
  return std::vector<std::string>(found.begin(), found.end());
}

// A version is judged as a scan would do it.
Result<Answer> search_purl(const Db& db, const Options& options) {
  Answer answer{.none = "no advisory speaks of " + printable(options.id)};
  const NamedPackage named = TRY(package_of_purl(options.id));
  const Distro distro = named.distro.value_or(Distro{});
  const Ecosystem* const row = find_ecosystem(named.package.type, distro);
  if (row == nullptr)
    return fail(Errc::usage, printable(options.id) + ": no advisories are known for packages of that type" +
                                 (distro.id.empty() ? "" : " on " + printable(distro.id)));
  const bool release = row->distros.empty() || says_release(distro);
  if (release && !named.package.version.empty()) {
    const Inventory inventory{.distro = named.distro, .packages = {named.package}};
    Findings findings = TRY(match(inventory, db));
    answer.judged = Judged{named, std::move(findings)};
    return answer;
  }
  const std::vector<std::string> ecosystems = TRY(ecosystems_of(db, *row, distro));
  TRY(add_package(db, ecosystems, named.package.name, answer));
  if (!named.package.source.empty() && named.package.source != named.package.name)
    TRY(add_package(db, ecosystems, named.package.source, answer));
  return answer;
}

std::string said_text(const Said& one) {
  std::size_t width = 0;
  for (const Entry& entry : one.entries) width = std::max(width, columns(one_line(entry.advisory)));
  std::string out = fmt::format("{} {}\n", one_line(one.ecosystem), one_line(one.package));
  for (const Entry& entry : one.entries)
    out += fmt::format("  {}  {}\n", filled(one_line(entry.advisory), width), affected_text(entry.affected));
  return out;
}

std::string finding_text(const Finding& finding) {
  std::string fix =
      finding.fixed_in.empty() ? std::string(name(finding.standing)) : "fixed in " + finding.fixed_in;
  std::set<std::string> advisories;
  for (const Proof& proof : finding.proofs) advisories.insert(proof.advisory);
  return fmt::format("  {}  {}, {} ({})\n", filled(one_line(finding.id), 16), name(finding.severity),
                     one_line(fix), one_line(join({advisories.begin(), advisories.end()}, ", ")));
}

std::string judged_text(const Judged& judged) {
  const Package& package = judged.named.package;
  const Findings& findings = judged.findings;
  std::string said = findings.list.size() == 1
                         ? "1 known vulnerability"
                         : fmt::format("{} known vulnerabilities", grouped_digits(findings.list.size()));
  const auto is_gap = [](const Note& note) { return incomplete(note.why); };
  if (findings.list.empty() && std::ranges::any_of(findings.notes, is_gap))
    said = "not judged, or not wholly";
  std::string out = fmt::format("{} {}: {}\n", one_line(package.name), one_line(full_version(package)), said);
  for (const Finding& one : findings.list) out += finding_text(one);
  for (const Suppressed& one : findings.suppressed)
    out += fmt::format("  {}  left out: {}\n", filled(one_line(one.finding.id), 16), one_line(one.reason));
  for (const Note& note : findings.notes) out += "note: " + one_line(note.what) + "\n";
  return out;
}

std::string text_of(const Answer& answer, unsigned width) {
  if (answer.judged) return judged_text(*answer.judged);
  std::string out;
  for (const Advisory& one : answer.advisories) out += (out.empty() ? "" : "\n") + advisory_text(one, width);
  for (const Said& one : answer.packages) out += (out.empty() ? "" : "\n") + said_text(one);
  return out.empty() ? answer.none + "\n" : out;
}

void write_judged(JsonWriter& json, const Judged& judged) {
  json.text("name", judged.named.package.name);
  json.text("version", full_version(judged.named.package));
  json.list("findings", judged.findings.list, [&](const Finding& one) { write_judged(json, one); });
  json.list("suppressed", judged.findings.suppressed, [&](const Suppressed& one) {
    write_judged(json, one.finding);
    json.text("reason", one.reason);
  });
  json.list("notes", judged.findings.notes, [&](const Note& note) {
    json.text("why", name(note.why));
    json.text("what", note.what);
  });
}

std::string json_of(const Answer& answer) {
  std::string out;
  JsonWriter json(out);
  json.document([&] {
    json.number("schema_version", 1);
    json.list("advisories", answer.advisories, [&](const Advisory& one) { write_advisory(json, one); });
    json.list("packages", answer.packages, [&](const Said& said) {
      json.text("ecosystem", said.ecosystem);
      json.text("package", said.package);
      json.list("entries", said.entries, [&](const Entry& entry) {
        json.text("advisory", entry.advisory);
        json.record("affected", [&] { write_affected(json, entry.affected); });
      });
    });
    if (answer.judged) {
      json.record("judged", [&] { write_judged(json, *answer.judged); });
    } else {
      json.null("judged");
    }
  });
  return out;
}

}  // namespace

Result<int> db_search_command(const Options& options) {
  const Db db = TRY(open_database(options));
  const auto search = options.id.empty() ? search_package : is_purl(options.id) ? search_purl : search_id;
  const Answer answer = TRY(search(db, options));
  const bool is_json = options.format == "json";
  TRY(write_output(options, is_json ? json_of(answer) : text_of(answer, style_of(options).width)));
  return 0;
}

}  // namespace peekr

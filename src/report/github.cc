// SPDX-License-Identifier: Apache-2.0
// Annotations of a run of GitHub Actions: lines that the runner takes for commands (docs.github.com, "Workflow commands"). It keeps
// ten of each level and step: the tenth says how many more there are.

#include "report/columns.h"
#include "report/finding_groups.h"
#include "report/identity.h"
#include "report/reporter.h"
#include "report/rulings.h"
#include "report/system.h"

namespace peekr {
namespace {

constexpr std::size_t kMost = 10;

std::string escaped(std::string_view text, std::string_view also) {
  std::string out;
  for (const char c : one_line(text)) {
    if (c == '%') {
      out += "%25";
    } else if (c == ':' && also.find(c) != std::string_view::npos) {
      out += "%3A";
    } else if (c == ',' && also.find(c) != std::string_view::npos) {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

void command(std::string& out, std::string_view level, std::string_view title, std::string_view message) {
  out += "::" + std::string(level) + " title=" + escaped(title, ":,") + "::" + escaped(message, "") + "\n";
}

std::string_view level_of(const Finding& one) {
  if (harm_of(one) >= Severity::high) return "error";
  return one.severity == Severity::medium ? "warning" : "notice";
}

std::string titled(const Finding& one) {
  return one.id + " (" + std::string(grade_of(one)) + std::string(exploited_text(one)) + ")";
}

struct Level {
  std::string_view name;
  std::size_t most = kMost;
};

void write_level(std::string& out, const Report& report, const Level& level, const std::vector<Ruling>& all) {
  std::size_t written = 0;
  for (const Ruling& one : all) {
    if (++written == level.most && all.size() > level.most) {
      return command(
          out, level.name, "peekr",
          std::to_string(all.size() - level.most + 1) + " more of this level: another format has all");
    }
    const std::string names = names_of(one, report.inventory);
    std::string text = names + " " + versions_of(one, report.inventory) + ": " +
                       advice_on(*one.finding, one.packages, report.inventory);
    if (!one.finding->summary.empty()) text += ". " + one.finding->summary;
    command(out, level.name, titled(*one.finding), text);
  }
}

void scan(const Report& report, const Style& /*style*/, std::string& out) {
  const std::vector<Ruling> all = worst_first(report.findings);
  const std::vector<Note> missing = gaps(report);
  if (!missing.empty())
    command(out, "warning", "peekr: " + counted(missing.size(), "gap"), words(missing.front()));
  const std::string over = end_of_life_text(report);
  if (!over.empty()) command(out, "warning", "peekr: end of life", over);
  const std::size_t told = (missing.empty() ? 0U : 1U) + (over.empty() ? 0U : 1U);
  for (const std::string_view name : {"error", "warning", "notice"}) {
    std::vector<Ruling> of_level;
    for (const Ruling& one : all) {
      if (level_of(*one.finding) == name) of_level.push_back(one);
    }
    write_level(out, report, {name, kMost - (name == "warning" ? told : 0)}, of_level);
  }
  const bool clean = assessment(report) == Assessment::full && taken_out_by_user(report) == 0;
  if (all.empty()) command(out, clean ? "notice" : "warning", "peekr", answer_without_findings(report));
}

}  // namespace

namespace reporters {
extern const Reporter github;
constexpr Reporter github = {
    .name = "github", .about = "annotations of a run of GitHub Actions, the most severe ones", .scan = scan};
}  // namespace reporters

}  // namespace peekr

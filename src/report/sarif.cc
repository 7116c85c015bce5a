// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), laid out as GitHub documents it for code scanning: a rule for each vulnerability, a
// result for each finding. Paths are relative to the image's root. What identifies a result from one run to the next (GitHub's key and
// ours) has no version in it: an alert stays the same one until the vulnerability is gone.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <vector>

#include "lib/digest.h"
#include "report/columns.h"
#include "report/finding_groups.h"
#include "report/identity.h"
#include "report/index.h"
#include "report/json_writer.h"
#include "report/reporter.h"
#include "report/rulings.h"
#include "report/system.h"

namespace peekr {
namespace {

struct Rule {
  std::size_t index = 0;
  const Finding* worst = nullptr;
};
using Rules = std::map<std::string_view, Rule>;  // by id

Rules rules_of(const Findings& findings) {
  Rules rules;
  for (const Finding& one : findings.list) {
    Rule& rule = rules[one.id];
    if (rule.worst == nullptr || one.severity > rule.worst->severity) rule.worst = &one;
  }
  std::size_t index = 0;
  for (auto& [id, rule] : rules) rule.index = index++;
  return rules;
}

std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::critical:
    case Severity::high: return "error";
    case Severity::medium: return "warning";
    case Severity::low:
    case Severity::negligible:
    case Severity::unknown: break;
  }
  return "note";
}

// The scores that GitHub calls by that word, and their middle.
struct Band {
  double least, most, middle;
};

std::optional<Band> band_of(Severity severity) {
  switch (severity) {
    case Severity::critical: return Band{9.0, 10.0, 9.5};
    case Severity::high: return Band{7.0, 8.9, 8.0};
    case Severity::medium: return Band{4.0, 6.9, 5.5};
    case Severity::low: return Band{0.1, 3.9, 2.0};
    case Severity::negligible: return Band{0.1, 3.9, 1.0};
    case Severity::unknown: break;
  }
  return std::nullopt;
}

// What GitHub sorts by, and makes its own word of: the score, but never that of another word than ours. Empty: nothing is known.
std::string security_severity(const Finding& one) {
  const std::optional<Band> band = band_of(harm_of(one));
  if (!band) return {};
  return fmt::format("{:.1f}", std::clamp(one.cvss.value_or(band->middle), band->least, band->most));
}

// "CVE-2019-10744, also called GHSA-jf85-cpcp-j695"
std::string named(std::string_view id, const Finding& one) {
  std::string names;
  for (const std::string& name : one.names) names += (names.empty() ? ", also called " : ", ") + name;
  return std::string(id) + names;
}

void write_rule(JsonWriter& json, std::string_view id, const Finding& one) {
  constexpr std::size_t kFull = 1000;  // GitHub takes 1,024 characters
  json.text("id", id);
  json.record("shortDescription",
              [&] { json.text("text", one.summary.empty() ? std::string(id) : one_line(one.summary)); });
  json.record("fullDescription", [&] {
    const std::string text = named(id, one) + (one.summary.empty() ? "" : ": " + one_line(one.summary));
    json.text("text", shortened(text, kFull));
  });
  json.text("helpUri", page_of(id));
  json.record("help", [&] {
    json.text("text", named(id, one) + "; " + std::string(grade_of(one)) + std::string(exploited_text(one)) +
                          (one.severity_source.empty() ? "" : " (" + one.severity_source + ")"));
  });
  json.record("defaultConfiguration", [&] { json.text("level", level(harm_of(one))); });
  json.record("properties", [&] {
    const std::string severity = security_severity(one);
    if (!severity.empty()) json.text("security-severity", severity);
    std::vector<std::string_view> tags = {"security", "vulnerability", grade_of(one)};
    if (kev_of(one.risks) != nullptr) tags.emplace_back("exploited");
    json.strings("tags", tags);
  });
}

std::string message_of(const Finding& one, const Inventory& inventory) {
  const Package& package = inventory.packages[one.package];
  const std::string text = package.type + " package " + package.name + " " + full_version(package) + " has " +
                           one.id + "; " + advice_on(one, inventory);
  return one.summary.empty() ? text : text + ": " + one_line(one.summary);
}

void write_place(JsonWriter& json, const Package& package, const ImageInfo& image) {
  json.record("physicalLocation", [&] {
    json.record("artifactLocation", [&] {
      json.text("uri", package.path.empty() ? "image" : uri_of(package.path.str()));
      json.text("uriBaseId", "ROOTPATH");
    });
    json.record("region", [&] { json.number("startLine", 1); });
  });
  json.record("message", [&] {
    const std::string layer =
        has_layers(image) ? fmt::format(", layer {} of {}", package.layer + 1, image.layers.size()) : "";
    json.text("text", image.name + ": " + package.path.str() + layer);
  });
}

void write_result(JsonWriter& json, const Finding& one, const Report& report, const Rule& rule) {
  const Package& package = report.inventory.packages[one.package];
  json.text("ruleId", one.id);
  json.number("ruleIndex", rule.index);
  json.text("level", level(harm_of(one)));
  json.record("message", [&] { json.text("text", message_of(one, report.inventory)); });
  json.list("locations", std::array{&package},
            [&](const Package* at) { write_place(json, *at, report.image); });
  json.record("partialFingerprints", [&] {
    const std::string identity = one.id + "|" + package.type + "|" + package.name + "|" + package.path.str();
    json.text("peekr/v1", identity);
    // The only one that GitHub looks at. Its uploader makes it of the first line where the file is one of the repository.
    json.text("primaryLocationLineHash", hex_digest("sha256", identity) + ":1");
  });
  json.record("properties", [&] {
    json.text("purl", package.purl);
    json.text("fixed_in", one.fixed_in);
    json.text("confidence", name(one.confidence));
    json.text("advisory", one.proofs.front().advisory);
    json.text("range", one.proofs.front().range);
    json.flag("base", is_of_base(report.image, package.layer));
    json.decimal("risk", one.risk.total);
    if (const Risk* epss = epss_of(one.risks)) {
      json.fraction("epss", epss->epss->score);
      json.fraction("epss_percentile", epss->epss->percentile);
    }
    json.flag("kev", kev_of(one.risks) != nullptr);
  });
}

// What is to be said of one run of several.
struct Among {
  std::string id;  // which tells it from the others from one upload to the next; empty: it is alone
  std::vector<std::string>
      failures;  // of others: a run without results would say that nothing was found there
};

void write_gaps(JsonWriter& json, const Report& report, const Among& among) {
  const auto write = [&](std::string_view level, std::string_view text) {
    json.item([&] {
      json.text("level", level);
      json.record("message", [&] { json.text("text", text); });
    });
  };
  json.items("toolExecutionNotifications", [&] {
    for (const std::string& failure : among.failures) write("error", failure);
    if (const std::string over = end_of_life_text(report); !over.empty()) write("warning", over);
    for (const Note& note : all_notes(report)) write("warning", words(note));
  });
}

void write_run(JsonWriter& json, const Report& report, const Among& among) {
  const Rules rules = rules_of(report.findings);
  json.record("tool", [&] {
    json.record("driver", [&] {
      json.text("name", "peekr");
      json.text("version", report.version);
      json.list("rules", rules, [&](const auto& rule) { write_rule(json, rule.first, *rule.second.worst); });
    });
  });
  json.list("invocations", std::array{&report}, [&](const Report* of) {
    json.flag("executionSuccessful", true);
    json.number("exitCode", static_cast<std::uint64_t>(of->verdict.exit_code));
    json.text("endTimeUtc", of->created);
    write_gaps(json, *of, among);
  });
  if (!among.id.empty()) json.record("automationDetails", [&] { json.text("id", among.id); });
  json.record("originalUriBaseIds", [&] { json.record("ROOTPATH", [&] { json.text("uri", "file:///"); }); });
  json.list("results", report.findings.list,
            [&](const Finding& one) { write_result(json, one, report, rules.at(one.id)); });
  json.record("properties", [&] {
    json.text("image", report.image.name);
    json.text("digest", report.image.digest.str());
    json.text("platform", report.image.platform);
  });
}

template <class Runs>
void write_log(std::string& out, const Runs& runs) {
  JsonWriter json(out);
  json.document([&] {
    json.text("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json.text("version", "2.1.0");
    json.items("runs", [&] { runs(json); });
  });
}

void scan(const Report& report, const Style& /*style*/, std::string& out) {
  write_log(out, [&](JsonWriter& json) { json.item([&] { write_run(json, report, {}); }); });
}

// GitHub takes what stands before the last slash of the id for the category of a run, and wants it to be another one for each.
void platforms(const IndexReport& index, Extent /*extent*/, const Style& /*style*/, std::string& out) {
  Among among;
  for (const PlatformReport& one : index.platforms) {
    if (one.state == PlatformReport::State::failed)
      among.failures.push_back(titled(one) + " could not be scanned: " + one_line(one.why));
  }
  std::map<std::string, unsigned> seen;
  write_log(out, [&](JsonWriter& json) {
    for (const PlatformReport& one : index.platforms) {
      if (!one.report) continue;
      const unsigned number = ++seen[titled(one)];
      among.id = "peekr/" + titled(one) + (number == 1 ? "" : "#" + std::to_string(number)) + "/";
      json.item([&] { write_run(json, *one.report, among); });
    }
  });
}

}  // namespace

namespace reporters {
extern const Reporter sarif;
constexpr Reporter sarif = {.name = "sarif",
                            .about = "findings for code scanning: SARIF 2.1.0",
                            .scan = scan,
                            .platforms = platforms};
}  // namespace reporters

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// GitLab's container scanning report, version 15.0.7 (gitlab.com/gitlab-org/security-products/security-report-schemas), for
// artifacts:reports:container_scanning. GitLab takes the first identifier, the package and the image for what a vulnerability is from
// one run to the next.
#include <array>
#include <optional>

#include "base/text.h"
#include "report/columns.h"
#include "report/finding_groups.h"
#include "report/identity.h"
#include "report/json_writer.h"
#include "report/reporter.h"
#include "report/rulings.h"
#include "report/system.h"

namespace peekr {
namespace {

// Times have no zone there.
std::string_view time_of(const Report& report) { return std::string_view(report.created).substr(0, 19); }

std::string_view severity_word(const Finding& one) {
  switch (harm_of(one)) {
    case Severity::critical: return "Critical";
    case Severity::high: return "High";
    case Severity::medium: return "Medium";
    case Severity::low: return "Low";
    case Severity::negligible: return "Info";
    case Severity::unknown: break;
  }
  return "Unknown";
}

struct Identifier {
  std::string type, name, value, url;
};

// "CVE-2023-1" is a cve, "DSA-1-1" a dsa.
Identifier identifier_of(const std::string& id) {
  return {lower(cut(id, '-').first), one_line(id), one_line(id), page_of(id)};
}

std::vector<Identifier> identifiers_of(const Finding& one) {
  std::vector<Identifier> all = {identifier_of(one.id)};
  for (const std::string& name : one.names) all.push_back(identifier_of(name));
  for (const std::string& weakness : one.weaknesses) {
    const std::string number(cut(weakness, '-').second);
    if (to_number(number))
      all.push_back({"cwe", weakness, number, "https://cwe.mitre.org/data/definitions/" + number + ".html"});
  }
  return all;
}

void write_vectors(JsonWriter& json, const Finding& one) {
  constexpr std::size_t kMost = 10;
  std::vector<const Grade*> grades;
  for (const Grade& grade : one.grades) {
    const bool known = grade.vector.starts_with("CVSS:3") || grade.vector.starts_with("AV:");
    if (grade.score && known && grades.size() < kMost) grades.push_back(&grade);
  }
  if (grades.empty()) return;
  json.list("cvss_vectors", grades, [&](const Grade* grade) {
    json.text("vendor", grade->source);
    json.text("vector", grade->vector);
  });
}

std::string system_of(const std::optional<Distro>& distro) {
  if (!distro) return "unknown";
  return one_line(distro->name.empty() ? distro->id + " " + distro->version_id : distro->name);
}

void write_place(JsonWriter& json, const Report& report, const Package& package) {
  const ImageName name = name_of(report.image);
  const std::string image = name.repository + (name.tag.empty() ? "" : ":" + name.tag);
  json.record("location", [&] {
    json.text("image", image.empty() ? "image" : image);
    json.text("operating_system", system_of(report.inventory.distro));
    json.record("dependency", [&] {
      json.record("package", [&] { json.text("name", package.name); });
      json.text("version", full_version(package));
    });
  });
}

void write_finding(JsonWriter& json, const Report& report, const Finding& one) {
  constexpr std::size_t kName = 255, kSolution = 7000;
  const Package& package = report.inventory.packages[one.package];
  json.text("id",
            uuid_of(one.id + "\n" + package.purl + "\n" + package.path.str() + "\n" + report.image.name));
  json.text("name", shortened(one_line(one.summary.empty() ? one.id : one.id + ": " + one.summary), kName));
  json.text("description", one_line(one.summary.empty() ? one.id + " in " + package.name : one.summary) +
                               std::string(exploited_text(one)));
  json.text("severity", severity_word(one));
  json.text("solution", shortened(advice_on(one, report.inventory), kSolution));
  json.list("identifiers", identifiers_of(one), [&](const Identifier& of) {
    json.text("type", of.type);
    json.text("name", of.name);
    json.text("value", of.value);
    json.text("url", of.url);
  });
  write_vectors(json, one);
  std::vector<std::string> links;
  for (const std::string& page : one.references) {
    if (page.starts_with("https://") || page.starts_with("http://")) links.push_back(address(page));
  }
  sort_unique(links);
  json.texts("links", links, "url");
  write_place(json, report, package);
}

void write_tool(JsonWriter& json, std::string_view key, const Report& report) {
  json.record(key, [&] {
    json.text("id", "peekr");
    json.text("name", "peekr");
    json.text("version", report.version);
    json.record("vendor", [&] { json.text("name", "peekr"); });
  });
}

std::vector<std::string> messages_of(const Report& report) {
  std::vector<std::string> messages;
  if (std::string over = end_of_life_text(report); !over.empty()) messages.push_back(std::move(over));
  for (const Note& note : all_notes(report)) messages.push_back(words(note));
  return messages;
}

void scan(const Report& report, const Style& /*style*/, std::string& out) {
  JsonWriter json(out);
  json.document([&] {
    json.text("schema",
              "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v15.0.7/dist/"
              "container-scanning-report-format.json");
    json.text("version", "15.0.7");
    json.record("scan", [&] {
      write_tool(json, "analyzer", report);
      write_tool(json, "scanner", report);
      json.text("type", "container_scanning");
      json.text("start_time", time_of(report));
      json.text("end_time", time_of(report));
      json.text("status", assessment(report) == Assessment::none ? "failure" : "success");
      json.list("messages", messages_of(report), [&](const std::string& message) {
        json.text("level", "warn");
        json.text("value", message);
      });
    });
    json.list("vulnerabilities", report.findings.list,
              [&](const Finding& one) { write_finding(json, report, one); });
    json.strings("remediations", {});
  });
}

}  // namespace

namespace reporters {
extern const Reporter gitlab;
constexpr Reporter gitlab = {
    .name = "gitlab", .about = "GitLab's container scanning report, 15.0.7", .scan = scan};
}  // namespace reporters

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// A snapshot for GitHub's dependency submission (docs.github.com/en/rest/dependency-graph/dependency-submission): the packages, by the
// project, folder or database that each was found in: of more than 150 manifests in a repository GitHub takes none. Which commit it is of, and which job has made it, says the run (Style::run); where there is none the fields are
// left out, for who submits it to add. Findings have no place in it: GitHub judges the packages itself.
#include <array>
#include <map>

#include "report/identity.h"
#include "report/json_writer.h"
#include "report/reporter.h"

namespace peekr {
namespace {

// By the manifest, then by the package URL: each once.
using Manifests = std::map<std::string, std::map<std::string, const Package*>>;

// What has a file for each package goes by the folder of all of them.
std::string_view manifest_of(const Package& package) {
  constexpr std::array<std::string_view, 5> kFolders = {"node_modules/", "-packages/", "/specifications/",
                                                        "/conda-meta/", "/dpkg/status.d/"};
  const std::string_view file = package.path.str();
  for (const std::string_view folder : kFolders) {
    if (const std::size_t at = file.find(folder); at != std::string_view::npos)
      return file.substr(0, at + folder.size() - 1);
  }
  const std::size_t jars = package.type == "maven" ? file.rfind('/') : std::string_view::npos;
  return file.substr(0, jars);
}

Manifests manifests_of(const Report& report) {
  Manifests all;
  for (const Package& one : report.inventory.packages) {
    const std::string_view manifest = manifest_of(one);
    all[manifest.empty() ? report.image.name : std::string(manifest)].emplace(one.purl, &one);
  }
  return all;
}

// The next one with this correlator takes the place of this one: a job that scans two images, or two platforms of one, has one for
// each.
std::string correlator(const Style::Run& run, const ImageInfo& image) {
  const ImageName name = name_of(image);
  std::string text = std::string(run.workflow) + "_" + std::string(run.job) + "_" + name.repository;
  if (!name.tag.empty()) text += ":" + name.tag;
  if (!image.platform.empty()) text += "_" + image.platform;
  return text;
}

void write_job(JsonWriter& json, const Style::Run& run, const ImageInfo& image) {
  if (run.id.empty()) return;
  json.record("job", [&] {
    json.text("id", run.id);
    json.text("correlator", correlator(run, image));
    if (!run.repository.empty())
      json.text("html_url", std::string(run.server) + "/" + std::string(run.repository) + "/actions/runs/" +
                                std::string(run.id));
  });
}

void write_package(JsonWriter& json, const std::string& manifest, const Package& package) {
  const std::string& url = package.purl;
  json.record(url, [&] {
    json.text("package_url", url);
    const bool has_file = !package.path.empty() && package.path.str() != manifest;
    if (has_file || package.declared || package.claimed) {
      json.record("metadata", [&] {
        if (has_file) json.text("file", package.path.str());
        if (package.declared || package.claimed) json.flag(package.declared ? "declared" : "claimed", true);
      });
    }
    json.text("scope", "runtime");
  });
}

void write(const Report& report, const Style& style, std::string& out) {
  JsonWriter json(out);
  json.document([&] {
    json.number("version", 0);
    write_job(json, style.run, report.image);
    json.given("sha", style.run.sha);
    json.given("ref", style.run.ref);
    json.record("detector", [&] {
      json.text("name", "peekr");
      json.text("version", report.version);
      json.text("url", "https://peekr.invalid");
    });
    json.record("metadata", [&] {
      json.text("image", report.image.name);
      json.given("digest", report.image.digest.str());
    });
    json.text("scanned", report.created);
    json.record("manifests", [&] {
      for (const auto& [place, packages] : manifests_of(report)) {
        json.record(place, [&] {
          json.text("name", place);
          json.record("file", [&] { json.text("source_location", place); });
          json.record("resolved", [&] {
            for (const auto& [url, package] : packages) write_package(json, place, *package);
          });
        });
      }
    });
  });
}

}  // namespace

namespace reporters {
extern const Reporter github_snapshot;
constexpr Reporter github_snapshot = {
    .name = "github-snapshot",
    .about = "GitHub's dependency submission: the packages, by the project or database of each",
    .scan = write,
    .inventory = write};
}  // namespace reporters

}  // namespace peekr

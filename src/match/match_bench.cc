// SPDX-License-Identifier: Apache-2.0
// 1,000 packages (400 sources) against 20,000 advisories, as many ratings of NVD and scores of EPSS; about 1,000 match: the goal is below 10 ms
// a match.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "match/match.h"

namespace peekr {
namespace {

constexpr unsigned kSources = 400, kAdvisories = 20'000, kPackages = 1'000;

Advisory advisory(unsigned i) {
  const std::string cve = "CVE-2020-" + std::to_string(10'000 + i);
  Advisory one{.id = "DEBIAN-" + cve,
               .publisher = "osv",
               .upstream = {cve},
               .summary = "out-of-bounds write",
               .published = "2020-01-01T00:00:00Z",
               .modified = "2020-01-01T00:00:00Z",
               .vectors = {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}};
  // Installed is 1.100: one in fifty is not fixed yet.
  const std::string fix = "1." + std::to_string(i / kSources % 50 == 0 ? 200 : 50);
  one.affected.push_back({.ecosystem = "Debian:12", .package = "source" + std::to_string(i % kSources)});
  one.affected[0].ranges.push_back(
      {"ECOSYSTEM", {{Event::Kind::introduced, "0"}, {Event::Kind::fixed, fix + "-1"}}});
  return one;
}

// What NVD, FIRST and CISA say of it.
Advisory rating(unsigned i) {
  const std::string cve = "CVE-2020-" + std::to_string(10'000 + i);
  Advisory one{.id = "NVD-" + cve,
               .publisher = "NVD",
               .upstream = {cve},
               .details = std::string(400, 'd'),
               .published = "2020-01-01T00:00:00Z",
               .modified = "2020-01-01T00:00:00Z",
               .vectors = {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"},
               .weaknesses = {"CWE-787"}};
  for (int url = 0; url < 5; ++url)
    one.references.push_back({"WEB", "https://example.org/" + std::to_string(url)});
  one.affected.push_back({.ecosystem = "CPE", .package = "vendor:source" + std::to_string(i % kSources)});
  one.affected[0].ranges.push_back(
      {"ECOSYSTEM", {{Event::Kind::introduced, "0"}, {Event::Kind::fixed, "1.200"}}});
  return one;
}

Risk score(unsigned i) {
  return {.cve = "CVE-2020-" + std::to_string(10'000 + i),
          .source = "EPSS",
          .date = "2025-01-01",
          .epss = Epss{.score = 0.01, .percentile = 0.5}};
}

void match_1000_packages(benchmark::State& state) {
  const std::string folder =
      std::filesystem::temp_directory_path() / ("peekr-match-bench-" + std::to_string(::getpid()));
  Result<DbWriter> writer = DbWriter::fresh(folder, "2026-11-23T00:00:00Z");
  if (!writer) std::abort();
  for (unsigned i = 0; i < kAdvisories; ++i) {
    const bool put =
        writer->put("test", advisory(i)) && writer->put("test", rating(i)) && writer->put("test", score(i));
    if (!put) std::abort();
  }
  if (!writer->commit()) std::abort();
  Inventory inventory{.distro = Distro{.id = "debian", .version_id = "12"}};
  for (unsigned i = 0; i < kPackages; ++i) {
    inventory.packages.push_back({.type = "deb",
                                  .name = "package" + std::to_string(i),
                                  .version = "1.100-1",
                                  .source = "source" + std::to_string(i % kSources),
                                  .source_version = "1.100-1"});
  }
  const Result<Db> db = Db::open(folder);
  std::size_t found = 0;
  for (auto round : state) {
    const Result<Findings> findings = match(inventory, *db);
    found = findings->list.size();
  }
  state.counters["findings"] = static_cast<double>(found);
  std::filesystem::remove_all(folder);
}
BENCHMARK(match_1000_packages)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
}  // namespace peekr

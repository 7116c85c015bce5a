// SPDX-License-Identifier: Apache-2.0
// Reports that are written, and read back; those of several platforms, too.
#include "report/saved.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <set>

#include "base/text.h"
#include "model/order.h"
#include "report/reporter.h"
#include "report/test_reports.h"

namespace peekr {
namespace {

using namespace testing_reports;

// As match() has them.
Report in_order_of_match(Report report) {
  std::ranges::sort(report.findings.list, [&](const Finding& a, const Finding& b) {
    return finding_before(report.inventory.packages, a, b);
  });
  return report;
}

std::string written(const Reporter& row, const Report& report, Extent extent) {
  std::string out;
  (extent == Extent::findings ? row.scan : row.inventory)(report, {.files = true, .suppressed = true}, out);
  return out;
}

TEST(Saved, a_report_that_is_read_back_is_the_same_in_every_format) {
  for (const char* name :
       {"typical", "exploited", "corrupt", "clean", "suppressed", "no_data", "end_of_life", "empty"}) {
    Report report = in_order_of_match(sample(name));
    if (report.inventory.packages.size() > 2) report.plan = sample_plan();
    for (const Extent extent : {Extent::findings, Extent::packages}) {
      if (extent == Extent::packages) {
        report = {.version = report.version,
                  .created = report.created,
                  .image = report.image,
                  .inventory = report.inventory};
      }
      const Result<Saved> saved = read_saved(written(*find_reporter("json"), report, extent));
      ASSERT_TRUE(saved) << name << ": " << saved.error().message;
      ASSERT_EQ(saved->extent, extent);
      for (const Reporter* row : all_reporters()) {
        if (extent == Extent::packages && row->inventory == nullptr) continue;
        EXPECT_EQ(written(*row, saved->report, extent), written(*row, report, extent)) << name << row->name;
      }
    }
  }
}

IndexReport sample_index() {
  IndexReport index{.version = "0.1.0",
                    .created = "2023-10-10T00:00:00Z",
                    .image = {.name = "app:1", .kind = "registry", .digest = digest('e')},
                    .verdict = {.exit_code = 1, .reasons = {"linux/s390x: could not be scanned"}}};
  using State = PlatformReport::State;
  index.platforms = {
      {.platform = "linux/amd64", .digest = digest('f'), .report = in_order_of_match(exploited())},
      {.platform = "windows/amd64", .os_version = "10.0.1", .report = in_order_of_match(suppressed())},
      {.platform = "linux/s390x", .digest = digest('1'), .state = State::failed, .why = "layer 1: damaged"},
      {.platform = "unknown/unknown", .state = State::listed, .why = "an attestation"}};
  return index;
}

std::string written(const Reporter& row, const IndexReport& index, Extent extent) {
  std::string out;
  row.platforms(index, extent, {}, out);
  return out;
}

TEST(Saved, a_report_of_several_platforms_is_written_and_read_as_the_same) {
  const IndexReport index = sample_index();
  for (const Extent extent : {Extent::findings, Extent::packages}) {
    const std::string json = written(*find_reporter("json"), index, extent);
    const Result<Saved> saved = read_saved(json);
    ASSERT_TRUE(saved) << saved.error().message;
    ASSERT_TRUE(saved->index);
    EXPECT_EQ(saved->extent, extent);
    EXPECT_EQ(written(*find_reporter("json"), *saved->index, extent), json);
  }
  const Result<Saved> saved = read_saved(written(*find_reporter("json"), index, Extent::findings));
  for (const std::string_view format : {"table", "sarif"})
    EXPECT_EQ(written(*find_reporter(format), *saved->index, Extent::findings),
              written(*find_reporter(format), index, Extent::findings));
}

TEST(Saved, what_is_wrong_with_one_platform_is_named) {
  const std::string json = written(*find_reporter("json"), sample_index(), Extent::findings);
  const auto error = [&](std::string_view from, std::string_view to) {
    std::string text = json;
    const Result<Saved> saved = read_saved(text.replace(text.find(from), from.size(), to));
    return saved ? "nothing is wrong" : saved.error().message;
  };
  EXPECT_EQ(error("\"state\": \"failed\"", "\"state\": \"scanned\""),
            "platforms: linux/s390x: is scanned without a report");
  EXPECT_EQ(error("\"state\": \"scanned\"", "\"state\": \"lost\""),
            "platforms[0].state: is \"lost\", which is no such word");
  EXPECT_EQ(error("\"kind\": \"docker-archive\"", "\"kind\": 7"),
            "platforms[0].report.image.kind: is no text");
}

// GitHub takes what stands before the last slash of the id for the category of a run. One that failed has none: its alerts stay.
TEST(Sarif, each_platform_is_a_run_and_a_failure_is_told_in_each) {
  const std::string text = written(*find_reporter("sarif"), sample_index(), Extent::findings);
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(text);
  std::vector<std::string> told;
  for (const simdjson::dom::element run : root["runs"]) {
    told.emplace_back(run["automationDetails"]["id"].get_string().value());
    told.emplace_back(
        run["invocations"].at(0)["toolExecutionNotifications"].at(0)["message"]["text"].get_string().value());
  }
  const std::string failure = "linux/s390x could not be scanned: layer 1: damaged";
  EXPECT_EQ(told, (std::vector<std::string>{"peekr/linux/amd64/", failure, "peekr/windows/amd64 10.0.1/",
                                            failure}));
}

TEST(Sarif, two_images_of_one_platform_are_two_categories) {
  IndexReport index = sample_index();
  index.platforms.push_back(index.platforms.front());
  const std::string text = written(*find_reporter("sarif"), index, Extent::findings);
  EXPECT_EQ(text.find("\"peekr/linux/amd64/\""), text.rfind("\"peekr/linux/amd64/\""));
  EXPECT_NE(text.find("\"peekr/linux/amd64#2/\""), std::string::npos);
}

TEST(Saved, every_order_of_findings_is_read_as_the_same) {
  const Report report = in_order_of_match(exploited());
  for (const Sort sort : {Sort::risk, Sort::severity, Sort::epss, Sort::kev, Sort::package, Sort::fix}) {
    std::string json, again;
    find_reporter("json")->scan(report, {.sort = sort}, json);
    const Result<Saved> saved = read_saved(json);
    ASSERT_TRUE(saved) << saved.error().message;
    find_reporter("json")->scan(saved->report, {.sort = sort}, again);
    EXPECT_EQ(again, json);
    EXPECT_EQ(written(*find_reporter("csv"), saved->report, Extent::findings),
              written(*find_reporter("csv"), report, Extent::findings));
  }
}

// Without the lines of that JSON that have a field with its default.
std::string without_defaults(std::string_view json) {
  std::string text;
  const std::set<std::string_view> defaults = {"null", "false", "0", "\"\"", "[]"};
  while (!json.empty()) {
    const std::string_view line = next_line(json);
    const auto [key, value] = cut(trim(line), ':');
    std::string_view plain = trim(value);
    if (plain.ends_with(',')) plain.remove_suffix(1);
    const std::string_view name = key.size() > 2 ? key.substr(1, key.size() - 2) : "";
    const bool needed = kNeededFields.contains(' ' + std::string(name) + ' ');
    if (defaults.contains(plain) && !needed) continue;
    const bool ends = trim(line).starts_with('}') || trim(line).starts_with(']');
    if (ends && text.ends_with(",\n")) text.erase(text.size() - 2, 1);
    text.append(line) += '\n';
  }
  return text;
}

TEST(Saved, what_an_older_peekr_did_not_write_is_empty) {
  for (const char* name : {"typical", "exploited", "corrupt", "clean", "suppressed", "end_of_life"}) {
    Report report = in_order_of_match(sample(name));
    if (report.inventory.packages.size() > 2) report.plan = sample_plan();
    const std::string json = written(*find_reporter("json"), report, Extent::findings);
    const std::string less = without_defaults(json);
    EXPECT_LT(less.size(), json.size());
    const Result<Saved> saved = read_saved(less);
    ASSERT_TRUE(saved) << name << ": " << saved.error().message;
    EXPECT_EQ(written(*find_reporter("json"), saved->report, Extent::findings), json) << name;
  }
}

TEST(Saved, what_a_report_would_say_something_else_without_is_not_missing) {
  Report report = in_order_of_match(exploited());
  report.plan = sample_plan();
  const std::string all[] = {written(*find_reporter("json"), report, Extent::findings),
                             written(*find_reporter("json"), suppressed(), Extent::findings),
                             written(*find_reporter("json"), sample_index(), Extent::findings)};
  std::vector<std::string> words = {"kind", "severity", "standing", "confidence", "score", "stage"};
  for (const std::string_view word : split(trim(kNeededFields), ' ')) words.emplace_back(word);
  for (const std::string& word : words) {
    // Some stand in sums, too, which nobody reads back.
    const std::string key = '"' + word + "\":";
    const auto is_needed_in = [&](const std::string& json) {
      bool needed = false;
      for (std::size_t at = json.find(key); !needed && at != std::string::npos; at = json.find(key, at + 1)) {
        std::string without = json;
        needed = !read_saved(without.insert(at + 1, "no_"));
      }
      return needed;
    };
    EXPECT_TRUE(std::ranges::any_of(all, is_needed_in)) << word;
  }
}

TEST(Saved, what_is_wrong_is_named) {
  const std::string json = written(*find_reporter("json"), suppressed(), Extent::findings);
  const auto error = [&](std::string_view from, std::string_view to) {
    std::string text = json;
    const std::size_t at = text.find(from);
    if (at == std::string::npos) return "not in the report: " + std::string(from);
    const Result<Saved> saved = read_saved(text.replace(at, from.size(), to));
    return saved ? "nothing is wrong" : saved.error().message;
  };
  EXPECT_EQ(error("{", "["), "not JSON: " + std::string(error("{", "[")).substr(10));
  EXPECT_EQ(error("\"schema_version\": 1", "\"schema_version\": 2"),
            "schema_version: is 2, and this peekr reads 1");
  EXPECT_EQ(error("\"schema_version\"", "\"version\""),
            "schema_version: is missing: not what peekr -f json wrote");
  EXPECT_EQ(error("\"created\": \"2023-10-10T00:00:00Z\"", "\"created\": 7"), "created: is no text");
  EXPECT_EQ(error("\"size\": 119", "\"size\": -1"), "image.layers[0].size: is no number of things");
  EXPECT_EQ(error("\"diff_id\": \"sha256:b", "\"diff_id\": \"md5:b").substr(0, 30),
            "image.layers[0].diff_id: diges");
  EXPECT_EQ(error("\"layer_index\": 1", "\"layer_index\": 2"),
            "completeness.unidentified_files[0].layer_index: is 2 (counted from 0) of 2 layers");
  EXPECT_EQ(error("\"layer_index\": 0", "\"layer_index\": 4294967296"),
            "packages[0].layer_index: is too large: 4294967296");
  EXPECT_EQ(error("\"standing\": \"affected\"", "\"standing\": \"odd\""),
            "findings[0].standing: is \"odd\", which is no such word");
  EXPECT_EQ(error("\"percentile\": 0.99953", "\"percentile\": 2"),
            "findings[0].epss.percentile: is not between 0 and 1");
  EXPECT_EQ(error("\"packages\": [\n    {\n      \"type\"", "\"parcels\": [\n    {\n      \"type\""),
            "packages: is missing");
  EXPECT_EQ(error("\"by_content\": false", "\"by_content\": null"),
            "packages[0].by_content: is neither true nor false");
  EXPECT_EQ(error("\"stage\"", "\"age\""), "notes[0].stage: is missing");
  EXPECT_EQ(error("\"malware\": [", "\"bad\": ["), "malware: is missing");
  EXPECT_EQ(error("\"fixed_in\"", "\"mixed_in\""), "findings[0].fixed_in: is missing");
  EXPECT_EQ(error("\"exit_code\"", "\"code\""), "verdict.exit_code: is missing");
  EXPECT_EQ(error("\"package\": {\n        \"index\": 1", "\"package\": {\n        \"index\": 7"),
            "findings[0].package.index: is 7 (counted from 0) of 7 packages");
}

}  // namespace
}  // namespace peekr

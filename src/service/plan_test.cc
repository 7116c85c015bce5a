// SPDX-License-Identifier: Apache-2.0
#include "service/plan.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace peekr {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMirrors = "https://repo.us-west-2.amazonaws.com/2018.03/updates/x86_64/mirror.list";

void put(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

// The URL of the updateinfo that such a list leads to, or why there is none.
std::string led_to(const std::string& mirrors) {
  const fs::path folder = fs::temp_directory_path() / ("peekr-plan-" + std::to_string(::getpid()));
  put(folder / "repo.us-west-2.amazonaws.com/2018.03/updates/x86_64/mirror.list", mirrors);
  put(folder / "one.example/u/repodata/repomd.xml",
      R"(<repomd><data type="updateinfo"><location href="repodata/updateinfo.xml.gz"/></data></repomd>)");
  const Fetcher fetcher({.mirror = (folder / "{host}").string()}, folder);
  const Origin origin{.name = "amazon/1", .url = kMirrors, .delta = Delta::repomd};
  const FetchTarget target{.feed = nullptr, .origin = &origin, .source = "amazon/1", .url = kMirrors};
  Shared shared;
  const DbSource known;
  const std::string now = "2026-11-25T00:00:00Z";
  const Result<Plan> plan =
      plan_whole({.fetcher = fetcher, .shared = shared, .target = target, .known = known, .now = now});
  fs::remove_all(folder);
  return plan ? plan->url : plan.error().message;
}

TEST(Plan, what_is_asked_over_https_leads_to_nothing_else) {
  const std::string updates = "https://one.example/u/repodata/updateinfo.xml.gz";
  EXPECT_EQ(led_to("http://one.example/u\nhttp://two.example/u\n"), updates);
  EXPECT_EQ(led_to("http://two.example/u\n\nhttps://one.example/u/\nhttps://three.example/u\n"), updates);
  EXPECT_EQ(led_to("ftp://one.example/u\n"), std::string(kMirrors) + ": it names no repository");
  EXPECT_EQ(led_to(""), std::string(kMirrors) + ": it names no repository");
}

// What is made of a repomd.xml: "nothing", a URL, or an error.
std::string made_of(const std::string& repomd, const Origin& origin) {
  const fs::path folder = fs::temp_directory_path() / ("peekr-plan-" + std::to_string(::getpid()));
  put(folder / "one.example/u/repodata/repomd.xml", repomd);
  const Fetcher fetcher({.mirror = (folder / "{host}").string()}, folder);
  const FetchTarget target{.feed = nullptr, .origin = &origin, .source = "x", .url = std::string(origin.url)};
  Shared shared;
  const DbSource known;
  const std::string now = "2026-11-25T00:00:00Z";
  const Result<Plan> plan =
      plan_update({.fetcher = fetcher, .shared = shared, .target = target, .known = known, .now = now});
  fs::remove_all(folder);
  if (!plan) return plan.error().message;
  return plan->how == Plan::How::nothing ? "nothing" : plan->url;
}

TEST(Plan, only_a_repository_that_may_have_had_no_update_has_none_and_says_so_to_its_end) {
  const char* url = "https://one.example/u/repodata/repomd.xml";
  const std::string none = std::string(url) + ": it names no updateinfo";
  const std::string whole =
      R"(<repomd xmlns="x"><data type="primary"><location href="p.xml.gz"/></data></repomd>)";
  const Origin topics{.name = "amazon/2", .url = url, .values = "a|b", .delta = Delta::repomd};
  const Origin releases{.name = "epel", .url = url, .values = "8|9", .delta = Delta::repomd};
  EXPECT_EQ(made_of(whole, topics), "nothing");
  EXPECT_EQ(made_of(whole, releases), none);
  EXPECT_EQ(made_of(whole.substr(0, 40), topics), none);
  EXPECT_EQ(made_of("<html><body>sign in to the network</body></html>", topics), none);
}

// What follows from what is known of NVD's 2024, whose checksum is "aa", on 25 November.
Result<Plan> nvd_plan(const DbSource& known, const Feed* feed, bool only_changes) {
  const fs::path folder = fs::temp_directory_path() / ("peekr-plan-" + std::to_string(::getpid()));
  put(folder / "one.example/nvdcve-2.0-2024.meta", "sha256:AA\r\n");
  const Fetcher fetcher({.mirror = (folder / "{host}").string()}, folder);
  const Origin origin{.name = "nvd", .url = "https://one.example/nvdcve-2.0-{}.json.gz", .delta = Delta::nvd};
  const FetchTarget target{.feed = feed,
                           .origin = &origin,
                           .source = "nvd/2024",
                           .url = "https://one.example/nvdcve-2.0-2024.json.gz"};
  Shared shared;
  const std::string now = "2026-11-25T00:00:00Z";
  Result<Plan> plan = plan_update({.fetcher = fetcher,
                                   .shared = shared,
                                   .target = target,
                                   .known = known,
                                   .now = now,
                                   .only_changes = only_changes});
  fs::remove_all(folder);
  return plan;
}

TEST(Plan, what_another_revision_of_the_parser_has_made_is_fetched_anew_but_not_by_who_takes_changes_only) {
  const Feed feed{.name = "nvd", .revision = 2};
  DbSource known{.fetched = "2026-11-24T00:00:00Z"};
  known.state = {{"whole", "2026-11-24T00:00:00Z"}, {"checksum", "aa"}};
  const auto plan = [&](bool only_changes) {
    const Result<Plan> made = nvd_plan(known, &feed, only_changes);
    EXPECT_TRUE(made) << made.error().message;
    return std::pair(made->how, made->anew);
  };
  EXPECT_EQ(plan(false), std::pair(Plan::How::whole, true));
  EXPECT_EQ(plan(true), std::pair(Plan::How::nothing, false));
  known.state[kRevision] = "2";
  EXPECT_EQ(plan(false), std::pair(Plan::How::nothing, false));
  known.state.clear();  // nothing is there
  EXPECT_EQ(plan(false), std::pair(Plan::How::whole, false));
}

TEST(Plan, what_could_not_be_read_asks_for_the_whole_but_not_of_who_takes_changes_only) {
  DbSource known;
  known.left_out = 1;
  known.fetched = "2026-11-24T00:00:00Z";
  known.state = {{"whole", "2026-11-01T00:00:00Z"}, {"checksum", "aa"}};
  const auto how = [&](bool only_changes) {
    const Result<Plan> plan = nvd_plan(known, nullptr, only_changes);
    EXPECT_TRUE(plan) << plan.error().message;
    return plan->how;
  };
  EXPECT_EQ(how(false), Plan::How::whole);
  EXPECT_EQ(how(true), Plan::How::nothing);
}

}  // namespace
}  // namespace peekr

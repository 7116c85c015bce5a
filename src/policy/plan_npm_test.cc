// SPDX-License-Identifier: Apache-2.0
// The plan's commands for what npm, pnpm and Yarn have installed.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "policy/test_plan.h"

namespace peekr {
namespace {

using testing_plan::add_command, testing_plan::settled;

// The paths of packages below app/node_modules, each with what it needs.
Report project(const std::vector<std::pair<std::string, std::vector<std::string>>>& packages) {
  Report report;
  for (const auto& [place, needs] : packages) {
    const std::size_t at = place.rfind('@');
    const std::string path = "app/node_modules/" + place.substr(0, at);
    const std::size_t name = path.rfind("node_modules/") + 13;
    report.inventory.packages.push_back({.type = "npm",
                                         .name = path.substr(name),
                                         .version = place.substr(at + 1),
                                         .path = Path(path + "/package.json"),
                                         .needs = needs});
  }
  return report;
}

Remediation::Action upgraded(const Report& report, std::vector<Remediation::Step> steps) {
  Remediation::Action one{.type = "npm", .where = "/app", .steps = std::move(steps)};
  add_command(report, one);
  return one;
}

TEST(PlanNpm, what_the_project_asks_for_is_installed_and_what_others_need_is_overridden) {
  Report report = project(
      {{"lodash@4.17.4", {}}, {"webpack@4.0.0", {"a"}}, {"a@1.0.0", {"semver"}}, {"semver@5.7.1", {}}});
  report.inventory.packages[0].asked = report.inventory.packages[1].asked = true;
  const Remediation::Action one =
      upgraded(report, {{.name = "lodash", .from = "4.17.4", .to = "4.17.21", .packages = {0}},
                        {.name = "semver", .from = "5.7.1", .to = "5.7.2", .packages = {3}}});
  EXPECT_EQ(
      one.command,
      "npm install lodash@4.17.21 && npm pkg set 'overrides[semver@<5.7.2]=5.7.2' && npx -y npm@11 install");
  EXPECT_TRUE(one.steps[0].direct);
  EXPECT_FALSE(one.steps[1].direct);
  EXPECT_EQ(one.steps[1].through, "webpack");
  EXPECT_EQ(one.missing, "npm");
}

TEST(PlanNpm, what_is_asked_for_under_another_name_is_changed_under_that) {
  Report report = project({{"my-lodash@4.17.4", {}}, {"a@1.0.0", {"old"}}, {"old@1.0.0", {}}});
  report.inventory.packages[0].asked = report.inventory.packages[1].asked = true;
  report.inventory.packages[0].name = "lodash";
  report.inventory.packages[2].name = "semver";
  const std::vector<Remediation::Step> steps = {
      {.name = "lodash", .from = "4.17.4", .to = "4.17.21", .packages = {0}},
      {.name = "semver", .from = "1.0.0", .to = "5.7.2", .packages = {2}}};
  EXPECT_EQ(
      upgraded(report, steps).command,
      "npm install my-lodash@npm:lodash@4.17.21 && npm pkg set 'overrides[old@<5.7.2]=npm:semver@5.7.2' "
      "&& npx -y npm@11 install");
  EXPECT_EQ(NodeModules(report.inventory.packages).obstacle(report.inventory.packages[2]), "");
  report.inventory.packages[2].lock = "yarn";
  EXPECT_EQ(NodeModules(report.inventory.packages).obstacle(report.inventory.packages[2]),
            "is asked for as old: change its version in package.json, or in who asks for it");
}

TEST(PlanNpm, of_a_direct_dependency_that_others_need_too_no_older_copy_comes_back) {
  Report report = project({{"lodash@4.17.4", {}}, {"a@1.0.0", {"lodash"}}});
  report.inventory.packages[0].asked = report.inventory.packages[1].asked = true;
  const std::vector<Remediation::Step> steps = {
      {.name = "lodash", .from = "4.17.4", .to = "4.17.21", .packages = {0}}};
  EXPECT_EQ(upgraded(report, steps).command,
            "npm install lodash@4.17.21 && npm pkg set 'overrides[lodash@<4.17.21]=4.17.21' && npx -y npm@11 "
            "install");
  report.inventory.packages[1].needs.clear();
  EXPECT_EQ(upgraded(report, steps).command, "npm install lodash@4.17.21");
}

TEST(PlanNpm, what_goes_in_one_copy_and_stays_in_another_counts_for_both) {
  Report report =
      project({{"lodash@4.17.4", {}}, {"box@1.0.0", {"lodash"}}, {"box/node_modules/lodash@4.17.4", {}}});
  report.inventory.packages[0].asked = report.inventory.packages[1].asked = true;
  report.inventory.packages[1].provides = {"lodash"};
  for (const std::size_t package : {std::size_t{0}, std::size_t{2}})
    report.findings.list.push_back(
        {.package = package, .id = "CVE-1", .fixed_in = "5", .proofs = {{.scheme = "semver"}}});
  const Remediation plan = settled(report, Findings{.list = {report.findings.list[1]}});
  ASSERT_EQ(plan.actions.size(), 1u);
  EXPECT_EQ(plan.actions[0].removes, (std::array<std::size_t, 6>{1}));
  EXPECT_EQ(plan.before, 2u);
  EXPECT_EQ(plan.after, 1u);
  EXPECT_EQ(plan.staying.size(), 1u);
}

TEST(PlanNpm, each_line_of_versions_has_its_own_override_the_lowest_first_and_lower_ones_stay) {
  Report report = project({{"m@1.2.0", {}},
                           {"b@1.0.0", {}},
                           {"b/node_modules/m@0.0.8", {}},
                           {"c/node_modules/m@0.0.10", {}},
                           {"d/node_modules/m@0.0.1", {}}});
  report.inventory.packages[1].asked = true;
  const Remediation::Action one =
      upgraded(report, {{.name = "m", .from = "1.2.0", .to = "1.2.6", .packages = {0}},
                        {.name = "m", .from = "0.0.10", .to = "0.2.4", .packages = {3}},
                        {.name = "m", .from = "0.0.8", .to = "0.2.4", .packages = {2}}});
  EXPECT_EQ(
      one.command,
      "npm pkg set 'overrides[m@0.0.8 || >0.0.8 <0.2.4]=0.2.4' 'overrides[m@1.2.0 || >1.2.0 <1.2.6]=1.2.6' "
      "&& npx -y npm@11 install");
}

TEST(PlanNpm, what_is_for_development_alone_is_left_out_where_the_image_has_none_of_it) {
  Report report = project({{"m@1.2.0", {}}, {"eslint@1.0.0", {}}, {"npm@11.0.0", {}}});
  report.inventory.packages[0].asked = report.inventory.packages[0].essential = true;
  const std::vector<Remediation::Step> steps = {
      {.name = "m", .from = "1.2.0", .to = "1.2.6", .packages = {0}}};
  EXPECT_EQ(upgraded(report, steps).command, "npm install --omit=dev m@1.2.6");
  report.inventory.packages[1].asked = true;
  EXPECT_EQ(upgraded(report, steps).command, "npm install m@1.2.6");
  report.inventory.packages[1].asked = false;
  report.inventory.packages.pop_back();
  const Remediation::Action elsewhere = upgraded(report, steps);
  EXPECT_EQ(elsewhere.command, "npm install m@1.2.6") << "it is run where they may be";
  EXPECT_NE(elsewhere.words.find("what is for development alone comes, too"), std::string::npos);
}

TEST(PlanNpm, where_no_package_json_asks_for_them_there_is_no_command) {
  const Remediation::Action one =
      upgraded(project({{"m@1.2.0", {}}}), {{.name = "m", .from = "1.2.0", .to = "1.2.6", .packages = {0}}});
  EXPECT_EQ(one.command, "");
  EXPECT_TRUE(one.words.starts_with("no package.json there asks for any of them")) << one.words;
}

TEST(PlanNpm, what_pnpm_has_installed_is_not_npms) {
  Report report = project({{".pnpm/m@1.2.0/node_modules/m@1.2.0", {}}});
  const Remediation::Action one =
      upgraded(report, {{.name = "m", .from = "1.2.0", .to = "1.2.6", .packages = {0}}});
  EXPECT_EQ(one.command, "");
  EXPECT_EQ(
      one.words,
      "pnpm installed them: name the versions in overrides of pnpm-workspace.yaml, then pnpm install and "
      "pnpm prune");
}

Report of_manager(const std::string& manager) {
  Report report = project({{"lodash@4.17.4", {}},
                           {"webpack@4.0.0", {"a"}},
                           {"a@1.0.0", {"semver"}},
                           {"semver@5.7.1", {}},
                           {"eslint@1.0.0", {}}});
  report.inventory.packages[0].asked = report.inventory.packages[1].asked =
      report.inventory.packages[4].asked = true;
  for (Package& one : report.inventory.packages) one.lock = manager;
  return report;
}
const std::vector<Remediation::Step> kTwo = {
    {.name = "lodash", .from = "4.17.4", .to = "4.17.21", .packages = {0}},
    {.name = "semver", .from = "5.7.1", .to = "5.7.2", .packages = {3}}};

TEST(PlanNpm, what_another_manager_has_installed_is_changed_by_that) {
  const Remediation::Action classic = upgraded(of_manager("yarn"), kTwo);
  EXPECT_EQ(classic.command,
            "yarn upgrade lodash@4.17.21 && npm pkg set 'resolutions[semver]=5.7.2' && yarn install");
  EXPECT_EQ(classic.missing, "yarn");
  EXPECT_EQ(upgraded(of_manager("berry"), kTwo).command,
            "yarn up lodash@4.17.21 && npm pkg set 'resolutions[semver]=5.7.2' && yarn install");
  const Remediation::Action pnpm = upgraded(of_manager("pnpm"), kTwo);
  EXPECT_EQ(pnpm.command,
            "pnpm update lodash@4.17.21 && pnpm config set --location=project --json overrides "
            "'{\"semver@<5.7.2\":\"5.7.2\"}' && pnpm install --no-frozen-lockfile && pnpm prune");
  EXPECT_NE(pnpm.words.find("what pnpm-workspace.yaml overrides now is replaced"), std::string::npos);
  EXPECT_TRUE(upgraded(of_manager("npm"), kTwo)
                  .command.starts_with("npm install lodash@4.17.21 && npm pkg set 'overrides["));
  Report there = of_manager("yarn");
  there.inventory.packages.push_back({.type = "npm",
                                      .name = "corepack",
                                      .version = "0.20.0",
                                      .path = Path("usr/local/lib/node_modules/corepack/package.json")});
  EXPECT_EQ(upgraded(there, kTwo).missing, "");
}

TEST(PlanNpm, what_pnpm_links_to_goes_up_by_an_override) {
  Report report = project({{".pnpm/m@1.2.0/node_modules/m@1.2.0", {}}});
  report.inventory.packages[0].lock = "pnpm";
  const Remediation::Action one =
      upgraded(report, {{.name = "m", .from = "1.2.0", .to = "1.2.6", .packages = {0}}});
  EXPECT_EQ(one.command,
            "pnpm config set --location=project --json overrides '{\"m@<1.2.6\":\"1.2.6\"}' && "
            "pnpm install --no-frozen-lockfile && pnpm prune");
}

TEST(PlanNpm, what_a_project_of_pnpm_asks_for_is_updated_and_whoever_else_links_to_it_gets_no_old_one) {
  Report report = project({{".pnpm/m@1.2.0/node_modules/m@1.2.0", {}}});
  report.inventory.packages[0].lock = "pnpm";
  report.inventory.packages[0].asked = true;
  const Remediation::Action one =
      upgraded(report, {{.name = "m", .from = "1.2.0", .to = "1.2.6", .packages = {0}}});
  EXPECT_EQ(one.command,
            "pnpm update m@1.2.6 && pnpm config set --location=project --json overrides "
            "'{\"m@<1.2.6\":\"1.2.6\"}' && pnpm install --no-frozen-lockfile && pnpm prune");
  EXPECT_TRUE(one.steps[0].direct);
}

TEST(PlanNpm, an_override_of_all_versions_is_not_made_where_one_must_stay) {
  Report report = project({{"m@1.2.0", {}}, {"b@1.0.0", {}}, {"b/node_modules/m@0.0.8", {}}});
  report.inventory.packages[1].asked = true;
  for (Package& one : report.inventory.packages) one.lock = "yarn";
  const Remediation::Action one =
      upgraded(report, {{.name = "m", .from = "1.2.0", .to = "1.2.6", .packages = {0}}});
  EXPECT_EQ(one.command, "");
  EXPECT_NE(one.words.find("m is there in several versions: name 1.2.6 in resolutions by who needs it"),
            std::string::npos)
      << one.words;
}

TEST(PlanNpm, what_was_put_there_by_hand_is_said_to_come_back) {
  Report report = of_manager("npm");
  report.inventory.packages[1].lock = "npm 3.0.0";
  EXPECT_NE(
      upgraded(report, kTwo).words.find("webpack 4.0.0 is not what the lock file has: 3.0.0 comes back"),
      std::string::npos);
  report.inventory.packages[1].lock = "npm";
  report.inventory.packages[0].lock = "npm 4.17.3";
  EXPECT_EQ(upgraded(report, kTwo).words.find("comes back"), std::string::npos) << "it is changed";
}

TEST(PlanNpm, a_folder_whose_name_may_not_stand_in_a_command_is_said_to_be_the_reason) {
  Report report = project({{"a\nb@1.0.0", {}}});
  report.inventory.packages[0].name = "nl";
  report.findings.list = {{.package = 0, .id = "CVE-1", .fixed_in = "2", .proofs = {{.scheme = "semver"}}}};
  EXPECT_EQ(settled(report, report.findings).staying,
            std::vector<std::string>{
                "npm nl 1.0.0: the name of its folder, a\uFFFDb, may not stand in a command: CVE-1"});
}

TEST(NodeModules, what_the_project_overrides_itself_is_promised_nothing) {
  Report report = project({{"m@1.2.0", {}}});
  report.inventory.packages[0].pin = "overrides";
  NodeModules modules(report.inventory.packages);
  EXPECT_EQ(
      modules.obstacle(report.inventory.packages[0]),
      "overrides of package.json has its name already, and npm keeps to that: change the version there");
}

TEST(NodeModules, what_is_bundled_or_lies_in_what_is_installed_globally_is_another_ones_to_change) {
  std::vector<Package> packages = {
      {.type = "npm",
       .name = "npm",
       .version = "10.0.0",
       .path = Path("usr/local/lib/node_modules/npm/package.json")},
      {.type = "npm",
       .name = "tar",
       .version = "6.0.0",
       .path = Path("usr/local/lib/node_modules/npm/node_modules/tar/package.json")},
      {.type = "npm",
       .name = "box",
       .version = "1.0.0",
       .path = Path("node_modules/box/package.json"),
       .provides = {"d"}},
      {.type = "npm",
       .name = "e",
       .version = "1.0.0",
       .path = Path("node_modules/box/node_modules/d/node_modules/e/package.json")},
      {.type = "npm",
       .name = "d",
       .version = "1.0.0",
       .path = Path("node_modules/box/node_modules/d/package.json")}};
  NodeModules modules(packages);
  EXPECT_EQ(modules.obstacle(packages[0]), "");
  EXPECT_EQ(modules.obstacle(packages[1]),
            "lies within npm 10.0.0, installed globally: only another version of that can change it");
  EXPECT_EQ(modules.obstacle(packages[2]), "");
  EXPECT_EQ(modules.obstacle(packages[3]),
            "bundled in box 1.0.0: only another version of that can change it");
  Report report;
  report.inventory.packages = packages;
  Remediation::Action one{.type = "npm",
                          .where = "/usr/local/lib",
                          .steps = {{.name = "npm", .from = "10.0.0", .to = "10.9.1", .packages = {0}}}};
  add_command(report, one);
  EXPECT_EQ(one.command, "npm install -g --prefix /usr/local npm@10.9.1");
  EXPECT_EQ(one.missing + one.words, "");
}

Package at(std::string name, const std::string& folder, std::vector<std::string> needs = {}) {
  return {.type = "npm",
          .name = std::move(name),
          .version = "1.0.0",
          .path = Path(folder + "/package.json"),
          .needs = std::move(needs)};
}

TEST(NodeModules, what_lies_in_one_that_bundles_something_else_is_not_bundled) {
  const std::string box = "app/node_modules/box";
  std::vector<Package> packages = {at("box", box), at("semver", box + "/node_modules/semver"),
                                   at("d", box + "/node_modules/d", {"e"}), at("e", box + "/node_modules/e")};
  packages[0].provides = {"d"};
  NodeModules modules(packages);
  EXPECT_EQ(modules.obstacle(packages[1]), "");
  for (const std::size_t i : {2u, 3u})
    EXPECT_EQ(modules.obstacle(packages[i]),
              "bundled in box 1.0.0: only another version of that can change it");
}

TEST(NodeModules, a_folder_that_is_called_lib_is_global_only_where_npm_puts_such) {
  const std::vector<Package> packages = {at("a", "srv/app/lib/node_modules/a"),
                                         at("npm", "opt/lib/node_modules/npm")};
  const NodeModules modules(packages);
  EXPECT_FALSE(modules.is_global("/srv/app/lib"));
  for (const char* where : {"/usr/lib", "/usr/local/lib", "/opt/lib"})
    EXPECT_TRUE(modules.is_global(where)) << where;
}

TEST(PlanNpm, where_too_much_is_needed_to_be_looked_at_what_is_direct_is_overridden_as_well) {
  Report report =
      project({{"lodash@4.17.4", {}}, {"a@1.0.0", std::vector<std::string>(NodeModules::kMostNeeds + 1)}});
  report.inventory.packages[0].asked = true;
  const Remediation::Action one =
      upgraded(report, {{.name = "lodash", .from = "4.17.4", .to = "4.17.21", .packages = {0}}});
  EXPECT_NE(one.command.find("overrides[lodash@<4.17.21]"), std::string::npos) << one.command;
  EXPECT_NE(one.words.find("not all looked at"), std::string::npos) << one.words;
}

TEST(PlanNpm, a_great_many_projects_cost_no_more_each_than_one) {  // by the minute, else
  constexpr std::size_t kProjects = 5000;
  std::vector<Package> packages;
  for (std::size_t i = 0; i < kProjects; ++i) {
    packages.push_back(at("lodash", "p" + std::to_string(i) + "/node_modules/lodash"));
    packages.back().asked = true;
  }
  Means means(packages);
  for (std::size_t i = 0; i < kProjects; ++i) {
    Remediation::Action one{.type = "npm",
                            .where = "/p" + std::to_string(i),
                            .steps = {{.name = "lodash", .from = "1.0.0", .to = "4.17.21", .packages = {i}}}};
    peekr::add_command(means, one);
    ASSERT_EQ(one.command, "npm install lodash@4.17.21");
  }
}

}  // namespace
}  // namespace peekr

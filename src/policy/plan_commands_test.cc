// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "policy/plan.h"

namespace peekr {
namespace {

void add_command(const Report& report, Remediation::Action& one) {
  Means means(report.inventory.packages);
  add_command(means, one);
}

Remediation::Action action(std::string type, std::vector<Remediation::Step> steps) {
  Remediation::Action one{.type = std::move(type), .where = "/srv/app", .steps = std::move(steps)};
  add_command({}, one);
  return one;
}

TEST(PlanCommands, gem_keeps_older_copies_so_they_are_taken_out) {
  const Remediation::Action gem = action("gem", {{.name = "rack", .from = "2.2.3", .to = "2.2.8"},
                                                 {.name = "rack", .from = "2.0.1", .to = "2.2.8"}});
  EXPECT_EQ(gem.command,
            "export GEM_HOME=/srv/app && gem install rack:2.2.8 && gem uninstall -I -x rack -v 2.0.1 && gem "
            "uninstall -I -x rack -v 2.2.3");
  EXPECT_EQ(
      gem.words,
      "where a Gemfile.lock, or a gem, asks for the old version: in the folder of the Gemfile bundle update "
      "--conservative rack && bundle clean --force instead");
}

// The plan, where that is what is left.
Remediation settled(const Report& report, const Findings& left = {}) {
  Means means(report.inventory.packages);
  Remediation plan = drafted(report, means);
  settle(report, left, means, plan);
  return plan;
}

Remediation::Action composer_of(const std::string& path, std::vector<Package> more) {
  Report report;
  report.inventory.packages = {{.type = "composer", .name = "a/b", .version = "1", .path = Path(path)}};
  std::ranges::move(more, std::back_inserter(report.inventory.packages));
  report.findings.list = {{.package = 0, .id = "CVE-1", .fixed_in = "2", .proofs = {{.scheme = "semver"}}}};
  return settled(report).actions.at(0);
}

TEST(PlanCommands, composer_is_run_where_composer_json_is) {
  for (const auto& [path, where] : {std::pair("var/www/html/vendor/composer/installed.json", "/var/www/html"),
                                    {"srv/composer.lock", "/srv"},
                                    {"vendor/composer/installed.json", "/"}}) {
    const Remediation::Action one = composer_of(path, {});
    EXPECT_EQ(one.where, where);
    EXPECT_EQ(one.command, "composer require -W a/b:2") << path;
    EXPECT_EQ(one.missing, "composer");
  }
  for (const char* path : {"srv/lib/composer/installed.json", "srv/web/core/core.info.yml"}) {
    EXPECT_EQ(composer_of(path, {}).where, "/" + std::string(path));
    EXPECT_EQ(composer_of(path, {}).command, "") << "it is a file";
  }
  for (const Package& one : {Package{.type = "generic", .name = "composer", .by_content = true},
                             Package{.type = "apk", .name = "composer"}})
    EXPECT_EQ(composer_of("srv/composer.lock", {one}).missing, "");
}

// Of idna in that folder, where pip lies in those.
Remediation::Action pip_for(std::string where, const std::vector<std::string>& pips) {
  Remediation::Action one{
      .type = "pypi", .where = std::move(where), .steps = {{.name = "idna", .from = "3.3", .to = "3.7"}}};
  Report report;
  report.inventory.packages = {{.type = "deb", .name = "python3.11-minimal", .version = "1"}};
  for (const std::string& pip : pips)
    report.inventory.packages.push_back({.type = "pypi", .name = "pip", .version = "23", .path = Path(pip)});
  add_command(report, one);
  return one;
}
constexpr const char* kPip = "/pip-23.dist-info/METADATA";

TEST(PlanCommands, pip_is_that_of_the_python_whose_folder_it_is) {
  for (const auto& [folder, command] :
       {std::pair("opt/venv/lib/python3.11/site-packages",
                  "/opt/venv/bin/python3.11 -m pip install idna==3.7"),
        {"usr/local/lib/python3.12/site-packages", "/usr/local/bin/python3.12 -m pip install idna==3.7"},
        {"opt/pypy/lib/pypy3.10/site-packages", "/opt/pypy/bin/pypy3.10 -m pip install idna==3.7"},
        {"usr/lib64/python3.9/site-packages",
         "PIP_BREAK_SYSTEM_PACKAGES=1 /usr/bin/python3.9 -m pip install idna==3.7"}}) {
    const std::string where = folder;
    const Remediation::Action one = pip_for("/" + where, {where + kPip});
    EXPECT_EQ(one.command, command);
    EXPECT_EQ(one.words + one.missing, "");
  }
  const std::string debian = "usr/lib/python3/dist-packages";
  EXPECT_EQ(pip_for("/usr/local/lib/python3.11/dist-packages", {debian + kPip}).command,
            "PIP_BREAK_SYSTEM_PACKAGES=1 /usr/bin/python3.11 -m pip install idna==3.7");
  EXPECT_EQ(pip_for("/usr/local/lib/python3.10/dist-packages", {debian + kPip}).command, "")
      << "that one is not there";
}

TEST(PlanCommands, what_pip_install_user_put_there_goes_up_by_the_one_python_of_that_version) {
  const std::string where = "/root/.local/lib/python3.11/site-packages";
  const std::string docker = std::string("usr/local/lib/python3.11/site-packages") + kPip,
                    debian = std::string("usr/lib/python3/dist-packages") + kPip;
  EXPECT_EQ(pip_for(where, {docker}).command,
            "HOME=/root /usr/local/bin/python3.11 -m pip install --user idna==3.7");
  EXPECT_EQ(pip_for(where, {debian}).command,
            "HOME=/root PIP_BREAK_SYSTEM_PACKAGES=1 /usr/bin/python3.11 -m pip install --user idna==3.7");
  EXPECT_EQ(pip_for(where, {docker, debian}).command, "") << "which of them is not known";
  EXPECT_EQ(pip_for(where, {where.substr(1) + kPip}).command, "") << "no Python is there";
}

TEST(PlanCommands, where_no_python_is_known_to_have_pip_for_a_folder_there_are_words) {
  const std::string usual = std::string("usr/local/lib/python3.11/site-packages") + kPip;
  for (const char* where :
       {"/app/.venv/lib/python3.11/site-packages", "/usr/lib/aws-cli/site-packages", "/site-packages",
        "/a/site-packages", "/usr/local/lib/python3.12/site-packages"}) {
    const Remediation::Action one = pip_for(where, {usual});
    EXPECT_EQ(one.command + one.missing, "") << where;
    EXPECT_TRUE(one.words.starts_with("no Python of the image is known to have pip")) << where << one.words;
  }
  for (const char* where : {"/app/requirements.txt", "/", "/lib/python3/site-packages;x"})
    EXPECT_EQ(pip_for(where, {usual}).words, "in what it was installed from") << where;
  const std::string venv = "opt/venv/lib/python3.11/site-packages";
  for (const char* inner : {"/virtualenv/embed/pip-23.whl", "/pip-23-py3-none-any.whl"})
    EXPECT_EQ(pip_for("/" + venv, {venv + inner}).command, "") << "a wheel that lies there is not installed";
}

TEST(PlanCommands, pip_is_told_a_name_once_with_the_highest_version) {
  Remediation::Action one{
      .type = "pypi",
      .where = "/opt/lib/python3.11/site-packages",
      .steps = {{.name = "idna", .from = "3.3", .to = "3.10"}, {.name = "idna", .from = "2.0", .to = "3.7"}}};
  Report report;
  report.inventory.packages = {{.type = "pypi",
                                .name = "pip",
                                .version = "23",
                                .path = Path("opt/lib/python3.11/site-packages" + std::string(kPip))}};
  add_command(report, one);
  EXPECT_EQ(one.command, "/opt/bin/python3.11 -m pip install idna==3.10");
}

TEST(PlanCommands, cargo_is_told_which_of_the_versions_of_a_name) {
  const Remediation::Action one = action("cargo", {{.name = "smallvec", .from = "0.6.13", .to = "0.6.14"},
                                                   {.name = "smallvec", .from = "1.6.0", .to = "1.6.1"}});
  EXPECT_EQ(
      one.command,
      "cargo update -p smallvec@0.6.13 --precise 0.6.14 && cargo update -p smallvec@1.6.0 --precise 1.6.1");
  EXPECT_EQ(
      one.words,
      "where cargo refuses, its Cargo.toml, or that of a crate which needs it, asks for that version alone "
      "(smallvec = \"=0.6.13\"): that line has to allow the other one first; then build it again");
  Remediation::Action lock{.type = "cargo",
                           .where = "/srv/Cargo.lock",
                           .steps = {{.name = "smallvec", .from = "1.6.0", .to = "1.6.1"}}};
  add_command({}, lock);
  EXPECT_TRUE(lock.words.starts_with("where cargo refuses, /srv/Cargo.toml, or")) << lock.words;
}

// go get refuses what another one of them is beyond.
TEST(PlanCommands, go_is_told_what_is_the_least_and_takes_what_others_need) {
  const Remediation::Action one = action(
      "golang", {{.name = "golang.org/x/text", .from = "v0.3.5", .to = "0.3.8"},
                 {.name = "stdlib", .from = "1.20", .to = "1.20.5"},
                 {.name = "github.com/docker/distribution", .from = "v2.7.1+incompatible", .to = "2.8.2"},
                 {.name = "github.com/a/b", .from = "v3.0.0+incompatible", .to = "v3.1.0+incompatible"},
                 {.name = "github.com/a/b/v5", .from = "v5.0.0", .to = "5.1.0"},
                 {.name = "gopkg.in/yaml.v2", .from = "v2.2.4", .to = "2.2.8"},
                 {.name = "github.com/a/c.v2", .from = "v2.2.4+incompatible", .to = "2.2.8"}});
  EXPECT_EQ(one.command,
            "go mod edit -require=golang.org/x/text@v0.3.8 "
            "-require=github.com/docker/distribution@v2.8.2+incompatible "
            "-require=github.com/a/b@v3.1.0+incompatible -require=github.com/a/b/v5@v5.1.0 "
            "-require=gopkg.in/yaml.v2@v2.2.8 -require=github.com/a/c.v2@v2.2.8+incompatible && go mod tidy");
  EXPECT_EQ(one.words,
            "build it with Go 1.20.5 or later; what go.mod replaces stays as it is; where there is a vendor "
            "folder: "
            "go mod vendor; then build it again");
  EXPECT_EQ(action("golang", {{.name = "stdlib", .from = "1.20", .to = "1.20.5"}}).words,
            "build it with Go 1.20.5 or later");
}

TEST(PlanCommands, cargo_update_does_not_go_from_one_line_of_versions_to_another) {
  for (const auto& [from, to] : {std::pair("0.1.45", "0.2.1"),
                                 {"1.2.3", "2.0.0"},
                                 {"0.0.1", "0.0.2"},
                                 {"0.9.1", "1.0.0"},
                                 {"1.0.0", "10.0.0"}}) {
    const Remediation::Action one = action("cargo", {{.name = "time", .from = from, .to = to}});
    EXPECT_EQ(one.command, "") << to;
    EXPECT_EQ(one.words,
              "not by cargo update, which stays in a line of versions: Cargo.toml, or that of what needs "
              "them, has to ask for time " +
                  std::string(from) + " -> " + to + "; then build it again");
  }
  for (const auto& [from, to] :
       {std::pair("0.1.44", "0.1.45"), {"1.0.0-rc.1", "1.0.0"}, {"1.9.0", "1.10.0+x"}, {"0.0.1", "0.0.1"}})
    EXPECT_NE(action("cargo", {{.name = "time", .from = from, .to = to}}).command, "") << to;
}

TEST(PlanCommands, nothing_that_a_shell_reads_is_in_a_command_or_beside_it) {
  const Remediation::Action one = action(
      "gem", {{.name = "a", .from = "1;reboot", .to = "2"}, {.name = "$(reboot)", .from = "1", .to = "2"}});
  EXPECT_EQ(one.command, "");
  EXPECT_EQ(one.words.find("reboot"), std::string::npos);
}

// The command for a of 1.0-r0, b and c, all of one source.
Remediation::Action of_system(const std::vector<Package>& packages) {
  Remediation::Action one{.type = packages[0].type,
                          .steps = {{.name = "a", .from = "1.0-r0", .to = "1.1-r0", .packages = {0, 1}}}};
  add_system_command(packages, one);
  return one;
}

TEST(PlanSystem, what_dpkg_holds_is_upgraded_all_the_same_and_said) {
  std::vector<Package> packages = {
      {.type = "deb", .name = "a"}, {.type = "deb", .name = "b"}, {.type = "deb", .name = "apt"}};
  EXPECT_EQ(of_system(packages).command, "apt-get update && apt-get install -y --only-upgrade a b");
  packages[1].pin = "hold";
  const Remediation::Action one = of_system(packages);
  EXPECT_EQ(one.command,
            "apt-get update && apt-get install -y --only-upgrade --allow-change-held-packages a b");
  EXPECT_EQ(one.words, "somebody keeps these in their versions (dpkg's hold), and the command does not: b");
}

// curl of the image's own, of a root file system inside it, and what else is there.
Remediation in_two_roots(std::vector<Package> more) {
  Report report;
  report.inventory.packages = {
      {.type = "deb", .name = "curl", .version = "1", .path = Path("var/lib/dpkg/status")},
      {.type = "deb", .name = "curl", .version = "1", .path = Path("srv/chroot/var/lib/dpkg/status")},
      {.type = "golang", .name = "a", .version = "1", .path = Path("srv/chroot/bin/a")}};
  std::ranges::move(more, std::back_inserter(report.inventory.packages));
  for (const std::size_t i : {0u, 1u, 2u})
    report.findings.list.push_back(
        {.package = i, .id = "CVE-1", .fixed_in = "2", .proofs = {{.scheme = "deb"}}});
  Remediation plan = settled(report);
  std::ranges::sort(plan.actions, {}, &Remediation::Action::where);
  return plan;
}

TEST(PlanSystem, what_is_of_a_root_file_system_inside_the_image_has_no_command_of_the_image) {
  const Remediation plan =
      in_two_roots({{.type = "deb", .name = "apt", .path = Path("var/lib/dpkg/status")}});
  EXPECT_EQ(plan.before, 3u);
  ASSERT_EQ(plan.actions.size(), 3u);
  EXPECT_EQ(plan.actions[0].command, "apt-get update && apt-get install -y --only-upgrade curl");
  EXPECT_EQ(plan.actions[1].where, "/srv/chroot");
  EXPECT_EQ(plan.actions[2].where, "/srv/chroot/bin/a");
  for (const std::size_t i : {1u, 2u}) {
    EXPECT_EQ(plan.actions[i].command, "");
    EXPECT_TRUE(
        plan.actions[i].words.starts_with("upgrade them where the root file system /srv/chroot is made"))
        << plan.actions[i].words;
  }
  for (const Remediation::Action& one : plan.actions) EXPECT_EQ(one.removes[0], 1u) << one.where;
}

TEST(PlanSystem, a_package_manager_in_a_root_file_system_inside_the_image_is_not_the_images) {
  const Remediation plan =
      in_two_roots({{.type = "deb", .name = "apt", .path = Path("srv/chroot/var/lib/dpkg/status")}});
  EXPECT_EQ(plan.actions[0].command, "");
}

TEST(PlanSystem, what_apk_was_asked_for_in_a_version_is_asked_for_in_another) {
  std::vector<Package> packages = {
      {.type = "apk", .name = "a"}, {.type = "apk", .name = "b"}, {.type = "apk", .name = "apk-tools"}};
  const std::string both = "apk upgrade --no-cache a b";
  EXPECT_EQ(of_system(packages).command, both);
  for (const char* pin : {">0.9", ">=1.0-r0", "=1.1-r0", "~1.1", "<2", "<=1.1-r0", "@edge"}) {
    packages[1].pin = pin;
    EXPECT_EQ(of_system(packages).command, both) << pin;
  }
  for (const char* pin : {"=1.0-r0", "~1.0", "~=1.0", "<1.1-r0", "<=1.0-r0", "><Q1abc="}) {
    packages[1].pin = pin;
    EXPECT_EQ(of_system(packages).command, "apk add --no-cache 'b>=1.1-r0' && apk upgrade --no-cache a")
        << pin;
  }
  EXPECT_EQ(of_system(packages).words,
            "somebody keeps these in their versions (etc/apk/world), and the command does not: b");
  packages[1].pin = "@edge=1.0-r0";
  EXPECT_EQ(of_system(packages).command, "apk add --no-cache 'b@edge>=1.1-r0' && apk upgrade --no-cache a");
  packages[1].pin = "@a'b=1.0-r0";
  EXPECT_EQ(of_system(packages).command, "apk upgrade --no-cache a");
  packages[0].pin = "=1.0-r0";
  EXPECT_EQ(of_system(packages).command, "apk add --no-cache 'a>=1.1-r0'");
}

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

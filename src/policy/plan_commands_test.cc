// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "policy/test_plan.h"

namespace peekr {
namespace {

using testing_plan::add_command, testing_plan::settled;

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
                  "/opt/venv/bin/python3.11 -m pip install 'idna>=3.7,<4'"),
        {"usr/local/lib/python3.12/site-packages", "/usr/local/bin/python3.12 -m pip install 'idna>=3.7,<4'"},
        {"opt/pypy/lib/pypy3.10/site-packages", "/opt/pypy/bin/pypy3.10 -m pip install 'idna>=3.7,<4'"},
        {"usr/lib64/python3.9/site-packages",
         "PIP_BREAK_SYSTEM_PACKAGES=1 /usr/bin/python3.9 -m pip install 'idna>=3.7,<4'"}}) {
    const std::string where = folder;
    const Remediation::Action one = pip_for("/" + where, {where + kPip});
    EXPECT_EQ(one.command, command);
    EXPECT_EQ(one.missing, "");
    EXPECT_TRUE(one.words.starts_with("pip takes the newest within these bounds")) << one.words;
  }
  const std::string debian = "usr/lib/python3/dist-packages";
  EXPECT_EQ(pip_for("/usr/local/lib/python3.11/dist-packages", {debian + kPip}).command,
            "PIP_BREAK_SYSTEM_PACKAGES=1 /usr/bin/python3.11 -m pip install 'idna>=3.7,<4'");
  EXPECT_EQ(pip_for("/usr/local/lib/python3.10/dist-packages", {debian + kPip}).command, "")
      << "that one is not there";
}

TEST(PlanCommands, what_pip_install_user_put_there_goes_up_by_the_one_python_of_that_version) {
  const std::string where = "/root/.local/lib/python3.11/site-packages";
  const std::string docker = std::string("usr/local/lib/python3.11/site-packages") + kPip,
                    debian = std::string("usr/lib/python3/dist-packages") + kPip;
  EXPECT_EQ(pip_for(where, {docker}).command,
            "HOME=/root /usr/local/bin/python3.11 -m pip install --user 'idna>=3.7,<4'");
  EXPECT_EQ(
      pip_for(where, {debian}).command,
      "HOME=/root PIP_BREAK_SYSTEM_PACKAGES=1 /usr/bin/python3.11 -m pip install --user 'idna>=3.7,<4'");
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
  for (const char* where : {"/app/pdm.lock", "/", "/lib/python3/site-packages;x"})
    EXPECT_EQ(pip_for(where, {usual}).words, "ask for idna>=3.7 in what it was installed from") << where;
  EXPECT_EQ(pip_for("/app/requirements.txt", {usual}).words, "ask for idna==3.7 in /app/requirements.txt");
  const std::string venv = "opt/venv/lib/python3.11/site-packages";
  for (const char* inner : {"/virtualenv/embed/pip-23.whl", "/pip-23-py3-none-any.whl"})
    EXPECT_EQ(pip_for("/" + venv, {venv + inner}).command, "") << "a wheel that lies there is not installed";
}

TEST(PlanCommands, pip_is_told_a_name_once_with_the_highest_version) {
  Remediation::Action one{.type = "pypi",
                          .where = "/opt/lib/python3.11/site-packages",
                          .steps = {{.name = "idna", .from = "3.3", .to = "3.10"},
                                    {.name = "idna", .from = "2.0", .to = "3.7"},
                                    {.name = "torch", .from = "1", .to = "2.0+cpu"}}};
  Report report;
  report.inventory.packages = {{.type = "pypi",
                                .name = "pip",
                                .version = "23",
                                .path = Path("opt/lib/python3.11/site-packages" + std::string(kPip))}};
  add_command(report, one);
  EXPECT_EQ(one.command, "/opt/bin/python3.11 -m pip install 'idna>=3.10,<4' torch==2.0+cpu");
}

// Two packages that such a file of a folder, or of an image, names.
Remediation::Action locked(const std::string& type, const std::string& path, const std::string& kind) {
  Report report;
  report.image.kind = kind;
  for (const std::size_t i : {0u, 1u}) {
    report.inventory.packages.push_back(
        {.type = type, .name = i == 0 ? "a" : "b", .version = "1", .path = Path(path)});
    report.findings.list.push_back(
        {.package = i, .id = "CVE-1", .fixed_in = "2.1", .proofs = {{.scheme = "semver"}}});
  }
  return settled(report).actions.at(0);
}

TEST(PlanCommands, what_a_lock_file_names_goes_up_by_the_tool_that_writes_it) {
  for (const auto& [type, path, command] :
       {std::tuple("pypi", "srv/poetry.lock", "poetry update --lock a b"),
        {"pypi", "uv.lock", "uv lock --upgrade-package 'a>=2.1,<3' --upgrade-package 'b>=2.1,<3'"},
        {"pypi", "srv/Pipfile.lock", "pipenv upgrade 'a>=2.1,<3' 'b>=2.1,<3'"},
        {"gem", "srv/Gemfile.lock", "bundle update --conservative a b"},
        {"gem", "srv/gems.locked", "bundle update --conservative a b"},
        {"composer", "srv/composer.lock", "composer require -W a:2.1 b:2.1"}}) {
    const Remediation::Action one = locked(type, path, "dir");
    EXPECT_EQ(one.command, command) << path;
    EXPECT_NE(one.words, "") << path;
    for (const char* word : {"image", "instead"})
      EXPECT_EQ(one.words.find(word), std::string::npos) << one.words;
    const Remediation::Action there = locked(type, path, "oci-dir");
    EXPECT_EQ(there.command, command) << path;
    EXPECT_NE(there.words.find("run it where the image's files are made"), std::string::npos) << there.words;
  }
  EXPECT_EQ(locked("pypi", "requirements.txt", "dir").words, "ask for a==2.1, b==2.1 in /requirements.txt");
  EXPECT_EQ(locked("pypi", "", "purl").words, "ask for a>=2.1, b>=2.1 in what it was installed from");
  EXPECT_EQ(locked("gem", "usr/lib/bundler/gems/a-1/a.gemspec", "dir").words,
            "in the folder of the Gemfile bundle update --conservative a b && bundle clean --force");
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

}  // namespace
}  // namespace peekr

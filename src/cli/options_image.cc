// SPDX-License-Identifier: Apache-2.0
// Options of the commands on an image (scan, plan, inventory, diff, explain) and on what a scan wrote (convert).
#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.h"
#include "cli/help.h"
#include "cli/raw.h"
#include "cli/values.h"

namespace peekr {
namespace {

using Group = Setting::Group;

void add_login(CLI::App& app, Raw& raw) {
  Access& access = raw.options.request.image.access;
  app.add_option("--username", access.username,
                 about("user of the registry, instead of what docker login or podman login have stored"))
      ->type_name("NAME");
  app.add_flag("--password-stdin", raw.options.password_stdin,
               "the password is the first line of standard input");
  app.add_option(
         "--registry-token", raw.options.token_file,
         about("file with a bearer token for the registry; - is standard input (else $PEEKR_REGISTRY_TOKEN)"))
      ->type_name("FILE");
}

void add_target(CLI::App& app, Raw& raw) {
  app.add_option(
         "TARGET", raw.options.request.image.text,
         "image file, OCI layout folder, root file system, SBOM, package URL, or name of an image in a "
         "registry")
      ->required()
      ->type_name("");
}

CLI::Option* add_platform(CLI::App& app, Raw& raw, std::string_view what) {
  CLI::Option* platform = app.add_option("--platform", raw.options.request.image.platform, about(what));
  platform->type_name("OS/ARCH");
  raw.values[platform] = {"linux/amd64", "linux/arm64", "linux/arm/v7"};
  return platform;
}

// How images are read.
void add_reading(CLI::App& app, Raw& raw, Command command) {
  Options& options = raw.options;
  add_output(app, raw, command);
  app.add_flag("--insecure", options.request.image.access.insecure,
               "registries may do without TLS, or with a certificate that nobody vouches for");
  const bool all = command == Command::scan || command == Command::inventory;
  CLI::Option* platform = add_platform(
      app, raw,
      all ? "which image of several: os/arch[/variant] (default: this machine's); all: each of them, "
            "in one report"
          : "which image of several: os/arch[/variant] (default: this machine's)");
  if (all) {
    raw.values[platform].emplace_back("all");
    app.add_flag(
        "--partial", options.request.read.partial,
        about("of layers that have a table of contents (eStargz, zstd:chunked) fetch only the files that "
              "tell of packages, where the registry sends parts; the report says what was not looked at"));
  }
  app.add_option(
         "--verify", raw.verify,
         about("blobs (default): what is stored against its digest; full: also the unpacked layers against "
               "their diff ids, which takes longer"))
      ->type_name("WHAT");
  app.add_option("--pkg-types", raw.package_types,
                 about("os: only packages of the operating system, for which no executable is read; "
                       "os,library (default): all"))
      ->type_name("TYPES");
  app.add_option(
         "--limit", raw.limits,
         about("how much of an image to take in, as often as you like; VALUE may end in K, M, G, T: " +
               limit_names()))
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  app.add_flag(
      "--declared", options.request.declared,
      about("also what lock files ask for; without it they are believed in dir:, and in those folders of an "
            "image for which nothing of theirs is installed"));
  app.add_option("--max-image-size", raw.max_image_size,
                 about("no image whose layers, as they are stored, have more bytes; the same as "
                       "--limit image_bytes=SIZE"))
      ->type_name("SIZE");
  app.add_option("--max-memory", raw.max_memory,
                 about("end, with exit code 1, rather than hold more bytes (4G if you do not say); what is "
                       "read at once becomes less "
                       "accordingly, and a note says what is too large for that"))
      ->type_name("SIZE");
  app.add_option("--timeout", raw.timeout,
                 "give up, with exit code 1, after so long: 90s, 5m, 2h (default: never)")
      ->type_name("TIME");
  app.add_flag("--no-cache", options.no_cache,
               "neither use what was found in layers before, nor keep what is found");
  app.add_option(
         "--threads,--parallel", options.request.read.threads,
         about("how many layers at once, at most (default: one for each core; out of a registry 4 or more)"))
      ->type_name("N")
      ->check(CLI::Range(1, 1024).description(""));
  app.add_flag("--timing", options.timing, "say on standard error what took how long");
  app.add_flag("-q,--quiet", options.quiet, "nothing on standard error but errors");
}

void add_image(CLI::App& app, Raw& raw, Command command) {
  add_target(app, raw);
  add_login(app, raw);
  add_reading(app, raw, command);
}

// What its publisher says of an image.
void add_from(CLI::Option* option, Raw& raw) {
  option->type_name("referrers");
  raw.values[option] = {"referrers"};
}

void add_sbom_from(CLI::App& app, Raw& raw) {
  const std::string words = about(
      "instead of reading the layers, believe the SBOM that is attached to the image in its registry or "
      "OCI layout (OCI referrers, cosign's tags, BuildKit's attestations); signatures are not checked");
  add_from(app.add_option("--sbom-from", raw.sbom_from, words), raw);
}

void add_vex_from(CLI::App& app, Raw& raw) {
  const std::string words = about(
      "the VEX documents that are attached to the image there count as those of --vex, behind them; "
      "signatures are not checked");
  add_from(app.add_option("--vex-from", raw.vex_from, words), raw);
}

void add_base(CLI::App& app, Raw& raw) {
  app.add_option(
         "--base", raw.options.request.base,
         about("the image that this one was built on, named as TARGET is: whose layers are whose is known "
               "then (--fail-on-base off)"))
      ->type_name("IMAGE");
}

CLI::Option* add_setting(CLI::App& app, Raw& raw, const Setting& row) {
  const std::string names(row.names);
  std::vector<std::string>& values = raw.settings[std::string(row.name)];
  const std::string text = std::string(row.about).append(row.usage);
  if (row.kind == Setting::Kind::flag) return app.add_flag(names, values, about(text));
  CLI::Option* option = app.add_option(names, values, about(text));
  option->type_name(std::string(row.value));
  if (row.kind == Setting::Kind::list) option->delimiter(',');
  if (row.kind != Setting::Kind::list && row.kind != Setting::Kind::files) option->expected(1);
  return option->allow_extra_args(false);
}

// What they take out is not counted, but kept: --show-suppressed.
void add_settings(CLI::App& app, Raw& raw, std::initializer_list<Setting::Group> groups) {
  app.add_option(
         "--policy", raw.policy_file,
         about("what of the following the command line does not say, gates and exceptions, out of this "
               "YAML file (docs/policy.md); none: no file"))
      ->type_name("FILE");
  for (const Setting& row : settings()) {
    if (std::ranges::find(groups, row.group) != groups.end()) add_setting(app, raw, row);
  }
}

// By what it is judged.
void add_judging(CLI::App& app, Raw& raw) {
  add_db(app, raw);
  app.add_flag("--offline", raw.options.offline, "fetch nothing: judge by what the database has");
  app.add_option("--max-db-age", raw.max_db_age,
                 about("fail when what the database has for this image is older: 36h, 5d"))
      ->type_name("AGE");
  add_fetching(app, raw);
  add_as_of(app, raw);
}

// How a report looks.
void add_looks(CLI::App& app, Raw& raw) {
  const std::vector<std::string> orders = sort_names();
  CLI::Option* sort = app.add_option(
      "--sort", raw.sort,
      about("what stands first: " + join(orders, ", ") +
            " (default: table severity, json package); the findings of one source package stay together"));
  sort->type_name("ORDER");
  raw.values[sort] = orders;
  app.add_flag("--split", raw.options.split,
               about("in the table, what is in your layers and what is in your base image's apart"));
  app.add_flag("-v,--verbose", raw.options.verbose,
               about("in the table, below each finding all that is known of it (scores, EPSS, KEV, ages, "
                     "links), and every list whole: what "
                     "is suppressed, notes, files that nothing accounts for, actions of the plan"));
  app.add_flag("--show-suppressed", raw.options.show_suppressed,
               about("list in the table, too, what a rule took out of the findings, each with its reason"));
}

}  // namespace

void add_scan(CLI::App& app, Raw& raw) {
  CLI::App* scan = command(app, "scan", "find the known vulnerabilities of an image", kScanNotes);
  add_image(*scan, raw, Command::scan);
  add_judging(*scan, raw);
  add_settings(*scan, raw, {Group::gate, Group::filter, Group::baseline});
  add_sbom_from(*scan, raw);
  add_vex_from(*scan, raw);
  add_base(*scan, raw);
  add_looks(*scan, raw);
  scan->add_option(
          "--explain", raw.options.request.explain,
          about("instead of the report, all that is said about this vulnerability and the image's packages, "
                "and which rule decided (docs/matching.md)"))
      ->type_name("ID");
  scan->callback([&raw] { raw.options.command = Command::scan; });
}

void add_plan(CLI::App& app, Raw& raw) {
  CLI::App* plan = command(app, "plan", "what to do about the vulnerabilities of an image", kPlanNotes);
  add_image(*plan, raw, Command::plan);
  add_judging(*plan, raw);
  add_settings(*plan, raw, {Group::filter, Group::baseline});
  add_sbom_from(*plan, raw);
  add_vex_from(*plan, raw);
  add_base(*plan, raw);
  plan->add_option("--dockerfile", raw.options.dockerfile,
                   about("what -f dockerfile-patch is a patch of (default: Dockerfile)"))
      ->type_name("FILE");
  plan->add_option("--target", raw.options.target_stage,
                   about("the stage of the Dockerfile that the image was built of, by name or number, as "
                         "docker build --target has it (default: the last one)"))
      ->type_name("STAGE");
  plan->callback([&raw] { raw.options.command = Command::plan; });
}

void add_inventory(CLI::App& app, Raw& raw) {
  CLI::App* inventory =
      command(app, "inventory", "list what is in an image, without judging it", kInventoryNotes);
  add_image(*inventory, raw, Command::inventory);
  add_sbom_from(*inventory, raw);
  inventory->add_flag("--files", raw.options.files, "also the files that each package owns");
  inventory->callback([&raw] { raw.options.command = Command::inventory; });
}

void add_diff(CLI::App& app, Raw& raw) {
  CLI::App* diff = command(app, "diff", "what came, went and changed from one image or report to another",
                           kDiffOfImagesNotes);
  diff->add_option("A", raw.options.before,
                   "a report that peekr scan -f json wrote, or a target of peekr scan")
      ->required()
      ->type_name("");
  diff->add_option("B", raw.options.after, "the same, later")->required()->type_name("");
  add_reading(*diff, raw, Command::diff);
  add_judging(*diff, raw);
  add_settings(*diff, raw, {Group::filter});
  add_setting(*diff, raw, *setting_named("exit-code"))
      ->description("this, when findings came (default: 0); only the command line says it")
      ->configurable(false);  // elsewhere it is that of scans
  diff->callback([&raw] { raw.options.command = Command::diff; });
}

void add_explain(CLI::App& app, Raw& raw) {
  CLI::App* explain =
      command(app, "explain", "why a vulnerability is found in an image, or why not", kExplainNotes);
  add_target(*explain, raw);
  explain->add_option("ID", raw.options.request.explain, "CVE-2015-7547, DSA-3481-1: any of its names")
      ->required()
      ->type_name("");
  add_login(*explain, raw);
  add_reading(*explain, raw, Command::explain);
  add_judging(*explain, raw);
  add_settings(*explain, raw, {Group::filter, Group::baseline});
  add_sbom_from(*explain, raw);
  add_vex_from(*explain, raw);
  add_base(*explain, raw);
  explain->callback([&raw] { raw.options.command = Command::explain; });
}

void add_convert(CLI::App& app, Raw& raw) {
  CLI::App* convert = command(app, "convert", "write a saved JSON report in another format", kConvertNotes);
  convert->add_option("REPORT", raw.options.file, "what peekr scan -f json wrote; - is standard input")
      ->required()
      ->type_name("");
  add_output(*convert, raw, Command::convert);
  CLI::Option* platform = add_platform(
      *convert, raw,
      "of a report of several platforms the one of this: os/arch[/variant] (default: all of them)");
  raw.values[platform].emplace_back("all");
  add_looks(*convert, raw);
  convert->add_flag("--timing", raw.options.timing, "say on standard error what took how long");
  convert->add_flag("-q,--quiet", raw.options.quiet, "nothing on standard error but errors");
  convert->callback([&raw] { raw.options.command = Command::convert; });
}

void add_policy(CLI::App& app, Raw& raw) {
  CLI::App* policy = command(app, "policy", "read a policy file, and say what it says", "");
  policy->require_subcommand(1);
  CLI::App* check =
      command(*policy, "check", "whether it can be read, and all the files that it names", kPolicyCheckNotes);
  CLI::App* explain =
      command(*policy, "explain", "in plain words; with a report, what hits its gates and exceptions",
              kPolicyExplainNotes);
  for (CLI::App* one : {check, explain})
    one->add_option("FILE", raw.options.file, "of the policy")->required()->type_name("");
  explain->add_option("REPORT", raw.options.report, "what peekr scan -f json wrote")->type_name("");
  check->callback([&raw] { raw.options.command = Command::policy_check; });
  explain->callback([&raw] { raw.options.command = Command::policy_explain; });
}

}  // namespace peekr

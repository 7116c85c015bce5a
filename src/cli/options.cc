// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <optional>

#include "base/date.h"
#include "base/text.h"
#include "base/timer.h"
#include "cli/help.h"
#include "cli/policy.h"
#include "cli/values.h"
#include "report/columns.h"
#include "report/reporter.h"

namespace peekr {
namespace {

constexpr std::string_view kDbHelp =
    "directory of the database (else $PEEKR_DB, $XDG_CACHE_HOME/peekr/db, ~/.cache/peekr/db)";

// What is checked only when the whole line has been read.
struct Raw {
  Options options;
  PolicyTexts policy;
  std::string sort, max_db_age, verify = "blobs", package_types;
  std::optional<int> exit_code, exit_on_eol;
  std::vector<std::string> limits, formats;
  std::string max_image_size, timeout, cache_size;
};

bool is_of_image(Command command) { return command == Command::scan || command == Command::inventory; }

bool has_format(Command command, const Reporter& row) {
  if (command == Command::scan) return true;
  if (command == Command::inventory) return row.inventory != nullptr;
  return row.name == "table" || row.name == "json";  // of a database
}

std::string format_names(Command command) {
  std::vector<std::string> names;
  for (const Reporter* row : all_reporters()) {
    if (has_format(command, *row)) names.emplace_back(row->name);
  }
  return join(names, " or ");
}

Status check_format(Command command, std::string_view format) {
  const Reporter* row = find_reporter(format);
  const std::string given = "--format " + printable(format);
  if (row == nullptr) return fail(Errc::usage, given + ": want " + format_names(command));
  if (has_format(command, *row)) return {};
  return fail(Errc::usage, given + ": is for peekr scan");
}

// Any number of FORMAT=FILE, and one FORMAT for standard output or --output.
Status check_formats(Raw& raw) {
  Options& options = raw.options;
  std::optional<std::string> plain;
  for (const std::string& text : raw.formats) {
    const auto [format, file] = cut(text, '=');
    TRY(check_format(options.command, format));
    if (format.size() == text.size()) {
      if (plain)
        return fail(Errc::usage,
                    "--format " + printable(text) + ": is a second one; want FORMAT=FILE for all but one");
      plain = text;
    } else if (file.empty() || !is_of_image(options.command)) {
      return fail(Errc::usage, "--format " + printable(text) +
                                   (file.empty() ? ": names no file" : ": want --output FILE"));
    } else {
      options.files_too.push_back({std::string(format), std::string(file)});
    }
  }
  if (plain) options.format = *plain;
  if (!plain && !options.files_too.empty()) {
    if (!options.output.empty())
      return fail(Errc::usage, "--output " + printable(options.output) + ": want a --format for it");
    options.format = "";
  }
  return {};
}

// Those of an image and where it comes from.
Status check_image(Raw& raw) {
  Options& options = raw.options;
  for (const std::string& limit : raw.limits) TRY(set_limit(limit, options.request.read.limits));
  if (!raw.max_image_size.empty()) {
    const std::optional<std::uint64_t> size = size_of(raw.max_image_size);
    if (!size)
      return fail(Errc::usage, "--max-image-size " + printable(raw.max_image_size) +
                                   ": want a number of bytes, or with K, M, G or T");
    options.request.read.limits.image_bytes = *size;
  }
  if (!raw.timeout.empty()) {
    const std::optional<std::chrono::milliseconds> time = time_of(raw.timeout);
    if (!time)
      return fail(Errc::usage, "--timeout " + printable(raw.timeout) + ": want a time such as 90s, 5m or 2h");
    options.timeout = *time;
  }
  const bool password = !options.request.image.access.username.empty();
  if (password != options.password_stdin)
    return fail(Errc::usage, "--username and --password-stdin: want both or none");
  if (password && !options.token_file.empty())
    return fail(Errc::usage, "--registry-token: want it or --username, not both");
  return {};
}

Status check(Raw& raw) {
  Options& options = raw.options;
  TRY(check_formats(raw));
  options.request.image.access.offline = options.offline;
  TRY(set_policy(raw.policy, options.request.policy));
  if (!raw.max_db_age.empty()) options.max_db_age = TRY(seconds_in(raw.max_db_age));
  if (!raw.sort.empty()) {
    options.sort = sort_named(raw.sort);
    if (!options.sort)
      return fail(Errc::usage,
                  "--sort " + printable(raw.sort) + ": want risk, severity, epss, kev, package or fix");
  }
  if (!options.request.explain.empty() && (options.format != "table" || !options.files_too.empty()))
    return fail(Errc::usage, "--explain: is text for people, and takes no other --format");
  if (raw.verify != "blobs" && raw.verify != "full") {
    return fail(Errc::usage, "--verify " + printable(raw.verify) + ": want blobs or full");
  }
  if (!raw.package_types.empty()) options.request.types = TRY(package_types_named(raw.package_types));
  options.request.read.verify = raw.verify == "full" ? Verify::full : Verify::blobs;
  options.request.policy.exit_code = raw.exit_code;
  options.request.policy.exit_on_eol = raw.exit_on_eol;
  if (options.command == Command::db_search && options.id.empty() == options.package.empty()) {
    return fail(Errc::usage, "db search: want one of ID and --package NAME");
  }
  if (!raw.cache_size.empty()) {
    options.cache_size = size_of(raw.cache_size);
    if (!options.cache_size)
      return fail(Errc::usage,
                  "--size " + printable(raw.cache_size) + ": want a number of bytes, or with K, M, G or T");
  }
  TRY(check_image(raw));
  if (!options.as_of.empty()) {
    const std::string time = end_of(options.as_of);
    if (time.empty())
      return fail(Errc::usage, "--as-of " + printable(options.as_of) +
                                   ": want a day (2026-11-23) or a time in UTC (2026-11-23T12:00:00Z)");
    options.as_of = time;
  }
  if (options.insecure_unsigned && !options.trusted.empty())
    return fail(Errc::usage, "db import: want one of --trust and --insecure-unsigned");
  if (options.timing) Timer::enable();
  return {};
}

// CLI11 2.1 puts what is said of an option on one line, however long.
std::string about(std::string_view text) {
  std::string lines = wrapped(text, {.width = 72});
  lines.pop_back();
  return lines;
}

CLI::App* command(CLI::App& parent, const char* name, const char* about, std::string_view notes) {
  CLI::App* app = parent.add_subcommand(name, about);
  app->footer(std::string(notes));
  return app;
}

void add_db(CLI::App& app, Raw& raw) {
  app.add_option("--db", raw.options.db, about(kDbHelp))->type_name("DIR");
}

void add_as_of(CLI::App& app, Raw& raw) {
  app.add_option("--as-of", raw.options.as_of,
                 about("what the database said at the end of that day, or at that time: 2026-11-23, "
                       "2026-11-23T12:00:00Z"))
      ->type_name("DATE");
}

void add_output(CLI::App& app, Raw& raw, Command command) {
  const std::string files = is_of_image(command) ? "; also FORMAT=FILE, as often as you like" : "";
  app.add_option("-f,--format", raw.formats, about(format_names(command) + " (default: table)" + files))
      ->type_name("FORMAT")
      ->allow_extra_args(false);
  app.add_option("-o,--output", raw.options.output, "write to this file instead of standard output")
      ->type_name("FILE");
  app.add_flag("--no-color", raw.options.no_color, "no colours; NO_COLOR in the environment does the same");
}

void add_fetching(CLI::App& app, Raw& raw) {
  app.add_option(
         "--mirror", raw.options.mirror,
         about("URL or folder, laid out as the publishers are, that takes their place; {host} in it is "
               "the publisher's host"))
      ->type_name("BASE");
  app.add_option("--cacert", raw.options.ca_file,
                 "certificates to trust (else $SSL_CERT_FILE, else the system's)")
      ->type_name("FILE");
}

void add_registry(CLI::App& app, Raw& raw) {
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
  app.add_flag("--insecure", access.insecure,
               "registries may do without TLS, or with a certificate of nobody's");
}

void add_image(CLI::App& app, Raw& raw, Command command) {
  Options& options = raw.options;
  app.add_option("TARGET", options.request.image.text,
                 "image file, OCI layout folder, root file system, or name of an image in a registry")
      ->required()
      ->type_name("");
  add_output(app, raw, command);
  add_registry(app, raw);
  app.add_option("--platform", options.request.image.platform,
                 about("which image of several: os/arch[/variant] (default: this machine's)"))
      ->type_name("OS/ARCH");
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
      about("also what lock files ask for; without it they are believed in dir: only, and where nothing "
            "of their kind is installed"));
  app.add_option("--max-image-size", raw.max_image_size,
                 about("no image whose layers, as they are stored, have more bytes; the same as "
                       "--limit image_bytes=SIZE"))
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

void add_gates(CLI::App& scan, Raw& raw) {
  Policy& policy = raw.options.request.policy;
  scan.add_option("--fail-on", raw.policy.fail_on,
                  about("exit code 2 for a finding of at least this severity, or for which this holds: high, "
                        "'kev || (epss >= 0.1 && fixable)' (docs/policy.md)"))
      ->type_name("CONDITION");
  scan.add_option("--fail-on-base", raw.policy.fail_on_base,
                  "off: what the base image's layers have brought hits no gate (default: on)")
      ->type_name("on|off");
  scan.add_option("--grace", raw.policy.grace,
                  about("findings of that severity hit no gate for so many days after their fix: "
                        "critical=7d,high=30d"))
      ->type_name("SEVERITY=DAYS")
      ->delimiter(',')
      ->allow_extra_args(false);
  scan.add_option("--exit-code", raw.exit_code, "this instead of 2; without --fail-on: for any finding")
      ->type_name("N")
      ->check(CLI::Range(0, 255).description(""));
  scan.add_option("--exit-on-eol", raw.exit_on_eol,
                  about("exit code 3, or N, when the operating system is past its end of life"))
      ->type_name("[N]")
      ->check(CLI::Range(0, 255).description(""));
  scan.add_flag("--fail-on-incomplete", policy.fail_on_incomplete,
                "exit code 4 when something could not be looked at or judged");
}

// What they take out is not counted, but kept: --show-suppressed.
void add_filters(CLI::App& scan, Raw& raw) {
  scan.add_option("-s,--severity", raw.policy.severities, "only findings of these severities: high,critical")
      ->type_name("LIST")
      ->delimiter(',')
      ->allow_extra_args(false);
  scan.add_flag("--only-fixed,--ignore-unfixed", raw.options.request.policy.filter.only_fixed,
                "only findings that have a fix");
  scan.add_option("--ignore-status", raw.policy.statuses,
                  about("not those of this status: affected, fixed, wont_fix, deferred, end_of_life, "
                        "under_investigation"))
      ->type_name("LIST")
      ->delimiter(',')
      ->allow_extra_args(false);
  scan.add_option(
          "--ignorefile", raw.options.ignore_files,
          about("exceptions: peekr's YAML, .trivyignore, .trivyignore.yaml, .grype.yaml, osv-scanner.toml; "
                "as often "
                "as you like (default: .peekrignore.yaml and .trivyignore of this folder; none: no file)"))
      ->type_name("FILE")
      ->allow_extra_args(false);
  scan.add_option(
          "--vex", raw.options.vex,
          about("VEX document (OpenVEX, CSAF, CycloneDX; JSON) that says what does not affect the image; "
                "as often as you like, the first that speaks of a finding decides"))
      ->type_name("FILE")
      ->allow_extra_args(false);
  scan.add_option("--baseline", raw.options.baseline,
                  "only what this report, which -f json wrote, does not have")
      ->type_name("FILE");
}

void add_scan(CLI::App& app, Raw& raw) {
  CLI::App* scan = command(app, "scan", "find the known vulnerabilities of an image", kScanNotes);
  add_image(*scan, raw, Command::scan);
  add_db(*scan, raw);
  scan->add_flag("--offline", raw.options.offline, "fetch nothing: judge by what the database has");
  scan->add_option("--max-db-age", raw.max_db_age,
                   about("fail when what the database has for this image is older: 36h, 5d"))
      ->type_name("AGE");
  add_fetching(*scan, raw);
  add_as_of(*scan, raw);
  add_gates(*scan, raw);
  add_filters(*scan, raw);
  scan->add_option(
          "--sort", raw.sort,
          about("what stands first: risk, severity, epss, kev, package or fix (default: table severity, "
                "json package); the findings of one source package stay together"))
      ->type_name("ORDER");
  scan->add_flag("--split", raw.options.split,
                 about("in the table, what is in your layers and what is in your base image's apart"));
  scan->add_flag("--show-suppressed", raw.options.show_suppressed,
                 about("list in the table, too, what a rule took out of the findings, each with its reason"));
  scan->add_option(
          "--explain", raw.options.request.explain,
          about("instead of the report, all that is said about this vulnerability and the image's packages, "
                "and which rule decided (docs/matching.md)"))
      ->type_name("ID");
  scan->callback([&raw] { raw.options.command = Command::scan; });
}

void add_inventory(CLI::App& app, Raw& raw) {
  CLI::App* inventory =
      command(app, "inventory", "list what is in an image, without judging it", kInventoryNotes);
  add_image(*inventory, raw, Command::inventory);
  inventory->add_flag("--files", raw.options.files, "also the files that each package owns");
  inventory->callback([&raw] { raw.options.command = Command::inventory; });
}

CLI::App* add_update(CLI::App& db, Raw& raw) {
  Options& options = raw.options;
  CLI::App* update = command(db, "update", "fetch what the publishers have new", kUpdateNotes);
  update->add_option("--feeds", options.feeds, "only these, by name, with commas between: osv/Debian, alpine")
      ->type_name("NAMES")
      ->delimiter(',')
      ->allow_extra_args(false);
  update
      ->add_option(
          "--only-for", options.only_for,
          about("only what judges the packages of this image, or of what peekr inventory -f json wrote"))
      ->type_name("IMAGE");
  add_fetching(*update, raw);
  update->add_flag("--accept-shrink", options.accept_shrink,
                   "take a feed that has lost more than a fifth of its records");
  update->add_flag("--timing", options.timing, "say on standard error what took how long");
  update->add_flag("-q,--quiet", options.quiet, "nothing on standard error but errors");
  update->callback([&raw] { raw.options.command = Command::db_update; });
  return update;
}

CLI::App* add_build(CLI::App& db, Raw& raw) {
  CLI::App* build = command(db, "build", "make it from files of advisories", kBuildNotes);
  build->add_option("--from", raw.options.from, "files or folders of advisories")
      ->type_name("FROM")
      ->required()
      ->expected(1, 1 << 20);
  build->add_flag("--replace", raw.options.replace, "even if what was fetched into the old one is lost");
  build->add_flag("--timing", raw.options.timing, "say on standard error what took how long");
  build->callback([&raw] { raw.options.command = Command::db_build; });
  return build;
}

CLI::App* add_status(CLI::App& db, Raw& raw) {
  CLI::App* status =
      command(db, "status", "what it holds, from where, how old that is, and what it lacks", "");
  add_output(*status, raw, Command::db_status);
  add_as_of(*status, raw);
  status->callback([&raw] { raw.options.command = Command::db_status; });
  return status;
}

CLI::App* add_search(CLI::App& db, Raw& raw) {
  CLI::App* search = command(db, "search", "what it says about a vulnerability or a package", kSearchNotes);
  search->add_option("ID", raw.options.id, "CVE-2015-7547, DSA-3481-1, pkg:npm/lodash@4.17.20")
      ->type_name("");
  CLI::Option* package =
      search->add_option("--package", raw.options.package, "name of a package")->type_name("NAME");
  search
      ->add_option("--ecosystem", raw.options.ecosystem,
                   "only this one: Debian:12, Alpine:v3.18 (with --package)")
      ->type_name("E")
      ->needs(package);
  add_as_of(*search, raw);
  search->callback([&raw] { raw.options.command = Command::db_search; });
  return search;
}

CLI::App* add_records(CLI::App& db, Raw& raw) {
  CLI::App* list = command(db, "list", "its records, one a line", kListNotes);
  list->add_option("--source", raw.options.source, "only of this source: osv/npm, alpine")->type_name("NAME");
  list->add_option("--ecosystem", raw.options.ecosystem, "only what speaks of this one: Debian:12")
      ->type_name("E");
  list->add_option("-o,--output", raw.options.output, "write to this file instead of standard output")
      ->type_name("FILE");
  add_as_of(*list, raw);
  list->callback([&raw] { raw.options.command = Command::db_list; });
  return list;
}

CLI::App* add_diff(CLI::App& db, Raw& raw) {
  CLI::App* diff = command(db, "diff", "what appeared, changed and vanished", kDiffNotes);
  diff->add_option("A", raw.options.before, "the earlier one")->required()->type_name("");
  diff->add_option("B", raw.options.after, "the later one (default: now)")->type_name("");
  add_output(*diff, raw, Command::db_diff);
  diff->callback([&raw] { raw.options.command = Command::db_diff; });
  return diff;
}

CLI::App* add_gc(CLI::App& db, Raw& raw) {
  CLI::App* gc = command(db, "gc", "drop old history, and what takes space for nothing", kGcNotes);
  gc->add_option("--keep", raw.options.keep, "days of history (default: 90)")
      ->type_name("DAYS")
      ->check(CLI::Range(0, 36500).description(""));
  gc->callback([&raw] { raw.options.command = Command::db_gc; });
  return gc;
}

void add_transfers(CLI::App& db, Raw& raw) {
  CLI::App* out = command(db, "export", "write it into one compressed, signed file", kExportNotes);
  CLI::App* in = command(db, "import", "take the database of such a file", kImportNotes);
  CLI::App* keygen = command(db, "keygen", "make the keys for both", kKeygenNotes);
  for (CLI::App* one : {out, in, keygen})
    one->add_option("FILE", raw.options.file, one == keygen ? "of the private key" : "of the database")
        ->required()
        ->type_name("");
  out->add_option("--key", raw.options.key_file,
                  "private Ed25519 key (PEM) to sign with; without: not signed")
      ->type_name("FILE");
  in->add_option("--trust", raw.options.trusted,
                 "public Ed25519 key (PEM) that may have signed it, as often as you like")
      ->type_name("FILE")
      ->allow_extra_args(false);
  in->add_flag("--insecure-unsigned", raw.options.insecure_unsigned, "ask for no signature");
  in->add_flag("--replace", raw.options.replace,
               about("even if it is older than the database, or what was fetched into that is lost"));
  for (CLI::App* one : {out, in}) {
    add_db(*one, raw);
    one->add_flag("--timing", raw.options.timing, "say on standard error what took how long");
  }
  out->callback([&raw] { raw.options.command = Command::db_export; });
  in->callback([&raw] { raw.options.command = Command::db_import; });
  keygen->callback([&raw] { raw.options.command = Command::db_keygen; });
}

void add_databases(CLI::App& app, Raw& raw) {
  CLI::App* db = command(app, "db", "make and ask the database of known vulnerabilities", "");
  db->require_subcommand(1);
  CLI::App* build = add_build(*db, raw);
  CLI::App* update = add_update(*db, raw);
  CLI::App* status = add_status(*db, raw);
  CLI::App* search = add_search(*db, raw);
  CLI::App* list = add_records(*db, raw);
  CLI::App* diff = add_diff(*db, raw);
  CLI::App* add = command(*db, "add", "put advisories of your own into it", kAddNotes);
  add->add_option("FILE", raw.options.from, "OSV records, or documents of any feed, packed or not")
      ->type_name("")
      ->required()
      ->expected(1, 1 << 20);
  add->callback([&raw] { raw.options.command = Command::db_add; });
  CLI::App* verify = command(*db, "verify", "read all of it, and say whether it is whole", "");
  verify->callback([&raw] { raw.options.command = Command::db_verify; });
  CLI::App* gc = add_gc(*db, raw);
  add_transfers(*db, raw);
  for (CLI::App* one : {build, update, status, search, list, diff, add, verify, gc}) add_db(*one, raw);
}

void add_list(CLI::App& app, Raw& raw) {
  CLI::App* list = command(app, "list", "list what peekr knows how to read and write", "");
  list->require_subcommand(1);
  const std::array<std::pair<const char*, const char*>, 5> kinds = {{
      {"catalogers", "package formats, and the files they are read from"},
      {"feeds", "formats of advisories"},
      {"sources", "kinds of images"},
      {"schemes", "version orders"},
      {"formats", "output formats"},
  }};
  for (const auto& [kind, about] : kinds) {
    list->add_subcommand(kind, about)->callback([&raw, kind] {
      raw.options.command = Command::list;
      raw.options.rows = kind;
    });
  }
}

void add_versions(CLI::App& app, Raw& raw) {
  CLI::App* versions = command(app, "versions", "say which of two versions is later", kVersionsNotes);
  versions
      ->add_flag("--stdin", raw.options.from_stdin,
                 "read lines of SCHEME, VERSION and VERSION between tabs from standard input")
      ->required();
  versions->callback([&raw] { raw.options.command = Command::versions; });
}

void add_cache(CLI::App& app, Raw& raw) {
  CLI::App* cache = command(app, "cache", "what was found in layers, kept for the next scan", kCacheNotes);
  cache->require_subcommand(1);
  const std::array<std::pair<const char*, const char*>, 3> actions = {{
      {"status", "where it is, how much is in it"},
      {"clear", "remove all of it"},
      {"prune", "remove what was used longest ago, until the rest has at most --size bytes"},
  }};
  for (const auto& [action, about] : actions) {
    CLI::App* one = cache->add_subcommand(action, about);
    one->callback([&raw, action] {
      raw.options.command = Command::cache;
      raw.options.action = action;
    });
    if (std::string_view(action) == "prune")
      one->add_option("--size", raw.cache_size, "else $PEEKR_CACHE_SIZE, else 1G")->type_name("SIZE");
  }
}

// The help of "scan" or "db build"; of the program for no name.
Result<std::string> help_of(const CLI::App& app, const std::vector<std::string>& names) {
  const CLI::App* at = &app;
  std::string above;
  for (const std::string& name : names) {
    const auto of_that_name = [&](const CLI::App* one) { return one->get_name() == name; };
    const std::vector<const CLI::App*> found = at->get_subcommands(of_that_name);
    if (found.empty())
      return fail(Errc::usage,
                  "help " + printable(name) + ": there is no such command\nwhat there is: peekr --help");
    above += (above.empty() ? "" : " ") + (at == &app ? std::string("peekr") : at->get_name());
    at = found.front();
  }
  return at->help(above);
}

// An option whose value may be left out would take the target that follows it.
std::vector<std::string> with_default_values(std::vector<std::string> arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--") break;
    if (arguments[i] != "--exit-on-eol") continue;
    const bool number = i + 1 < arguments.size() && to_number(arguments[i + 1]).has_value();
    if (!number) arguments[i] += "=3";
  }
  return arguments;
}

// "scna", where the line begins with what is no command nor option; empty: it does not. CLI11 would say that
// one is missing.
std::string unknown_command(const CLI::App& app, const std::vector<std::string>& arguments) {
  const CLI::App* at = &app;
  const auto any = [](const CLI::App*) { return true; };
  for (const std::string& argument : arguments) {
    const bool option = argument.starts_with('-');
    if (option && at == &app && app.get_option_no_throw(argument) == nullptr) return argument;
    if (option || at->get_subcommands(any).empty()) return {};
    const std::vector<const CLI::App*> found =
        at->get_subcommands([&](const CLI::App* one) { return one->get_name() == argument; });
    if (found.empty()) return argument;
    at = found.front();
  }
  return {};
}

std::string command_words(const CLI::App& app) {
  std::string words = "peekr";
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    words += " " + at->get_name();
  }
  return words;
}

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Raw raw;
  CLI::App app("peekr finds the known vulnerabilities of a container image, and says what to do about them.",
               "peekr");
  app.footer(std::string(kExamples));
  app.set_version_flag("-V,--version", "peekr " PEEKR_VERSION);
  app.get_formatter()->column_width(28);
  add_scan(app, raw);
  add_inventory(app, raw);
  add_databases(app, raw);
  add_list(app, raw);
  add_versions(app, raw);
  add_cache(app, raw);
  std::vector<std::string> help_names;
  CLI::App* help = command(app, "help", "this text, or that of a command", "");
  help->add_option("COMMAND", help_names, "such as: scan, db build")->type_name("");
  CLI::App* version = command(app, "version", "the version of peekr", "");
  app.require_subcommand(1);
  if (const std::string word = unknown_command(app, arguments); !word.empty()) {
    return fail(Errc::usage,
                printable(word) + ": there is no such command or option\nwhat there is: peekr --help");
  }
  try {
    std::vector<std::string> reversed = with_default_values(arguments);
    std::ranges::reverse(reversed);
    app.parse(std::move(reversed));
  } catch (const CLI::CallForVersion&) {
    raw.options.text = "peekr " PEEKR_VERSION "\n";
    return std::move(raw.options);
  } catch (const CLI::CallForHelp&) {
    raw.options.text = app.help();
    return std::move(raw.options);
  } catch (const CLI::ParseError& error) {
    const std::string words = command_words(app);
    return fail(Errc::usage, printable(error.what()) + "\nwhat it can do: " + words + " --help");
  }
  if (version->parsed()) raw.options.text = "peekr " PEEKR_VERSION "\n";
  if (help->parsed()) raw.options.text = TRY(help_of(app, help_names));
  const Status checked = check(raw);
  if (!checked)
    return fail(Errc::usage, checked.error().message + "\nwhat it can do: " + command_words(app) + " --help");
  return std::move(raw.options);
}

}  // namespace peekr

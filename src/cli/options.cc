// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <sstream>

#include "base/text.h"
#include "cli/fitted.h"
#include "cli/grammar.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/raw.h"
#include "cli/terminal.h"
#include "cli/values.h"
#include "cli/variables.h"
#include "report/columns.h"
#include "report/reporter.h"

namespace peekr {

namespace {

constexpr std::string_view kDbHelp =
    "directory of the database (else $PEEKR_DB, $XDG_CACHE_HOME/peekr/db, ~/.cache/peekr/db)";

}  // namespace

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
  const std::string files = writes_reports(command) ? "; also FORMAT=FILE, as often as you like; some in "
                                                      "other versions: cyclonedx-json@1.5, spdx-json@3.0"
                                                    : "";
  const std::vector<std::string> formats = formats_of(command);
  CLI::Option* format =
      app.add_option("-f,--format", raw.formats, about(join(formats, " or ") + " (default: table)" + files));
  format->type_name("FORMAT")->allow_extra_args(false);
  raw.values[format] = formats;
  if (writes_reports(command))
    app.add_option("-t,--template", raw.options.template_file, "the template of -f template")
        ->type_name("FILE");
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

namespace {

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
      command(db, "status", "what it holds, from where, how old that is, and what it lacks", kStatusNotes);
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
      search->add_option("--package", raw.options.package, "name of a package, or its last part")
          ->type_name("NAME");
  search
      ->add_option("--ecosystem", raw.options.ecosystem,
                   "only this one: Debian:12, Alpine:v3.18 (with --package)")
      ->type_name("E")
      ->needs(package);
  add_output(*search, raw, Command::db_search);
  add_as_of(*search, raw);
  search->callback([&raw] { raw.options.command = Command::db_search; });
  return search;
}

CLI::App* add_records(CLI::App& db, Raw& raw) {
  CLI::App* list = command(db, "list", "its records, one a line", kListNotes);
  list->add_option("--source", raw.options.source, "only of this source: osv/npm, alpine")->type_name("NAME");
  list->add_option("--ecosystem", raw.options.ecosystem, "only what speaks of this one: Debian:12")
      ->type_name("E");
  add_output(*list, raw, Command::db_list);
  add_as_of(*list, raw);
  list->callback([&raw] { raw.options.command = Command::db_list; });
  return list;
}

CLI::App* add_db_diff(CLI::App& db, Raw& raw) {
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
  CLI::App* diff = add_db_diff(*db, raw);
  CLI::App* add = command(*db, "add", "put advisories of your own into it", kAddNotes);
  add->add_option("FILE", raw.options.from, "OSV records, or documents of any feed, packed or not")
      ->type_name("")
      ->required()
      ->expected(1, 1 << 20);
  add->callback([&raw] { raw.options.command = Command::db_add; });
  CLI::App* verify = command(*db, "verify", "read all of it, and say whether it is whole", kVerifyNotes);
  verify->callback([&raw] { raw.options.command = Command::db_verify; });
  CLI::App* gc = add_gc(*db, raw);
  add_transfers(*db, raw);
  for (CLI::App* one : {build, update, status, search, list, diff, add, verify, gc}) add_db(*one, raw);
}

void add_list(CLI::App& app, Raw& raw) {
  CLI::App* list = command(app, "list", "list what peekr knows how to read and write", kListOfRowsNotes);
  list->require_subcommand(1);
  struct Kind {
    const char *name, *about;
    std::string_view notes;
  };
  constexpr std::array<Kind, 5> kKinds = {{
      {"catalogers", "package formats, and the files they are read from", kCatalogersNotes},
      {"feeds", "formats of advisories", kFeedsNotes},
      {"sources", "kinds of images", kSourcesNotes},
      {"schemes", "version orders", kSchemesNotes},
      {"formats", "output formats", kFormatsNotes},
  }};
  for (const auto& [kind, about, notes] : kKinds) {
    command(*list, kind, about, notes)->callback([&raw, kind] {
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
  struct Action {
    const char *name, *about;
    std::string_view notes;
  };
  constexpr std::array<Action, 3> kActions = {{
      {"status", "where it is, how much is in it", kCacheStatusNotes},
      {"clear", "remove all of it", kCacheClearNotes},
      {"prune", "remove what was used longest ago, until the rest has at most --size bytes",
       kCachePruneNotes},
  }};
  for (const auto& [action, about, notes] : kActions) {
    CLI::App* one = command(*cache, action, about, notes);
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
  // help() of the whole would be that of the command on the line: of this one.
  const std::string text =
      at == &app ? app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal)
                 : at->help(above);
  return fitted(text, help_width());
}

// What variables and the config file say that a scan would not take; empty: nothing.
std::string wrong_for_a_scan() {
  const Result<Options> scan = parse_options({"scan", "image"});
  return scan ? "" : std::string(cut(scan.error().message, '\n').first);
}

// What an option is usually set to; nothing where that is too much to say.
std::vector<std::string> values_of(const std::string& name, const std::string& value) {
  using Values = std::vector<std::string>;
  static const std::map<std::string, Values> kUsual = {
      {"--fail-on", {"critical", "high", "medium", "low"}},
      {"--severity", {"critical", "high", "medium", "low", "negligible", "unknown"}},
      {"--ignore-status",
       {"affected", "fixed", "wont_fix", "deferred", "end_of_life", "under_investigation"}},
      {"--pkg-types", {"os", "os,library"}},
      {"--verify", {"blobs", "full"}},
      {"SHELL", {"bash", "zsh", "fish"}}};
  if (const auto usual = kUsual.find(name); usual != kUsual.end()) return usual->second;
  Values all;
  if (value.contains('|')) {
    for (const std::string_view one : split(value, '|')) all.emplace_back(one);
  }
  return all;
}

Grammar grammar_of(const CLI::App& app, const Raw& raw) {
  Grammar grammar{.name = app.get_name(), .about = app.get_description(), .notes = app.get_footer()};
  const auto of_one_line = [](const std::string& text) {
    std::istringstream words(text);
    std::string line;
    for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
    return line;
  };
  for (const CLI::Option* one : app.get_options()) {
    Grammar::Option option;
    for (const std::string& name : one->get_snames()) option.names.push_back("-" + name);
    for (const std::string& name : one->get_lnames()) option.names.push_back("--" + name);
    const bool argument = option.names.empty();
    if (argument) option.names.push_back(one->get_name());
    if (!argument && one->get_items_expected_max() > 0) option.value = one->get_type_name();
    option.about = of_one_line(one->get_description());
    const auto known = raw.values.find(one);
    option.values = known == raw.values.end() ? values_of(option.names.back(), option.value) : known->second;
    (argument ? grammar.arguments : grammar.options).push_back(std::move(option));
  }
  for (const CLI::App* one : app.get_subcommands({})) grammar.commands.push_back(grammar_of(*one, raw));
  return grammar;
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

// "--sort risc: want ..." of a variable begins with its name.
std::string with_origin(const std::string& message, const Raw& raw) {
  const auto origin = raw.origins.find(message.substr(0, message.find_first_of(" :")));
  return origin == raw.origins.end() ? message : origin->second + ": " + message;
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
  add_plan(app, raw);
  add_inventory(app, raw);
  add_convert(app, raw);
  add_diff(app, raw);
  add_explain(app, raw);
  add_policy(app, raw);
  add_databases(app, raw);
  add_list(app, raw);
  add_versions(app, raw);
  add_cache(app, raw);
  CLI::App* doctor =
      command(app, "doctor", "what peekr finds on this machine, and what is in its way", kDoctorNotes);
  add_db(*doctor, raw);
  doctor->callback([&raw] { raw.options.command = Command::doctor; });
  std::vector<std::string> config_names, help_names;
  CLI::App* config = command(
      app, "config", "the options that are set elsewhere than on the command line, and where", kConfigNotes);
  bool schema = false;
  config->add_flag("--schema", schema, "the JSON schema of the config file")->configurable(false);
  config->add_option("COMMAND", config_names, "only of this one, such as: scan, db build")->type_name("");
  CLI::App* help = command(app, "help", "this text, or that of a command", "");
  help->add_option("COMMAND", help_names, "such as: scan, db build")->type_name("");
  bool man = false;
  help->add_flag("--man", man,
                 "as a page for man(1): peekr help scan --man | man -l -; without a command all of them")
      ->configurable(false);
  std::string shell;
  CLI::App* completion =
      command(app, "completion", "a script that completes peekr's command lines", kCompletionNotes);
  completion->add_option("SHELL", shell, "bash, zsh or fish")->required()->type_name("");
  CLI::App* version = command(app, "version", "the version of peekr", "");
  app.require_subcommand(1);
  if (const std::string wrong = unknown_command(app, arguments); !wrong.empty())
    return fail(Errc::usage, wrong);
  try {
    std::vector<std::string> reversed = with_default_values(arguments);
    std::ranges::reverse(reversed);
    app.parse(std::move(reversed));
  } catch (const CLI::CallForVersion&) {
    raw.options.text = "peekr " PEEKR_VERSION "\n";
    return std::move(raw.options);
  } catch (const CLI::CallForHelp&) {
    raw.options.text = fitted(app.help(), help_width());
    return std::move(raw.options);
  } catch (const CLI::ParseError& error) {
    return fail(Errc::usage, wrong_line(app, error));
  }
  if (version->parsed()) raw.options.text = "peekr " PEEKR_VERSION "\n";
  if (help->parsed()) raw.options.text = TRY(help_of(app, help_names));
  if (help->parsed() && man) raw.options.text = man_page(grammar_of(app, raw), help_names, PEEKR_VERSION);
  if (completion->parsed()) raw.options.text = TRY(completion_script(grammar_of(app, raw), shell));
  if (config->parsed())
    raw.options.text = schema ? config_schema(app) : TRY(config_text(app, join(config_names, " ")));
  if (!own_variables().empty()) raw.options.variables = option_variables(app);
  if (raw.options.command == Command::scan) raw.options.plan_line = plan_line(app);
  const Status given = give_what_is_not_on_the_line(app, raw);
  if (!given && !doctor->parsed()) return fail(given.error());
  if (!given) raw.options.bad_config = given.error().message;
  if (given && doctor->parsed()) raw.options.bad_config = wrong_for_a_scan();
  const Status checked = check(raw);
  if (!checked)
    return fail(Errc::usage, with_origin(checked.error().message, raw) +
                                 "\nwhat it can do: " + command_words(app) + " --help");
  return std::move(raw.options);
}

}  // namespace peekr

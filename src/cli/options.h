// SPDX-License-Identifier: Apache-2.0
// Options: a command line, understood. The only files that know the parser of command lines (CLI11, which is
// heavy) are options.cc, options_image.cc and given.cc; docs/cli.md says the same for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "report/reporter.h"
#include "scan/scan.h"

namespace peekr {

enum class Command {
  print,
  scan,
  plan,
  inventory,
  convert,
  diff,
  explain,
  policy_check,
  policy_explain,
  db_build,
  db_update,
  db_status,
  db_search,
  db_list,
  db_diff,
  db_add,
  db_verify,
  db_gc,
  db_export,
  db_import,
  db_keygen,
  list,
  versions,
  cache,
  doctor
};

struct Options {
  Command command = Command::print;
  std::string text;  // print: help or version
  std::vector<std::string>
      variables;           // those that set options; not filled where the environment has none of peekr's
  std::string plan_line;   // scan: the same question to peekr plan, for a shell
  std::string bad_config;  // doctor: what is wrong with the environment or the config file; empty: nothing
  Request request;         // scan, inventory
  std::string db;          // directory of the database; empty: the default
  std::string format = "table";  // of what goes to `output`; empty: nothing does
  std::string output;            // file; empty: standard output
  struct File {
    std::string format, path;
  };
  std::vector<File> files_too;               // --format FORMAT=FILE
  std::string template_file, template_text;  // of the format template
  std::vector<std::string> from;             // db build, db add
  std::vector<std::string> feeds;            // db update
  std::string mirror, ca_file;               // db update, scan
  std::string only_for;
  std::optional<std::int64_t> max_db_age;  // scan: seconds
  bool accept_shrink = false, offline = false;
  std::string id, package, ecosystem;  // db search; ecosystem: db list, too
  std::string source;                  // db list
  std::string as_of;                   // scan, db search, list, status: RFC 3339; empty: the newest
  std::string before, after = "now";   // db diff: directories, days or times; diff: reports or targets
  std::uint64_t keep = 90;             // db gc: days of history
  std::string file, key_file;          // db export, import, keygen; file: convert and policy, too
  std::string report;                  // policy explain
  std::vector<std::string> trusted;    // db import: files of public keys
  bool insecure_unsigned = false, replace = false;
  std::optional<Sort> sort;               // scan: of findings
  std::string dockerfile = "Dockerfile";  // plan: what the patch is of
  std::string target_stage;               // and of which stage of it; empty: the last one
  std::string rows;                       // list: "catalogers", "feeds", ...
  std::string token_file;                 // --registry-token
  bool password_stdin = false, no_cache = false;
  std::optional<std::uint64_t> cache_size;  // bytes; cache prune, else $PEEKR_CACHE_SIZE
  std::uint64_t max_memory = 0;             // bytes; 0: the usual (base/memory.h)
  std::string action;                       // cache: "status", "clear", "prune"
  bool files = false, show_suppressed = false, verbose = false, split = false, timing = false, quiet = false,
       no_color = false, from_stdin = false;
};

// Errc::usage names the option or argument; its second line says which help to read.
Result<Options> parse_options(const std::vector<std::string>& arguments);

}  // namespace peekr

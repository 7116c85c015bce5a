// SPDX-License-Identifier: Apache-2.0
// The commands: one file each. What they return is the exit code (docs/exit-codes.md); an error is exit
// code 1.
#pragma once

#include "cli/options.h"

namespace peekr {

Result<int> scan_command(const Options& options);
Result<int> plan_command(const Options& options);
Result<int> inventory_command(const Options& options);
Result<int> convert_command(const Options& options);
Result<int> diff_command(const Options& options);
Result<int> explain_command(const Options& options);
Result<int> policy_check_command(const Options& options);
Result<int> policy_explain_command(const Options& options);
Result<int> db_build_command(const Options& options);
Result<int> db_update_command(const Options& options);
Result<int> db_status_command(const Options& options);
Result<int> db_search_command(const Options& options);
Result<int> db_list_command(const Options& options);
Result<int> db_diff_command(const Options& options);
Result<int> db_gc_command(const Options& options);
Result<int> db_export_command(const Options& options);
Result<int> db_import_command(const Options& options);
Result<int> db_keygen_command(const Options& options);
Result<int> db_add_command(const Options& options);
Result<int> db_verify_command(const Options& options);
Result<int> list_command(const Options& options);
Result<int> versions_command(const Options& options);
Result<int> cache_command(const Options& options);
Result<int> doctor_command(const Options& options);

// Where the database is: --db, $PEEKR_DB, $XDG_CACHE_HOME/peekr/db or ~/.cache/peekr/db.
std::string database_directory(const Options& options);
// The database of --db, $PEEKR_DB, $XDG_CACHE_HOME/peekr/db or ~/.cache/peekr/db. Where there is none, the
// error says what to type.
Result<Db> open_database(const Options& options);
// The ecosystem that is meant: one that the database has, or what packages are looked up by: "Debian:12" of "debian:bookworm".
Result<std::string> meant_ecosystem(const Db& db, const std::string& typed);
// What fetches into it: these feeds; empty: what is due.
std::string update_line(const Options& options, std::string_view feeds);
// What to type where there is none; two lines or more.
std::string how_to_get_one(const Options& options);
// What it holds, from where and how old that is. now: RFC 3339.
std::string database_text(const DbInfo& db, const std::string& now);
// "not taken in (3): ..."; empty for no notes.
std::string not_taken_in(const std::vector<Note>& notes);

}  // namespace peekr

// SPDX-License-Identifier: Apache-2.0
// peekr: finds known vulnerabilities in container images. A command line in, a command, an exit code out;
// whatever could not be done is one message on standard error and exit code 1.
#include <malloc.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <system_error>

#include "base/memory.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/reports.h"
#include "cli/variables.h"

// jemalloc reads this: what it gives back it unmaps, or it would count as held for good (base/memory.h).
extern "C" const char* malloc_conf;
const char* malloc_conf = "retain:false";

namespace peekr {
namespace {

Result<int> run(const Options& options) {
  switch (options.command) {
    case Command::print: TRY(write_output(options, options.text)); return 0;
    case Command::scan: return scan_command(options);
    case Command::plan: return plan_command(options);
    case Command::inventory: return inventory_command(options);
    case Command::convert: return convert_command(options);
    case Command::diff: return diff_command(options);
    case Command::explain: return explain_command(options);
    case Command::policy_check: return policy_check_command(options);
    case Command::policy_explain: return policy_explain_command(options);
    case Command::db_build: return db_build_command(options);
    case Command::db_update: return db_update_command(options);
    case Command::db_status: return db_status_command(options);
    case Command::db_search: return db_search_command(options);
    case Command::db_list: return db_list_command(options);
    case Command::db_diff: return db_diff_command(options);
    case Command::db_gc: return db_gc_command(options);
    case Command::db_export: return db_export_command(options);
    case Command::db_import: return db_import_command(options);
    case Command::db_keygen: return db_keygen_command(options);
    case Command::db_add: return db_add_command(options);
    case Command::db_verify: return db_verify_command(options);
    case Command::list: return list_command(options);
    case Command::versions: return versions_command(options);
    case Command::cache: return cache_command(options);
    case Command::doctor: return doctor_command(options);
  }
  return 1;
}

// The commands that --max-memory is an option of.
bool reads_images(Command command) {
  return command == Command::scan || command == Command::plan || command == Command::inventory ||
         command == Command::diff || command == Command::explain;
}

Result<int> run(int argc, char** argv) {
  Options options = TRY(parse_options({argv + 1, argv + argc}));
  TRY(load_template(options));
  if (options.max_memory > 0) {
    TRY(within("--max-memory", bound_memory(options.max_memory)));
  } else if (reads_images(options.command)) {
    static_cast<void>(bound_memory(kUsualMemory));  // not with sanitizers, which have more from the beginning
  }
  if (options.command != Command::print && options.command != Command::doctor) {  // which has a line for each
    for (const std::string& line : misspelt_variables(options.variables)) tell(options, line);
  }
  return run(options);
}

// Names of files and what publishers say may be in it: nothing of that moves the cursor.
int could_not(std::string_view message) {
  std::string text;
  for (std::string_view rest = message; !rest.empty();) text += printable(next_line(rest)) + "\n";
  std::fprintf(stderr, "peekr: %s", text.c_str());
  return 1;
}

}  // namespace
}  // namespace peekr

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);         // a reader that went away is an error of write(2)
  std::signal(SIGXFSZ, SIG_IGN);         // so is a file that becomes larger than it may
  ::mallopt(M_MMAP_THRESHOLD, 4 << 20);  // fixed: large buffers go back to the system when they are freed
  std::set_new_handler(peekr::out_of_memory);
  try {
    const peekr::Result<int> code = peekr::run(argc < 1 ? 0 : argc, argv);
    return code ? *code : peekr::could_not(code.error().message);
  } catch (const std::system_error& error) {
    // Of a thread: there is no room for its stack; or the system lets nobody have more of them.
    const bool no_thread = error.code() == std::errc::resource_unavailable_try_again;
    if (no_thread && peekr::memory_is_bound()) peekr::out_of_memory();
    return peekr::could_not(error.what());
  } catch (const std::exception& error) {
    return peekr::could_not(error.what());
  }
}
